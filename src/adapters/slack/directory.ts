import type { WebClient } from '@slack/web-api';
import { z } from 'zod';
import type { PersonId } from '../../domain/ids.ts';
import type { Directory, Person } from '../../ports/directory.ts';
import { attempt, faultError } from './api-fault.ts';
import type { DirectoryParts } from './directory-parts.ts';
import { createGroups } from './groups.ts';
import { Remembered } from './remembered.ts';
import { personOf, userOf } from './user-of.ts';

const UserInfo = z.looseObject({
  user: z.looseObject({
    id: z.string(),
    team_id: z.string().optional(),
    name: z.string().default(''),
    real_name: z.string().optional(),
    deleted: z.boolean().default(false),
    is_bot: z.boolean().default(false),
    is_workflow_bot: z.boolean().default(false),
    is_restricted: z.boolean().default(false),
    is_ultra_restricted: z.boolean().default(false),
    is_stranger: z.boolean().default(false),
    profile: z
      .looseObject({
        display_name: z.string().default(''),
        real_name: z.string().default(''),
        email: z.string().optional(),
      })
      .default({ display_name: '', real_name: '' }),
  }),
});
type User = z.infer<typeof UserInfo>['user'];

const Found = z.looseObject({ user: z.looseObject({ id: z.string() }) });

/** Long enough for a page of mentions, short enough for somebody who was let go a minute ago. */
const USER_FRESH_MS = 60_000;

/**
 * Addresses seldom change hands, and a release may have a hundred authors: the method is limited to about fifty calls a minute.
 * Source: https://docs.slack.dev/reference/methods/users.lookupByEmail (tier 3)
 */
const EMAIL_FRESH_MS = 600_000;

/**
 * People as Slack and `signalbox.yaml` know them. A person is their ids and nothing else; guests, bots, people of other companies
 * and deactivated accounts may do nothing; a usergroup that could not be read lately counts for nothing.
 */
export function createDirectory(parts: DirectoryParts): Directory {
  const { client, teamId, roles, emails, logins } = parts;
  const users = new Remembered<User | undefined>(parts.clock, (user) => readUser(client, user));
  const found = new Remembered<string | undefined>(parts.clock, (email) => lookUp(client, email));
  const groups = createGroups(parts);
  return {
    async person(id, { freshMs }) {
      const user = await users.get(userOf(id), { freshMs: USER_FRESH_MS, orOlder: true });
      if (!user) return { kind: 'outsider', id, name: userOf(id), why: 'stranger' };
      const why = outsideBecause(user, { id, team: await teamId() });
      const name = displayName(user);
      if (why) return { kind: 'outsider', id, name, why };
      const direct = [...roles].filter(([, { people }]) => people.includes(user.id)).map(([role]) => role);
      const grouped = await groups.rolesOf(user.id, { freshMs });
      // Usergroups that cannot be read give nobody a role, and take none from those who have it by name.
      if (grouped.kind === 'unknown' && direct.length === 0) return { kind: 'unknown', id, why: grouped.why };
      const inherited = grouped.kind === 'known' ? grouped.roles : [];
      return member(user, { id, name, roles: new Set([...direct, ...inherited]) });
    },

    async members(role) {
      const { people = [], usergroups = [] } = roles.get(role) ?? {};
      const team = await teamId();
      const inGroups = await Promise.all(usergroups.map((group) => groups.members(group)));
      return [...new Set([...people, ...inGroups.flat()])].map((user) => personOf(team, user));
    },

    async byEmail(email) {
      const known = emails.get(email.toLowerCase());
      const user =
        known ?? (await found.get(email.toLowerCase(), { freshMs: EMAIL_FRESH_MS, orOlder: true }));
      return user === undefined ? undefined : personOf(await teamId(), user);
    },

    async byLogin(login) {
      const user = logins?.get(login.toLowerCase());
      return user === undefined ? undefined : personOf(await teamId(), user);
    },

    nameOf(id) {
      const last = id.slice(id.lastIndexOf(':') + 1);
      const user = users.peek(last);
      return user ? displayName(user) : last;
    },
  };
}

/** Absent: nobody our workspace knows. */
async function readUser(client: WebClient, user: string): Promise<User | undefined> {
  const done = await attempt(() => client.apiCall('users.info', { user }));
  if (done.kind === 'ok') return UserInfo.parse(done.value).user;
  if (done.kind === 'refused' && ['user_not_found', 'user_not_visible'].includes(done.code)) return undefined;
  throw faultError(done, 'looking up a person');
}

async function lookUp(client: WebClient, email: string): Promise<string | undefined> {
  const done = await attempt(() => client.apiCall('users.lookupByEmail', { email }));
  if (done.kind === 'ok') return Found.parse(done.value).user.id;
  if (done.kind === 'refused' && done.code === 'users_not_found') return undefined;
  throw faultError(done, 'looking up a person by e-mail address');
}

function outsideBecause(
  user: User,
  asked: { id: PersonId; team: string },
): Extract<Person, { kind: 'outsider' }>['why'] | undefined {
  if (user.deleted) return 'deactivated';
  if (user.is_bot || user.is_workflow_bot || user.id === 'USLACKBOT') return 'bot';
  // The id says which workspace it came from: a person of another one is none of ours, whatever the id's last part.
  if (user.is_stranger || user.team_id !== asked.team || asked.id !== personOf(asked.team, user.id))
    return 'stranger';
  return user.is_restricted || user.is_ultra_restricted ? 'guest' : undefined;
}

function member(user: User, known: { id: PersonId; name: string; roles: ReadonlySet<string> }): Person {
  const { email } = user.profile;
  return { kind: 'member', ...known, ...(email === undefined ? {} : { email }) };
}

function displayName({ profile, real_name, name, id }: User): string {
  return profile.display_name || profile.real_name || real_name || name || id;
}
