import type { Catalog } from '../domain/catalog/catalog.ts';
import { commitForbidden, writeForbidden } from '../domain/observe/what-is-observed.ts';
import type { Rules } from '../domain/rules.ts';
import type { Cluster } from '../ports/cluster.ts';
import type { Flags } from '../ports/flags.ts';
import type { Git } from '../ports/git.ts';

/** What decides whether something is written; the catalog as it was read last. */
interface Guarding {
  rules: Pick<Rules, 'observeOnly' | 'environments'>;
  catalog(): Catalog | undefined;
}

/**
 * Repositories that take no commit for what is only observed, whoever asks and however it was decided: the last thing before the
 * network, so that a fault above it writes nothing either.
 */
export function guardGit<G extends Git>(git: G, { rules, catalog }: Guarding): G {
  const commit: Git['commit'] = async (request) => {
    const files = [...request.files.map(({ path }) => path), ...request.keys.map(({ file }) => file)];
    const reason = commitForbidden({ rules, catalog: catalog() }, { repository: request.repository, files });
    return reason === undefined ? git.commit(request) : { kind: 'rejected', reason };
  };
  return { ...git, commit };
}

/** Clusters that take no write for what is only observed. */
export function guardCluster<C extends Cluster>(cluster: C, { rules, catalog }: Guarding): C {
  const perform: Cluster['perform'] = async (effect, onBehalfOf) => {
    const reason = writeForbidden({ rules, catalog: catalog() }, effect);
    return reason === undefined ? cluster.perform(effect, onBehalfOf) : { kind: 'missing', reason };
  };
  return { ...cluster, perform };
}

/** Keepers of flags that change none where the whole installation only observes. */
export function guardFlags<F extends Flags>(flags: F, { rules }: Pick<Guarding, 'rules'>): F {
  if (!rules.observeOnly) return flags;
  const says = 'signalbox.yaml says mode: observe, so that nothing is written anywhere';
  const set: Flags['set'] = async () => ({ kind: 'refused', why: 'forbidden', says });
  return { ...flags, set };
}
