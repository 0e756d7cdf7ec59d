import type { PersonId } from '../domain/ids.ts';
import type { Told } from '../domain/told.ts';

/** Who asked for an answer that is to be fetched. */
export interface Ticket {
  person: PersonId;
  /** Hash of what was asked: the same identity with another hash is another request. */
  asked: string;
}

/** Answers that wait to be fetched by whoever asked, for a day and more. Methods throw `UnavailableError`. */
export interface Answers {
  /** Notes who asks under an identity. The first note stays; gives the one that stands. */
  expect(id: string, ticket: Ticket): Promise<Ticket>;
  /** Absent when nobody asked under this identity, or too long ago. */
  ticket(id: string): Promise<Ticket | undefined>;
  /** Putting the same answer twice does no harm. */
  put(id: string, told: Told): Promise<void>;
  /** Absent as long as there is none. */
  get(id: string): Promise<Told | undefined>;
}
