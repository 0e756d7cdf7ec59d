import type { ApiClient } from '../../../src/adapters/kubernetes/api-client.ts';
import { performEffect } from '../../../src/adapters/kubernetes/perform-effect.ts';
import type { Actor } from '../../../src/domain/actor.ts';
import { type Placement, placementId } from '../../../src/domain/catalog/placement.ts';
import { type RolloutParts, rolloutView } from '../../../src/domain/rollout/read-rollout.ts';
import type { RolloutObserved, RolloutView } from '../../../src/domain/rollout/rollout-view.ts';
import { TerminalError, UnavailableError } from '../../../src/errors.ts';
import type { Cluster, ClusterEffect } from '../../../src/ports/cluster.ts';
import type { RolloutSpec } from '../../../src/sandbox/cluster/rollout/rollout-object.ts';
import type { Scheduler } from './memory-bells.ts';
import { createMemoryApi, type MemoryApplication, type MemoryWrite } from './memory-cluster-api.ts';
import { createMemoryRollout, type MemoryRollout, type PodLife } from './memory-rollout.ts';

/** What goes wrong with the next write. `answerLost`: it is done all the same. `away`: it is not. */
export type ClusterFault = 'answerLost' | 'away';

export interface MemoryClusterOptions {
  scheduler: Scheduler;
  /** Names of the clusters that are configured. */
  clusters: readonly string[];
  /** Absent: pods start in two seconds and report the digest that was asked for. */
  pods?: Partial<PodLife>;
  /** Milliseconds until the watch tells of a change; absent: none. */
  watchLagMs?(): number;
  /** Called with each write to a Rollout, when somebody keeps a record. */
  onWritten?(written: Written): void;
}

/** A write to a Rollout as its API server carried it out. */
export interface Written extends MemoryWrite {
  /** The very object that was handed to `perform`. */
  effect: ClusterEffect;
  actor: Actor;
  placement: string;
}

/** The clusters in memory, with what only their driver may do. */
export interface MemoryClusters {
  cluster: Cluster;
  /** A Rollout comes to be, and its controller begins to work on it. */
  add(placement: Placement, spec: RolloutSpec): MemoryRollout;
  find(placement: Placement): MemoryRollout | undefined;
  remove(placement: Placement): void;
  /** What a GitOps agent does with a commit: other images (container to reference) in the pod template. */
  setImages(placement: Placement, images: Readonly<Record<string, string>>): void;
  /** What Argo CD says of an Application, by `<cluster>/<namespace>/<name>`. */
  setApplication(key: string, application: MemoryApplication): void;
  /** Called with an Application's key when somebody asks Argo CD to look at Git now. */
  onRefresh(listener: (application: string) => void): void;
  /** Users whose writes the API servers refuse. */
  refused: Set<string>;
  /** Nothing in this cluster can be reached, until the answer is called. */
  goAway(cluster: string): () => void;
  failNextWrite(fault: ClusterFault): void;
}

/** A Rollout and what the watch has told of it. */
interface Placed {
  name: string;
  placement: Placement;
  rollout: MemoryRollout;
  /** When the watch has told, or will tell, of the newest change; in milliseconds since 1970. */
  toldAt: number;
  /** Absent before the watch has told anything. */
  told?: () => RolloutParts;
  /** Drawn from what was told when somebody asks. */
  view?: RolloutView | undefined;
}

interface State extends MemoryClusterOptions {
  placed: Map<string, Placed>;
  listeners: Set<(placement: string) => void>;
  applications: Map<string, MemoryApplication>;
  refreshers: Set<(application: string) => void>;
  refused: Set<string>;
  /** Cluster to the moment from which it cannot be reached. */
  awaySince: Map<string, number>;
  faults: ClusterFault[];
}

/** As in the real adapter: observations older than a minute say nothing. */
const STALE_MS = 60_000;

/**
 * The in-memory twin of the clusters, in virtual time: the sandbox's controller on the sandbox's Rollouts, written to by the
 * very code that writes in production.
 */
export function createMemoryClusters(options: MemoryClusterOptions): MemoryClusters {
  const state: State = {
    ...options,
    placed: new Map(),
    listeners: new Set(),
    applications: new Map(),
    refreshers: new Set(),
    refused: new Set(),
    awaySince: new Map(),
    faults: [],
  };
  const life = { startMs: () => 2_000, platformDigest: (digest: string) => digest, ...options.pods };
  const find = (placement: Placement) => state.placed.get(placementId(placement))?.rollout;
  return {
    cluster: clusterOf(state),
    setApplication: (key, application) => {
      state.applications.set(key, application);
      for (const placed of state.placed.values())
        if (applicationKey(placed.placement) === key) tell(state, placed);
    },
    refused: state.refused,
    find,
    add: (placement, spec) => {
      const name = placementId(placement);
      const { namespace, rollout } = placement;
      const placed: Placed = {
        name,
        placement,
        toldAt: 0,
        rollout: createMemoryRollout(
          spec,
          { name: rollout, namespace, uid: `uid-${name}` },
          { scheduler: options.scheduler, pods: life, onChanged: () => tell(state, placed) },
        ),
      };
      state.placed.set(name, placed);
      tell(state, placed);
      return placed.rollout;
    },
    remove: (placement) => {
      state.placed.delete(placementId(placement));
      ring(state, placementId(placement));
    },
    setImages: (placement, images) => {
      const rollout = find(placement);
      const template = rollout?.rollout().spec.template;
      if (rollout === undefined || template === undefined) return;
      const containers = template.spec.containers.map((each) => ({
        ...each,
        image: images[each.name] ?? each.image,
      }));
      rollout.changeSpec({ template: { ...template, spec: { ...template.spec, containers } } });
    },
    onRefresh: (listener) => state.refreshers.add(listener),
    goAway: (cluster) => {
      state.awaySince.set(cluster, options.scheduler.now());
      return () => {
        state.awaySince.delete(cluster);
        for (const placed of state.placed.values())
          if (placed.placement.cluster === cluster) tell(state, placed);
      };
    },
    failNextWrite: (fault) => state.faults.push(fault),
  };
}

function clusterOf(state: State): Cluster {
  return {
    observe: (placement) => observe(state, placement),
    look: async (placement) => {
      const { cluster } = placement;
      if (!state.clusters.includes(cluster)) return unknown(`no cluster is named ${cluster}`);
      if (state.awaySince.has(cluster)) return unknown(`cluster ${cluster} is away`);
      const placed = state.placed.get(placementId(placement));
      if (placed === undefined) return { kind: 'missing' };
      const rollout = withApplication(state, placement, rolloutView(placed.rollout.parts()));
      return { kind: 'seen', rollout, staleMs: 0 };
    },
    perform: async (effect, actor) => {
      const { cluster } = effect;
      if (!state.clusters.includes(cluster)) throw new TerminalError(`no cluster is named ${cluster}`);
      return performEffect(
        { cluster, client: clientOf(state, cluster, { effect, actor }), clock: state.scheduler },
        { effect, actor },
      );
    },
    onChange: (listener) => {
      state.listeners.add(listener);
      return () => state.listeners.delete(listener);
    },
  };
}

function observe(state: State, placement: Placement): RolloutObserved {
  const { cluster } = placement;
  if (!state.clusters.includes(cluster)) return unknown(`no cluster is named ${cluster}`);
  const since = state.awaySince.get(cluster);
  const staleMs = since === undefined ? 0 : state.scheduler.now() - since;
  if (staleMs > STALE_MS) return unknown(`nothing was heard of cluster ${cluster} for ${staleMs / 1_000} s`);
  const placed = state.placed.get(placementId(placement));
  if (placed?.told === undefined) return { kind: 'missing' };
  placed.view ??= rolloutView(placed.told());
  return { kind: 'seen', rollout: withApplication(state, placement, placed.view), staleMs };
}

/** The watch tells of a change, after its lag, unless the cluster is away by then. */
function tell(state: State, placed: Placed): void {
  const now = state.scheduler.now();
  // A watch may be late, and never tells what is older after what is newer.
  const moment = Math.max(placed.toldAt, now + (state.watchLagMs?.() ?? 0));
  placed.toldAt = moment;
  const told = placed.rollout.partsNow();
  const arrive = (): void => {
    if (state.awaySince.has(placed.placement.cluster) || state.placed.get(placed.name) !== placed) return;
    placed.told = told;
    placed.view = undefined;
    ring(state, placed.name);
  };
  if (moment === now) arrive();
  else state.scheduler.at(moment, arrive);
}

function ring({ listeners }: State, name: string): void {
  for (const listener of listeners) listener(name);
}

function withApplication(state: State, placement: Placement, view: RolloutView): RolloutView {
  const key = applicationKey(placement);
  if (key === undefined) return view;
  const message = `there is no Application ${key}`;
  const application = state.applications.get(key) ?? {
    sync: 'Unknown',
    health: 'Missing',
    revision: '',
    message,
  };
  return { ...view, application };
}

function applicationKey({ cluster, argocd }: Placement): string | undefined {
  return argocd && `${cluster}/${argocd.namespace}/${argocd.application}`;
}

/** The API server of one cluster, behind a line that may be cut. */
function clientOf(
  state: State,
  cluster: string,
  on: Pick<Written, 'effect' | 'actor'>,
): Pick<ApiClient, 'send'> {
  const own = <T>(all: ReadonlyMap<string, T>) =>
    new Map(
      [...all]
        .filter(([name]) => name.startsWith(`${cluster}/`))
        .map(([name, each]) => [name.slice(cluster.length + 1), each]),
    );
  const rollouts = new Map([...own(state.placed)].map(([key, { rollout }]) => [key, rollout]));
  const api = createMemoryApi({
    rollouts,
    applications: own(state.applications),
    mayWrite: (user) => !state.refused.has(user),
    onWritten: (key, written) => state.onWritten?.({ ...on, ...written, placement: `${cluster}/${key}` }),
    onRefresh: (key) => {
      for (const refresher of state.refreshers) refresher(`${cluster}/${key}`);
    },
  });
  return {
    send: async (request) => {
      if (state.awaySince.has(cluster)) throw new UnavailableError(`cluster ${cluster} is away`);
      const fault = request.method === 'PATCH' ? state.faults.shift() : undefined;
      if (fault === 'away') throw new UnavailableError(`cluster ${cluster} is away`);
      const answer = await api.send(request);
      if (fault === 'answerLost') throw new UnavailableError('the answer was lost', { ambiguous: true });
      return answer;
    },
  };
}

function unknown(reason: string): RolloutObserved {
  return { kind: 'unknown', reason };
}
