import type { Store } from '../api/store.ts';
import type { Controller } from '../controllers/controller.ts';
import type { Scheduler } from '../scheduler.ts';
import { type ServingPod, servingPods } from './traffic.ts';

/** How a version behaves; what is absent is as a good version has it. */
export interface VersionBehaviour {
  /** Share of requests that end with 500, 0 to 1. */
  errorRate?: number;
  /** Milliseconds an ordinary request takes. */
  latencyMs?: number;
}

/** Traffic and behaviour of a service whose version is good. */
export interface TrafficOptions {
  /** Requests a second for each service of a namespace. */
  requestsPerSecond: number;
  errorRate: number;
  latencyMs: number;
}

/** Upper bounds of the latency histogram, in seconds: those of prom-client and Prometheus' own libraries. */
export const BUCKETS_SECONDS = [0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10] as const;

/** What one pod has counted since it began to serve. Fractions are kept; whole requests are what it exports. */
export interface PodCounters {
  labels: Readonly<Record<string, string>>;
  good: number;
  bad: number;
  /** Requests up to each bound, in the order of `BUCKETS_SECONDS`. */
  buckets: number[];
  sumSeconds: number;
}

/** The world's users, and what pods count of them. An image is named by its digest or its whole reference. */
export interface Workload extends Controller {
  breakVersion(service: string, image: string, behaviour: VersionBehaviour): void;
  healVersion(service: string, image: string): void;
  /** Counters as they are now, of every pod that lives. */
  counters(): PodCounters[];
}

/** How often shares are looked at although nothing changed; only rounding depends on it. */
const TICK_MS = 250;

/** Latency's spread: shares of requests at multiples of the ordinary latency, so that quantiles differ. */
const SPREAD: readonly (readonly [share: number, factor: number])[] = [
  [0.5, 0.6],
  [0.3, 1],
  [0.15, 1.6],
  [0.04, 3],
  [0.01, 6],
];

/** Lets requests flow in the scheduler's time. `environmentOf` names the environment of a namespace. */
export function startWorkload(
  context: { store: Pick<Store, 'list' | 'subscribe'>; scheduler: Scheduler },
  options: { traffic: TrafficOptions; environmentOf: (namespace: string) => string },
): Workload {
  const { store, scheduler } = context;
  const broken = new Map<string, VersionBehaviour>();
  const byPod = new Map<string, PodCounters>();
  let countedUntil = scheduler.now();
  let serving: ServingPod[] = [];

  const count = (): void => {
    const now = scheduler.now();
    const seconds = (now - countedUntil) / 1000;
    countedUntil = now;
    for (const one of serving) {
      const uid = one.pod.metadata.uid ?? '';
      const counters = byPod.get(uid) ?? emptyCounters(labelsOf(one, options.environmentOf));
      byPod.set(uid, counters);
      const service = one.rollout.metadata.name;
      const behaviour = { ...options.traffic, ...broken.get(versionKey(service, imageOf(one))) };
      addRequests(counters, { requests: one.share * options.traffic.requestsPerSecond * seconds, behaviour });
    }
    serving = servingPods(store);
  };
  let cancel = scheduler.after(TICK_MS, function tick() {
    count();
    cancel = scheduler.after(TICK_MS, tick);
  });
  const unsubscribe = store.subscribe(({ type, object }) => {
    if (type !== 'DELETED' || object.kind !== 'Pod') return;
    count();
    byPod.delete(object.metadata.uid ?? '');
  });
  return {
    breakVersion(service, image, behaviour) {
      count();
      broken.set(versionKey(service, image), behaviour);
    },
    healVersion(service, image) {
      count();
      broken.delete(versionKey(service, image));
    },
    counters() {
      count();
      return [...byPod.values()];
    },
    stop() {
      unsubscribe();
      cancel();
    },
  };
}

function imageOf({ pod }: ServingPod): string {
  return pod.spec.containers[0]?.image ?? '';
}

/** The digest of an image reference; the reference itself where it names none. */
function digestOf(image: string): string {
  const [digest = image] = /sha256:[0-9a-f]{64}$/.exec(image) ?? [];
  return digest;
}

function versionKey(service: string, image: string): string {
  return `${service}/${digestOf(image)}`;
}

function labelsOf(one: ServingPod, environmentOf: (namespace: string) => string): Record<string, string> {
  const service = one.rollout.metadata.name;
  const digest = digestOf(imageOf(one));
  const { namespace = '', name } = one.pod.metadata;
  return {
    service,
    job: service,
    namespace,
    environment: environmentOf(namespace),
    pod_hash: one.podHash,
    pod: name,
    version: digest.replace('sha256:', '').slice(0, 12),
  };
}

function emptyCounters(labels: Record<string, string>): PodCounters {
  return { labels, good: 0, bad: 0, buckets: BUCKETS_SECONDS.map(() => 0), sumSeconds: 0 };
}

function addRequests(
  counters: PodCounters,
  load: { requests: number; behaviour: { errorRate: number; latencyMs: number } },
): void {
  const { requests, behaviour } = load;
  const bad = requests * Math.min(1, Math.max(0, behaviour.errorRate));
  counters.bad += bad;
  counters.good += requests - bad;
  for (const [share, factor] of SPREAD) {
    const seconds = (behaviour.latencyMs * factor) / 1000;
    counters.sumSeconds += requests * share * seconds;
    for (const [index, bound] of BUCKETS_SECONDS.entries()) {
      if (seconds <= bound) counters.buckets[index] = (counters.buckets[index] ?? 0) + requests * share;
    }
  }
}
