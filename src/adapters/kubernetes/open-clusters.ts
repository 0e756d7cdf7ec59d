import { setTimeout as sleep } from 'node:timers/promises';
import type { Logger } from 'pino';
import type { Actor } from '../../domain/actor.ts';
import { type Placement, placementId } from '../../domain/catalog/placement.ts';
import type { RolloutObserved } from '../../domain/rollout/rollout-view.ts';
import { TerminalError } from '../../errors.ts';
import type { Clock } from '../../ports/clock.ts';
import type { Cluster } from '../../ports/cluster.ts';
import { type AccessAnswer, type AccessAsked, reviewAccess } from './access-review.ts';
import { type ApiClient, createApiClient } from './api-client.ts';
import type { ClusterSettings } from './cluster-access.ts';
import { type ClusterWatch, createClusterWatch } from './cluster-watch.ts';
import { type Credentials, openCredentials } from './credentials.ts';
import { lookAt } from './look-at.ts';
import { performEffect } from './perform-effect.ts';
import type { ReflectorHealth } from './reflector.ts';
import { REFLECTOR_TIMING, type ReflectorTiming } from './reflector-timing.ts';
import { createRinger, type Ringer } from './ringer.ts';

export interface ClustersOptions {
  /** By the name that placements use. */
  clusters: Readonly<Record<string, ClusterSettings>>;
  /** What to watch at first; `watch` changes it. */
  placements: readonly Placement[];
  clock: Clock;
  /** From 0 to 1, for times that must not coincide. */
  random(): number;
  log: Pick<Logger, 'debug' | 'warn' | 'error'>;
  /** Only tests set it. */
  timing?: ReflectorTiming;
}

/** All configured clusters as one. */
export interface Clusters extends Cluster, AsyncDisposable {
  /** Watches where these placements are and nowhere else; what is no longer wanted is forgotten. */
  watch(placements: readonly Placement[]): void;
  /** Every watch of every cluster, by cluster. */
  health(): Record<string, ReflectorHealth[]>;
  /** Whether the API server would let the actor do something. @throws UnavailableError */
  selfSubjectAccess(actor: Actor, asked: AccessAsked & { cluster: string }): Promise<AccessAnswer>;
}

/** One cluster's parts. */
interface Connected {
  client: ApiClient;
  watch: ClusterWatch;
}

/**
 * Opens every cluster and begins to watch. Answers at once: until the first lists are complete, observations are unknown.
 * @throws TerminalError for settings that cannot work, all of them named.
 */
export function openClusters(options: ClustersOptions): Clusters {
  const ringer = createRinger(options.log);
  const closing = new AbortController();
  const connected = connect(options, ringer);
  const all = [...connected.values()];
  const watch = (placements: readonly Placement[]): void => {
    for (const [name, each] of connected) {
      each.watch.want(placements.filter(({ cluster }) => cluster === name));
    }
  };
  watch(options.placements);
  return {
    ...doings(connected, { clock: options.clock, closing: closing.signal }),
    watch,
    onChange: ringer.listen,
    health: () => Object.fromEntries([...connected].map(([name, each]) => [name, each.watch.health()])),
    [Symbol.asyncDispose]: async () => {
      // Whoever waits for a controller is let go at once.
      closing.abort();
      ringer.close();
      await Promise.all(all.map((each) => each.watch[Symbol.asyncDispose]()));
      await Promise.all(all.map((each) => each.client[Symbol.asyncDispose]()));
    },
  };
}

function connect(options: ClustersOptions, ringer: Ringer): Map<string, Connected> {
  const { clock, random, log, timing = REFLECTOR_TIMING } = options;
  const connected = new Map<string, Connected>();
  for (const [name, { credentials, scope }] of readAccesses(options.clusters, clock)) {
    const client = createApiClient(name, credentials);
    const onChanged = (placement: Placement): void => ringer.ring(placementId(placement));
    const watch = createClusterWatch({ client, timing, clock, random, log }, { scope, onChanged });
    connected.set(name, { client, watch });
  }
  return connected;
}

/** What is done in one cluster, found by its name. */
function doings(
  connected: ReadonlyMap<string, Connected>,
  { clock, closing }: { clock: Clock; closing: AbortSignal },
): Pick<Clusters, 'observe' | 'look' | 'perform' | 'selfSubjectAccess'> {
  const nameless = (cluster: string): string =>
    `no cluster is named ${cluster}; there are: ${[...connected.keys()].join(', ') || 'none'}`;
  const unknown = ({ cluster }: Placement): RolloutObserved => ({
    kind: 'unknown',
    reason: nameless(cluster),
  });
  const at = (cluster: string): Connected => {
    const found = connected.get(cluster);
    if (found === undefined) throw new TerminalError(nameless(cluster));
    return found;
  };
  const pause = (ms: number): Promise<void> =>
    sleep(ms, undefined, { signal: closing }).catch(() => undefined);
  return {
    observe: (placement) => connected.get(placement.cluster)?.watch.observe(placement) ?? unknown(placement),
    look: async (placement) => {
      const client = connected.get(placement.cluster)?.client;
      return client === undefined ? unknown(placement) : lookAt(client, placement);
    },
    perform: async (effect, actor) => {
      const { client, watch } = at(effect.cluster);
      const context = { cluster: effect.cluster, client, clock, pause, remembered: watch.remembered };
      return performEffect(context, { effect, actor });
    },
    selfSubjectAccess: async (actor, { cluster, ...asked }) =>
      reviewAccess(at(cluster).client, { actor, asked }),
  };
}

/** Reads every cluster's access first, so that all faults are said at once and nothing is opened beside a broken one. */
function readAccesses(
  clusters: ClustersOptions['clusters'],
  clock: Clock,
): [string, { credentials: Credentials; scope: 'namespaces' | 'cluster' }][] {
  const faults: string[] = [];
  const read = Object.entries(clusters).flatMap(([name, { access, scope = 'namespaces' }]) => {
    try {
      const credentials = openCredentials(name, access, clock);
      return [[name, { credentials, scope }] as [string, { credentials: Credentials; scope: typeof scope }]];
    } catch (error) {
      if (!(error instanceof TerminalError)) throw error;
      faults.push(error.message);
      return [];
    }
  });
  if (faults.length > 0) throw new TerminalError(faults.join('; '));
  return read;
}
