import type { PersonId } from '../domain/ids.ts';

/** A person as the chat workspace and the configuration know them now. */
export type Person =
  | {
      kind: 'member';
      id: PersonId;
      name: string;
      /** Roles of `signalbox.yaml` this person has, directly or by usergroup. */
      roles: ReadonlySet<string>;
      email?: string;
    }
  /** A guest, a bot, a person of another organisation, a deactivated account: may do nothing. */
  | { kind: 'outsider'; id: PersonId; name: string; why: 'guest' | 'bot' | 'stranger' | 'deactivated' }
  /** Usergroups could not be read recently enough to trust them for this. */
  | { kind: 'unknown'; id: PersonId; why: string };

/** Who people are. Looked up again when work is done, not only when it is clicked. */
export interface Directory {
  /** `freshMs`: how old a usergroup's membership may be. Throws `UnavailableError` when nothing is known and Slack is away. */
  person(id: PersonId, options: { freshMs: number }): Promise<Person>;
  /** Members of a role, for mentions and for "who can help". */
  members(role: string): Promise<PersonId[]>;
  /** The person with this e-mail address; absent when nobody has it. */
  byEmail(email: string): Promise<PersonId | undefined>;
  /** Whose login at the forge this is, as the configuration vouches for; absent when nobody has it. */
  byLogin(login: string): Promise<PersonId | undefined>;
  /** A display name that needs no network; the id's last part when unknown. */
  nameOf(id: string): string;
}
