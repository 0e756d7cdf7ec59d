import type { PersonId } from '../../domain/ids.ts';

/** Slack's id of a person: the last part of `slack:<team>:<user>`. */
export function userOf(person: PersonId): string {
  return person.slice(person.lastIndexOf(':') + 1);
}

/** A person by Slack's ids, the only way one is made: names can be changed by whoever bears them. */
export function personOf(team: string, user: string): PersonId {
  return `slack:${team}:${user}`;
}
