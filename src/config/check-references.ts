import { timetableFault } from '../domain/calendar/departure.ts';
import { windowFaults } from '../domain/calendar/windows.ts';
import type { Path } from '../domain/document/fault.ts';
import { didYouMean } from '../domain/naming/nearest.ts';
import type { Config } from './schema.ts';
import { urlFault } from './words.ts';

/** Something wrong between two parts of the file that are each right. */
export interface ReferenceFault {
  path: Path;
  says: string;
}

/** Every name that means nothing, every contradiction. */
export function referenceFaults(config: Config): ReferenceFault[] {
  return [
    ...config.environments.flatMap((_, index) => environmentFaults(config, index)),
    ...duplicates(config.environments, {
      key: (one) => one.name,
      path: (index) => ['environments', index, 'name'],
    }),
    ...duplicates(config.people, { key: (one) => one.slack, path: (index) => ['people', index, 'slack'] }),
    ...sharedEmails(config),
    ...sharedLogins(config),
    ...checksOfNobody(config),
    ...sharedManifests(config),
    ...named(config.ledger.repository, {
      path: ['ledger', 'repository'],
      noun: 'repository',
      among: config.repositories,
    }),
    ...named(config.catalog.repository, {
      path: ['catalog', 'repository'],
      noun: 'repository',
      among: config.repositories,
    }),
    ...roles(config, { names: config.recovery.confirmRestore ?? [], path: ['recovery', 'confirmRestore'] }),
    ...repositoryUrls(config),
    ...writtenReadOnly(config),
    ...databaseFaults(config),
    ...trainFaults(config),
    ...changeWindowFaults(config),
    ...flagProviderFaults(config),
    ...emptyRoles(config),
  ];
}

function environmentFaults(config: Config, index: number): ReferenceFault[] {
  const environment = config.environments[index];
  if (environment === undefined) return [];
  const { repository, approvals, hotfixApprovers, may, gates, manifestPath } = environment;
  const path: Path = ['environments', index];
  const faults = [
    ...named(repository, { path: [...path, 'repository'], noun: 'repository', among: config.repositories }),
    ...roles(config, { names: approvals.from, path: [...path, 'approvals', 'from'] }),
    ...roles(config, { names: hotfixApprovers ?? [], path: [...path, 'hotfixApprovers'] }),
    ...Object.entries(may)
      // A verb that was left out has the very list of `cut`: a wrong name there is one fault, not five.
      .filter(([verb, names]) => verb === 'cut' || names !== may.cut)
      .flatMap(([verb, names]) => roles(config, { names, path: [...path, 'may', verb] })),
    ...gates.flatMap((gate, at) =>
      named(gate, { path: [...path, 'gates', at], noun: 'gate preset', among: config.gatePresets }),
    ),
  ];
  if (approvals.required > 0 && approvals.from.length === 0) {
    faults.push({
      path: [...path, 'approvals', 'from'],
      says: `is empty, so that nobody could give the ${approvals.required} approvals`,
    });
  }
  if (may.rollback.length + may.promote.length === 0) {
    faults.push({
      path: [...path, 'may', 'rollback'],
      says: 'is empty: somebody must be able to take a release back',
    });
  }
  const left = manifestPath.replaceAll(/\{(environment|train)\}/g, 'x');
  if (/[{}]/.test(left) || left.split('/').some((step) => step === '' || step === '.' || step === '..')) {
    const says = 'must be a path inside the repository; {environment} and {train} are filled in';
    faults.push({ path: [...path, 'manifestPath'], says });
  }
  return faults;
}

function named(
  name: string,
  asked: { path: Path; noun: string; among: Readonly<Record<string, unknown>> },
): ReferenceFault[] {
  if (Object.hasOwn(asked.among, name)) return [];
  const near = didYouMean(name, Object.keys(asked.among));
  return [{ path: asked.path, says: `there is no ${asked.noun} ${name}; ${near}` }];
}

function roles(config: Config, asked: { names: readonly string[]; path: Path }): ReferenceFault[] {
  return asked.names.flatMap((name, index) =>
    named(name, { path: [...asked.path, index], noun: 'role', among: config.roles }),
  );
}

function duplicates<T>(
  list: readonly T[],
  of: { key: (one: T) => string; path: (index: number) => Path },
): ReferenceFault[] {
  return list.flatMap((one, index) => {
    const first = list.findIndex((other) => of.key(other) === of.key(one));
    return first < index ? [{ path: of.path(index), says: `${of.key(one)} is listed twice` }] : [];
  });
}

function sharedEmails(config: Config): ReferenceFault[] {
  const owners = new Map<string, string>();
  return config.people.flatMap((person, index) =>
    person.emails.flatMap((email, at) => {
      const owner = owners.get(email.toLowerCase());
      owners.set(email.toLowerCase(), owner ?? person.name);
      return owner === undefined
        ? []
        : [{ path: ['people', index, 'emails', at], says: `${email} is already ${owner}'s` }];
    }),
  );
}

/** Two people with one login would each act as the other. Logins are the same in whatever case. */
function sharedLogins(config: Config): ReferenceFault[] {
  const owners = new Map<string, string>();
  return config.people.flatMap(({ github, name }, index) => {
    if (github === undefined) return [];
    const owner = owners.get(github.toLowerCase());
    owners.set(github.toLowerCase(), owner ?? name);
    return owner === undefined
      ? []
      : [{ path: ['people', index, 'github'], says: `${github} is already ${owner}'s` }];
  });
}

/** Checks that nobody could be asked about would refuse every release. */
function checksOfNobody(config: Config): ReferenceFault[] {
  if (config.github !== undefined) return [];
  return config.environments.flatMap(({ checks }, index) =>
    checks === undefined || checks.required.length === 0
      ? []
      : [{ path: ['environments', index, 'checks'], says: 'are asked of GitHub, and there is no github' }],
  );
}

/** Two environments with one manifest would overwrite each other's target. */
function sharedManifests(config: Config): ReferenceFault[] {
  const filled = config.environments.map(({ name, repository, manifestPath }) =>
    [repository, manifestPath.replaceAll('{environment}', name)].join(' '),
  );
  return filled.flatMap((file, index) => {
    const first = filled.indexOf(file);
    const other = config.environments[first]?.name;
    return first < index
      ? [{ path: ['environments', index, 'manifestPath'], says: `is the manifest of ${other} too` }]
      : [];
  });
}

function repositoryUrls(config: Config): ReferenceFault[] {
  return Object.entries(config.repositories).flatMap(([name, { url, protocols }]) => {
    const says = urlFault(
      url,
      protocols.map((protocol) => `${protocol}:`),
    );
    return says ? [{ path: ['repositories', name, 'url'], says }] : [];
  });
}

function databaseFaults(config: Config): ReferenceFault[] {
  const known = Object.fromEntries(config.environments.map((one) => [one.name, one]));
  return Object.entries(config.databases).flatMap(([name, { signOff, environments }]) => [
    ...Object.keys(environments).flatMap((environment) =>
      named(environment, {
        path: ['databases', name, 'environments', environment],
        noun: 'environment',
        among: known,
      }),
    ),
    ...(signOff === undefined
      ? []
      : named(signOff, { path: ['databases', name, 'signOff'], noun: 'role', among: config.roles })),
  ]);
}

function trainFaults(config: Config): ReferenceFault[] {
  const known = Object.fromEntries(config.environments.map((one) => [one.name, one]));
  const [first] = config.environments;
  return Object.entries(config.trains).flatMap(([name, train]) => {
    const path: Path = ['trains', name];
    const fault = timetableFault(train);
    return [
      ...named(train.environment, { path: [...path, 'environment'], noun: 'environment', among: known }),
      ...(train.environment === first?.name
        ? [{ path: [...path, 'environment'], says: 'is the first one: nothing is verified before it' }]
        : []),
      ...(fault ? [{ path: [...path, fault.part], says: fault.says }] : []),
    ];
  });
}

function changeWindowFaults(config: Config): ReferenceFault[] {
  const known = Object.fromEntries(config.environments.map((one) => [one.name, one]));
  return Object.entries(config.windows).flatMap(([name, window]) => {
    const path: Path = ['windows', name];
    return [
      ...window.environments.flatMap((environment, at) =>
        named(environment, { path: [...path, 'environments', at], noun: 'environment', among: known }),
      ),
      ...windowFaults(window).map(({ part, says }) => ({ path: [...path, part], says })),
    ];
  });
}

/** A mapped environment that is none of ours would never be asked about. */
function flagProviderFaults(config: Config): ReferenceFault[] {
  const known = Object.fromEntries(config.environments.map((one) => [one.name, one]));
  return Object.entries(config.flagProviders).flatMap(([provider, { environments }]) =>
    Object.keys(environments).flatMap((name) =>
      named(name, {
        path: ['flagProviders', provider, 'environments', name],
        noun: 'environment',
        among: known,
      }),
    ),
  );
}

/** What is only read can hold neither manifests nor the record. */
function writtenReadOnly(config: Config): ReferenceFault[] {
  const written: { name: string; path: Path }[] = [
    ...config.environments.map(({ repository }, index) => ({
      name: repository,
      path: ['environments', index, 'repository'],
    })),
    { name: config.ledger.repository, path: ['ledger', 'repository'] },
  ];
  return written.flatMap(({ name, path }) =>
    config.repositories[name]?.readOnly
      ? [{ path, says: `${name} is readOnly, and this is written to` }]
      : [],
  );
}

function emptyRoles(config: Config): ReferenceFault[] {
  return Object.entries(config.roles).flatMap(([name, { people, usergroups }]) =>
    people.length + usergroups.length === 0 ? [{ path: ['roles', name], says: 'has nobody in it' }] : [],
  );
}
