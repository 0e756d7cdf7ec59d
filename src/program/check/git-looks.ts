import { observedEnvironments } from '../../config/rules-of.ts';
import type { Config } from '../../config/schema.ts';
import type { RepositorySettings } from '../../config/system-schema.ts';
import type { Catalog } from '../../domain/catalog/catalog.ts';
import type { Asking } from '../open-for-asking.ts';
import { type Finding, fault, type Look, ok } from './finding.ts';

const AREA = 'Git';
/** The first fetch brings a repository's whole history. */
const FETCH_WITHIN_MS = 180_000;
/** Stands for the branches of releases; it is never made. */
const CHECKED_BRANCH = 'release/check/signalbox';

/** Every repository can be read and pushed to, also where the record goes; and the catalog means something. */
export function gitLooks(
  config: Config,
  asking: Pick<Asking, 'git'>,
  catalog: () => Promise<Catalog>,
): Look[] {
  const { repository, branch } = config.ledger;
  const common = { area: AREA, withinMs: FETCH_WITHIN_MS };
  const all = Object.entries(config.repositories);
  // Whether something could be written is not even tried where nothing is.
  const isReadOnly = (settings: RepositorySettings) => settings.readOnly || config.mode === 'observe';
  const sources = all.filter(([, settings]) => isReadOnly(settings));
  const observed = observedEnvironments(config);
  const acted = config.environments.filter(({ name }) => !observed.includes(name));
  const pushes = all
    .filter(([, settings]) => !isReadOnly(settings))
    .map(([name, settings]) => ({
      name,
      branch: settings.branch,
      startFrom: settings.branch,
      what: `${name}: ${settings.branch}`,
    }));
  const record = {
    name: repository,
    branch,
    startFrom: config.repositories[repository]?.branch ?? branch,
    what: `${repository}: ${branch}, the record,`,
  };
  // Everything is cut on a branch of its own, which rules about branches may allow or not.
  const cuts = [...new Set(acted.map((environment) => environment.repository))].map((name) => ({
    name,
    branch: CHECKED_BRANCH,
    startFrom: config.repositories[name]?.branch ?? CHECKED_BRANCH,
    what: `${name}: release/…, where releases are cut,`,
  }));
  return [
    ...[...pushes, ...cuts, ...(config.mode === 'observe' ? [] : [record])].map((push) => ({
      ...common,
      about: push.what,
      fix: `See that repositories.${push.name} has the right address and token, and that this machine reaches it.`,
      look: () => pushFindings(asking, push),
    })),
    ...sources.map(([name, settings]) => ({
      ...common,
      about: `${name}: ${settings.branch}`,
      fix: `See that repositories.${name} has the right address and token, and that this machine reaches it.`,
      look: () => readFindings(asking, { name, branch: settings.branch }),
    })),
    {
      ...common,
      about: 'the catalog',
      fix: 'Correct it in Git; signalbox validate says the same of a file before it is pushed.',
      look: async () => {
        const services = Object.keys((await catalog()).services).length;
        return [ok(`the catalog is valid (${services} services)`)];
      },
    },
  ];
}

async function readFindings(
  { git }: Pick<Asking, 'git'>,
  { name, branch }: { name: string; branch: string },
): Promise<Finding[]> {
  const view = await git.view(name, branch);
  if (view !== undefined) return [ok(`${name}: ${branch} can be read`)];
  return [fault(`${name} has no branch ${branch}`, `Correct repositories.${name}.branch.`)];
}

async function pushFindings(
  { git }: Pick<Asking, 'git'>,
  { name, branch, startFrom, what }: { name: string; branch: string; startFrom: string; what: string },
): Promise<Finding[]> {
  const right = await git.dryRunPush(name, branch, { startFrom });
  if (right.kind === 'allowed') return [ok(`${what} can be read, and pushed to as far as a dry run tells`)];
  return [
    fault(`${what} cannot be pushed to: ${right.reason}`, 'Give the token the right to write contents.'),
  ];
}
