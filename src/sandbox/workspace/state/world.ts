import { createIds, createTimestamps, slackId } from '../ids.ts';
import type { FilledSeed } from '../seed.ts';
import type { Happening } from './happening.ts';
import type {
  AppIdentity,
  Channel,
  Ephemeral,
  InputValues,
  Notification,
  OpenView,
  Person,
  StoredFile,
  Usergroup,
} from './model.ts';

/** Everything there is in a workspace, in memory. Changed only by the functions of this folder and by the Web API. */
export interface World {
  readonly team: { readonly id: string; readonly name: string; readonly domain: string };
  readonly app: AppIdentity;
  readonly usergroupsEditableByEveryone: boolean;
  readonly people: Map<string, Person>;
  readonly usergroups: Map<string, Usergroup>;
  readonly channels: Map<string, Channel>;
  readonly files: Map<string, StoredFile>;
  readonly ephemerals: Ephemeral[];
  readonly notifications: Notification[];
  /** Modal stack of each person, bottom first; no entry or an empty one when nothing is open. */
  readonly modals: Map<string, OpenView[]>;
  /** Home tab of each person; no entry until one was published. */
  readonly homes: Map<string, OpenView>;
  /** What a person has chosen in a message's inputs, by person, channel id and `ts`; no entry until something was chosen. */
  readonly messageInputs: Map<string, InputValues>;
  /** Latest `ts` each person has seen, by person and channel id. */
  readonly reads: Map<string, Map<string, string>>;
  /** Milliseconds since 1970. */
  now(): number;
  nextTs(): string;
  nextId(prefix: string): string;
  tell(happening: Happening): void;
  /** Calls `listener` for everything that takes place from now on; the answer ends it. */
  listen(listener: (happening: Happening) => void): () => void;
}

/** Builds the world a seed describes. `appName` is the bot's display name. */
export function createWorld(seed: FilledSeed, options: { appName: string; now: () => number }): World {
  const listeners = new Set<(happening: Happening) => void>();
  const team = { ...seed.team, id: seed.team.id ?? slackId('T', seed.team.domain) };
  const app = identify(options.appName);
  const people = new Map(
    [botPerson(app, team.id), ...seed.people.map((person) => seedPerson(person, team.id))].map((p) => [
      p.id,
      p,
    ]),
  );
  const idOf = new Map([...people.values()].map(({ name, id }) => [name, id]));
  const ids = (names: readonly string[]) => names.flatMap((name) => idOf.get(name) ?? []);
  return {
    team,
    app,
    usergroupsEditableByEveryone: seed.usergroupsEditableByEveryone,
    people,
    usergroups: new Map(seed.usergroups.map((g) => seedUsergroup(g, ids)).map((g) => [g.id, g])),
    channels: new Map(
      seed.channels
        .map((c) => seedChannel(c, { ids, people, app, nowMs: options.now() }))
        .map((c) => [c.id, c]),
    ),
    files: new Map(),
    ephemerals: [],
    notifications: [],
    modals: new Map(),
    homes: new Map(),
    messageInputs: new Map(),
    reads: new Map(),
    now: options.now,
    nextTs: createTimestamps(options.now),
    nextId: createIds(),
    tell: (happening) => {
      for (const listener of [...listeners]) listener(happening);
    },
    listen: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}

function identify(name: string): AppIdentity {
  return {
    appId: slackId('A', name),
    botId: slackId('B', name),
    botUserId: slackId('U', `bot ${name}`),
    name,
  };
}

function botPerson(app: AppIdentity, teamId: string): Person {
  const name = app.name.toLowerCase().replace(/[^a-z0-9]+/g, '');
  return {
    id: app.botUserId,
    name,
    realName: app.name,
    kind: 'bot',
    teamId,
    role: 'App',
    isAdmin: false,
    timeZone: 'Etc/UTC',
  };
}

function seedPerson(person: FilledSeed['people'][number], teamId: string): Person {
  const { id, realName, ...rest } = person;
  return {
    ...rest,
    id: id ?? slackId('U', person.name),
    realName: realName ?? person.name.charAt(0).toUpperCase() + person.name.slice(1),
    teamId: person.kind === 'external' ? slackId('T', 'another company') : teamId,
  };
}

function seedUsergroup(
  group: FilledSeed['usergroups'][number],
  ids: (names: readonly string[]) => string[],
): Usergroup {
  return {
    id: group.id ?? slackId('S', group.handle),
    handle: group.handle,
    name: group.name ?? group.handle,
    members: ids(group.members),
    isDisabled: group.isDisabled,
  };
}

interface ChannelSurroundings {
  readonly ids: (names: readonly string[]) => string[];
  readonly people: ReadonlyMap<string, Person>;
  readonly app: AppIdentity;
  readonly nowMs: number;
}

function seedChannel(channel: FilledSeed['channels'][number], around: ChannelSurroundings): Channel {
  const everyone = [...around.people.values()].filter(({ kind }) => kind === 'member').map(({ id }) => id);
  const members = channel.members === undefined ? everyone : around.ids(channel.members);
  return {
    id: channel.id ?? slackId('C', channel.name),
    name: channel.name,
    kind: channel.isPrivate ? 'private' : 'public',
    isGeneral: channel.isGeneral,
    isArchived: channel.isArchived,
    creatorId: members[0] ?? around.app.botUserId,
    createdSeconds: Math.floor(around.nowMs / 1000),
    topic: channel.topic,
    purpose: channel.purpose,
    members: new Set(channel.hasBot ? [...members, around.app.botUserId] : members),
    messages: [],
    bookmarks: [],
    pins: [],
  };
}
