import type { WebClient } from '@slack/web-api';
import { z } from 'zod';
import { attempt, demand, faultError } from './api-fault.ts';
import { readIdentity } from './identity.ts';
import { SCOPES } from './scopes.ts';

/** What a look at the Slack app's rights found. */
export interface ScopeReport {
  granted: readonly string[];
  /** Scopes we use and were not given, each with what does not work without. */
  missing: readonly { scope: string; why: string }[];
}

/** Compares what the token may do with what we use. Throws `UnavailableError`, also when Slack refuses the token. */
export async function checkScopes(client: WebClient): Promise<ScopeReport> {
  const { scopes: granted } = await readIdentity(client);
  const missing = SCOPES.filter(({ scope }) => !granted.includes(scope));
  return { granted, missing };
}

/** Whether a usergroup can be trusted with a role. */
export type GroupsWritable =
  /** Any app, so anybody, can put people into it: usergroups must give no rights here. */
  | { kind: 'writable' }
  | { kind: 'protected' }
  /** Its members cannot be read, so that nobody gets a role by it. */
  | { kind: 'unreadable'; why: string }
  | { kind: 'unknown'; why: string };

const Members = z.looseObject({ users: z.array(z.string()) });

/**
 * Tries to write a usergroup's members as they are. "A bot token can be used only if permissions are set to everyone"
 * (https://docs.slack.dev/reference/methods/usergroups.users.update): when that succeeds, everybody may edit groups.
 * The app is not given the scope for it, and then the setting cannot be found out this way.
 */
export async function probeGroupsWritable(client: WebClient, usergroup: string): Promise<GroupsWritable> {
  const present = await attempt(() => client.apiCall('usergroups.users.list', { usergroup }));
  if (present.kind !== 'ok')
    return { kind: 'unreadable', why: present.kind === 'refused' ? present.code : present.kind };
  const users = Members.parse(present.value).users.join(',');
  const done = await attempt(() => client.apiCall('usergroups.users.update', { usergroup, users }));
  if (done.kind === 'ok') return { kind: 'writable' };
  if (done.kind !== 'refused') return { kind: 'unknown', why: done.kind };
  if (done.code === 'permission_denied') return { kind: 'protected' };
  const why =
    done.code === 'missing_scope' ? 'the app has no scope to write them, as it should be' : done.code;
  return { kind: 'unknown', why };
}

/** The members of a usergroup, by Slack's ids. Throws `TerminalError` when Slack says no, `UnavailableError` when it says nothing. */
export async function readUsergroup(client: WebClient, usergroup: string): Promise<string[]> {
  const answer = await demand(`reading the usergroup ${usergroup}`, () =>
    client.apiCall('usergroups.users.list', { usergroup }),
  );
  return Members.parse(answer).users;
}

/** A channel as the bot sees it. */
export type ChannelSeen =
  | { kind: 'joined'; name: string }
  /** Nothing can be posted there. */
  | { kind: 'notJoined' | 'archived'; name: string }
  /** There is none, or it is private and the bot is not in it: Slack does not tell which. */
  | { kind: 'unseen' };

const Info = z.looseObject({
  channel: z.looseObject({
    name: z.string(),
    is_archived: z.boolean().default(false),
    is_member: z.boolean().default(false),
  }),
});

/** Looks whether releases can be shown in a channel. Throws `TerminalError` or `UnavailableError`. */
export async function lookAtChannel(client: WebClient, channel: string): Promise<ChannelSeen> {
  const seen = await attempt(() => client.apiCall('conversations.info', { channel }));
  if (seen.kind === 'refused' && seen.code === 'channel_not_found') return { kind: 'unseen' };
  if (seen.kind !== 'ok') throw faultError(seen, `looking at the channel ${channel}`);
  const { name, is_archived, is_member } = Info.parse(seen.value).channel;
  if (is_archived) return { kind: 'archived', name };
  return { kind: is_member ? 'joined' : 'notJoined', name };
}
