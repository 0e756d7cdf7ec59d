import type { BackoffTiming } from './backoff.ts';
import { PROBE_TIMING, type ProbeTiming } from './server-probe.ts';

/** Times of a reflector, in milliseconds unless the name says otherwise. Only tests use other ones. */
export interface ReflectorTiming {
  backoff: BackoffTiming;
  probe: ProbeTiming;
  /** Without a byte for this long a watch is taken for dead and opened again; a quiet one then speaks by its headers. */
  silenceMs: number;
  /** Everything is listed anew after this long, whatever the watch said. */
  relistMs: number;
  /** How long a watch is asked for; up to half of it is added at random, so that many don't end together. */
  watchSeconds: number;
  /** A watch that its server ends sooner than this is a failure and not an end. */
  shortestWatchMs: number;
  /** Longest wait after a refusal that only an administrator can heal, who then wants to see that it is healed: no right, no such kind. */
  refusedMs: number;
  /** How long one page of a list, and the opening of a watch, may take. */
  deadlineMs: number;
}

/**
 * Bookmarks come once a minute (`bookmarkFrequency` of kubernetes/apiserver pkg/storage/cacher), observations count as
 * unknown after a minute without a word (`STALE_MS`), so silence must end sooner: 45 s. Informers of client-go ask for
 * watches of 5 to 10 minutes (`minWatchTimeout` of client-go tools/cache/reflector.go).
 */
export const REFLECTOR_TIMING: ReflectorTiming = {
  backoff: { baseMs: 500, maxMs: 30_000, healthyMs: 60_000 },
  probe: PROBE_TIMING,
  silenceMs: 45_000,
  relistMs: 600_000,
  watchSeconds: 300,
  shortestWatchMs: 1_000,
  refusedMs: 4_000,
  deadlineMs: 20_000,
};
