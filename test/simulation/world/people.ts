import type { PersonId } from '../../../src/domain/ids.ts';
import type { MemoryPeople, MemoryPerson } from '../ports/memory-directory.ts';

function id(name: string): PersonId {
  return `slack:T1:U${name.toUpperCase()}`;
}

/** Everybody a simulation knows, and what they may do. */
export interface Somebody extends MemoryPerson {
  roles: readonly string[];
}

/** Enough people for two approvals that are not the maker's, and some who may do nothing. */
export const PEOPLE: readonly Somebody[] = [
  { id: id('ana'), name: 'Ana', email: 'ana@shop.test', roles: ['managers'] },
  { id: id('ben'), name: 'Ben', email: 'ben@shop.test', roles: ['managers'] },
  { id: id('cara'), name: 'Cara', email: 'cara@shop.test', roles: ['managers', 'owners-b'] },
  { id: id('olu'), name: 'Olu', email: 'olu@shop.test', roles: ['owners-a', 'developers'] },
  { id: id('pia'), name: 'Pia', email: 'pia@shop.test', roles: ['owners-a', 'owners-b', 'developers'] },
  { id: id('cleo'), name: 'Cleo', email: 'cleo@shop.test', roles: ['on-call'] },
  { id: id('dev'), name: 'Dev', email: 'dev@shop.test', roles: ['developers'] },
  { id: id('nell'), name: 'Nell', email: 'nell@shop.test', roles: [] },
  { id: id('gus'), name: 'Gus', email: 'gus@elsewhere.test', roles: [], outside: 'guest' },
];

export const ROLES = ['managers', 'owners-a', 'owners-b', 'on-call', 'developers'] as const;

/** Puts everybody into the workspace; managers and developers have their role by usergroup. */
export function populate(workspace: MemoryPeople): void {
  for (const { roles: _, ...person } of PEOPLE) workspace.people.set(person.id, person);
  for (const role of ROLES) {
    const holders = PEOPLE.filter(({ roles }) => roles.includes(role)).map((person) => person.id);
    const isGroup = role === 'managers' || role === 'developers';
    workspace.roles.set(
      role,
      isGroup ? { people: [], usergroups: [role] } : { people: holders, usergroups: [] },
    );
    if (isGroup) workspace.usergroups.set(role, holders);
  }
}

/** The roles of a person of the simulation; empty for a stranger, a guest and whoever has none. */
export function rolesOf(person: string): ReadonlySet<string> {
  const found = PEOPLE.find((one) => one.id === person && one.outside === undefined);
  return new Set(found?.roles);
}

/** Whether the program may act for this person at all. */
export function isMember(person: string): boolean {
  return PEOPLE.some((one) => one.id === person && one.outside === undefined);
}

/** Members with any of these roles. */
export function holdersOf(roles: readonly string[]): PersonId[] {
  return PEOPLE.filter((one) => !one.outside && one.roles.some((role) => roles.includes(role))).map(
    (one) => one.id,
  );
}
