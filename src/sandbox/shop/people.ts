import type { WorkspaceSeed } from '../workspace/seed.ts';

/** Somebody in the sandbox, with what they may do. */
export interface ShopPerson {
  name: string;
  id: string;
  realName: string;
  /** For the switch of persons on the page. */
  role: string;
  email: string;
  /** Roles of the configuration. */
  roles: readonly string[];
  kind?: 'guest';
}

/** The workspace. */
export const TEAM = 'T0SHOP00001';

/** Everybody whom a release needs, and a guest who may do nothing. */
export const PEOPLE: readonly ShopPerson[] = [
  {
    name: 'ana',
    id: 'U0ANA00001',
    realName: 'Ana Ferreira',
    role: 'release manager: cuts and promotes',
    email: 'ana@shop.test',
    roles: ['release-managers'],
  },
  {
    name: 'ben',
    id: 'U0BEN00001',
    realName: 'Ben Okafor',
    role: 'release manager: approves',
    email: 'ben@shop.test',
    roles: ['release-managers'],
  },
  {
    name: 'olu',
    id: 'U0OLU00001',
    realName: 'Olu Adeyemi',
    role: 'owns orders',
    email: 'olu@shop.test',
    roles: ['orders-owners', 'developers'],
  },
  {
    name: 'pia',
    id: 'U0PIA00001',
    realName: 'Pia Lindqvist',
    role: 'owns payments',
    email: 'pia@shop.test',
    roles: ['payments-owners', 'developers'],
  },
  {
    name: 'wei',
    id: 'U0WEI00001',
    realName: 'Wei Zhang',
    role: 'owns the web shop',
    email: 'wei@shop.test',
    roles: ['web-owners', 'developers'],
  },
  {
    name: 'cleo',
    id: 'U0CLEO0001',
    realName: 'Cleo Martin',
    role: 'on call',
    email: 'cleo@shop.test',
    roles: ['on-call'],
  },
  {
    name: 'dev',
    id: 'U0DEV00001',
    realName: 'Dev Patel',
    role: 'developer: wrote the new versions',
    email: 'dev@shop.test',
    roles: ['developers'],
  },
  {
    name: 'gus',
    id: 'U0GUS00001',
    realName: 'Gus the Guest',
    role: 'guest: may do nothing',
    email: 'gus@elsewhere.test',
    roles: [],
    kind: 'guest',
  },
];

/** Usergroup of each role that has one in the workspace; other roles list people. */
export const GROUPS: Readonly<Record<string, string>> = {
  'release-managers': 'S0RELEASE01',
  'on-call': 'S0ONCALL001',
  developers: 'S0DEVS00001',
};

/** Channel of each environment. */
export const CHANNELS = {
  dev: 'C0DEV000001',
  staging: 'C0STAGING01',
  prod: 'C0PROD00001',
  general: 'C0GENERAL01',
} as const;

/** The workspace that these people share. */
export function workspaceSeed(environments: readonly string[]): WorkspaceSeed {
  const members = PEOPLE.map(({ name }) => name);
  const full = PEOPLE.filter(({ kind }) => kind === undefined).map(({ name }) => name);
  return {
    team: { name: 'Signalbox sandbox', domain: 'shop', id: TEAM },
    people: PEOPLE.map(({ name, id, realName, role, kind }) => ({
      name,
      id,
      realName,
      role,
      ...(kind && { kind }),
    })),
    usergroups: Object.entries(GROUPS).map(([role, id]) => ({
      handle: role,
      id,
      name: role,
      members: PEOPLE.filter(({ roles }) => roles.includes(role)).map(({ name }) => name),
    })),
    channels: [
      { name: 'general', id: CHANNELS.general, isGeneral: true, purpose: 'Everybody', members, hasBot: true },
      ...environments.map((environment) => ({
        name: `releases-${environment}`,
        id: channelOf(environment),
        purpose: `What is released to ${environment}`,
        members: environment === 'dev' ? members : full,
        hasBot: true,
      })),
    ],
  };
}

export function channelOf(environment: string): string {
  return (
    (CHANNELS as Readonly<Record<string, string>>)[environment] ??
    `C0${environment
      .toUpperCase()
      .replace(/[^A-Z0-9]/g, '')
      .padEnd(8, '0')}`
  );
}
