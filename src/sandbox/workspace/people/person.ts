import { canSee, findChannel } from '../state/channels.ts';
import type { Channel, Person } from '../state/model.ts';
import type { World } from '../state/world.ts';

/** Somebody who can act, by name or id. Throws for names nobody has, for bots and for people who left. */
export function actingPerson(world: World, nameOrId: string): Person {
  const person =
    world.people.get(nameOrId) ?? [...world.people.values()].find(({ name }) => name === nameOrId);
  if (person === undefined) throw new Error(`nobody is called ${nameOrId}`);
  if (person.kind === 'bot' || person.kind === 'deactivated') {
    throw new Error(`${person.name} is a ${person.kind} account and cannot act`);
  }
  return person;
}

/** A channel a person can see, by name or id. Throws when there is none, or the person cannot see it. */
export function channelOnScreen(world: World, person: Person, nameOrId: string): Channel {
  const channel = findChannel(world, nameOrId);
  if (channel === undefined || !canSee(world, channel, person.id)) {
    throw new Error(`${person.name} sees no channel ${nameOrId}`);
  }
  return channel;
}

/** Channels a person can see, members' own first, each kind by name. */
export function channelsOnScreen(world: World, person: Person): Channel[] {
  return [...world.channels.values()]
    .filter((channel) => canSee(world, channel, person.id))
    .sort((a, b) => a.name.localeCompare(b.name));
}

/** Where a person is when nothing else is said: of the channels the person is in, the first of the seed. Undefined when there is none. */
export function startingChannel(world: World, person: Person): Channel | undefined {
  return [...world.channels.values()].find(
    ({ kind, members, isArchived }) => kind !== 'im' && !isArchived && members.has(person.id),
  );
}
