import type { PersonId } from '../../../src/domain/ids.ts';
import { UnavailableError } from '../../../src/errors.ts';
import type { Clock } from '../../../src/ports/clock.ts';
import type { Directory, Person } from '../../../src/ports/directory.ts';

/** Somebody of the workspace. `outside`: why they are no member; absent for members. */
export interface MemoryPerson {
  id: PersonId;
  name: string;
  email?: string;
  /** At the forge, in lower case. */
  login?: string;
  outside?: Extract<Person, { kind: 'outsider' }>['why'];
}

/** Who there is; whoever drives it changes it. */
export interface MemoryPeople {
  people: Map<PersonId, MemoryPerson>;
  /** Roles by name: who has them by name, and which usergroups give them. */
  roles: Map<string, { people: PersonId[]; usergroups: string[] }>;
  usergroups: Map<string, PersonId[]>;
  /** While true, nothing can be read. */
  isAway: boolean;
}

/** How often the real adapter asks anew. */
const ASK_EVERY_MS = 60_000;

/** The in-memory twin of the directory, with the same memory of what it read and when. */
export function createMemoryDirectory({ clock }: { clock: Clock }): {
  directory: Directory;
  workspace: MemoryPeople;
} {
  const workspace: MemoryPeople = {
    people: new Map(),
    roles: new Map(),
    usergroups: new Map(),
    isAway: false,
  };
  return { workspace, directory: new MemoryDirectory(workspace, clock) };
}

class MemoryDirectory implements Directory {
  readonly #workspace: MemoryPeople;
  readonly #clock: Clock;
  readonly #met = new Map<string, MemoryPerson | undefined>();
  readonly #read = new Map<string, { members: PersonId[]; at: number }>();

  constructor(workspace: MemoryPeople, clock: Clock) {
    this.#workspace = workspace;
    this.#clock = clock;
  }

  async person(id: PersonId, { freshMs }: { freshMs: number }): Promise<Person> {
    const person = this.#meet(id);
    if (!person) return { kind: 'outsider', id, name: lastPart(id), why: 'stranger' };
    const { name, email, outside } = person;
    if (outside) return { kind: 'outsider', id, name, why: outside };
    const roles = [...this.#workspace.roles];
    const direct = roles.filter(([, { people }]) => people.includes(id)).map(([role]) => role);
    const ids = roles.flatMap(([, { usergroups }]) => usergroups);
    const groups = new Map(ids.map((group) => [group, this.#membersOf(group, freshMs)]));
    const unread = [...groups].find(([, members]) => members === undefined);
    if (unread && direct.length === 0) return { kind: 'unknown', id, why: `${unread[0]} could not be read` };
    const has = (usergroups: string[]) =>
      !unread && usergroups.some((group) => groups.get(group)?.includes(id));
    const inherited = roles.filter(([, { usergroups }]) => has(usergroups)).map(([role]) => role);
    const all = new Set([...direct, ...inherited]);
    return { kind: 'member', id, name, roles: all, ...(email === undefined ? {} : { email }) };
  }

  async members(role: string): Promise<PersonId[]> {
    const { people = [], usergroups = [] } = this.#workspace.roles.get(role) ?? {};
    const grouped = usergroups.flatMap((group) => this.#membersOf(group, Number.POSITIVE_INFINITY) ?? []);
    return [...new Set([...people, ...grouped])];
  }

  async byEmail(email: string): Promise<PersonId | undefined> {
    return [...this.#workspace.people.values()].find((person) => person.email === email.toLowerCase())?.id;
  }

  async byLogin(login: string): Promise<PersonId | undefined> {
    return [...this.#workspace.people.values()].find((person) => person.login === login.toLowerCase())?.id;
  }

  nameOf(id: string): string {
    return this.#met.get(id)?.name ?? lastPart(id);
  }

  #meet(id: PersonId): MemoryPerson | undefined {
    if (!this.#workspace.isAway) this.#met.set(id, this.#workspace.people.get(id));
    else if (!this.#met.has(id)) throw new UnavailableError('looking up a person: the workspace is away');
    return this.#met.get(id);
  }

  #membersOf(group: string, freshMs: number): PersonId[] | undefined {
    const known = this.#read.get(group);
    const age = known ? this.#clock.now() - known.at : Number.POSITIVE_INFINITY;
    if (known && age <= Math.min(freshMs, ASK_EVERY_MS)) return known.members;
    if (this.#workspace.isAway) return age <= freshMs ? known?.members : undefined;
    const members = [...(this.#workspace.usergroups.get(group) ?? [])];
    this.#read.set(group, { members, at: this.#clock.now() });
    return members;
  }
}

function lastPart(id: string): string {
  return id.slice(id.lastIndexOf(':') + 1);
}
