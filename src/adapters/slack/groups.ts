import { z } from 'zod';
import { TerminalError, UnavailableError } from '../../errors.ts';
import { demand } from './api-fault.ts';
import type { DirectoryParts } from './directory-parts.ts';
import { Remembered } from './remembered.ts';

/** Who is in which usergroup, no older than asked for. */
export interface Groups {
  /** Roles a user has by usergroup; unknown when one that gives a role could not be read lately enough. */
  rolesOf(
    user: string,
    options: { freshMs: number },
  ): Promise<{ kind: 'known'; roles: string[] } | { kind: 'unknown'; why: string }>;
  /** Members as far as known; nobody when a group was never read. */
  members(group: string): Promise<readonly string[]>;
}

/** How often a usergroup is asked for at most: 20 calls a minute are allowed (Tier 2) for all of them together. */
const ASK_EVERY_MS = 60_000;

const Members = z.looseObject({ users: z.array(z.string()) });

/** Reads usergroups as they are asked for. */
export function createGroups({ client, roles, clock, logger }: DirectoryParts): Groups {
  const members = new Remembered(clock, async (usergroup) => {
    const answer = await demand(`reading the usergroup ${usergroup}`, () =>
      client.apiCall('usergroups.users.list', { usergroup }),
    );
    return Members.parse(answer).users;
  });
  const read = async (group: string, freshMs: number) => {
    try {
      // Somebody who may be a minute late is served from memory; somebody who may not, asks.
      return await members.get(group, {
        freshMs: Math.min(freshMs, ASK_EVERY_MS),
        orOlder: members.ageMs(group) <= freshMs,
      });
    } catch (error) {
      if (!(error instanceof UnavailableError || error instanceof TerminalError)) throw error;
      logger.warn({ err: error, group }, 'a usergroup could not be read');
      return undefined;
    }
  };
  return {
    async rolesOf(user, { freshMs }) {
      const grouped = [...roles].filter(([, { usergroups }]) => usergroups.length > 0);
      const groups = [...new Set(grouped.flatMap(([, { usergroups }]) => usergroups))];
      const known = new Map(
        await Promise.all(groups.map(async (group) => [group, await read(group, freshMs)] as const)),
      );
      const unread = groups.find((group) => known.get(group) === undefined);
      if (unread !== undefined)
        return { kind: 'unknown', why: `the usergroup ${unread} could not be read from Slack` };
      const has = ([, { usergroups }]: (typeof grouped)[number]) =>
        usergroups.some((group) => known.get(group)?.includes(user));
      return { kind: 'known', roles: grouped.filter(has).map(([role]) => role) };
    },
    members: async (group) => (await read(group, Number.POSITIVE_INFINITY)) ?? [],
  };
}
