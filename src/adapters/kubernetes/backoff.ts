export interface BackoffTiming {
  /** Longest wait after the first failure. */
  baseMs: number;
  /** Longest wait after any failure. */
  maxMs: number;
  /** How long things must have gone well before the next failure counts as the first again. */
  healthyMs: number;
}

/** Waits between attempts that grow with failures in a row. */
export interface Backoff {
  /** Things go well from now on, unless they already did. */
  healthy(): void;
  /** Something failed: the milliseconds to wait, drawn from zero to the present limit, so that many don't come back at once. */
  failed(): number;
}

/**
 * Full-jitter exponential backoff. It starts anew only after a healthy while: a server that answers one request and drops
 * the next must not be asked tens of times a second (kubernetes-client/javascript#1933).
 * Source: https://aws.amazon.com/blogs/architecture/exponential-backoff-and-jitter/
 */
export function createBackoff(
  timing: BackoffTiming,
  { now, random }: { now: () => number; random: () => number },
): Backoff {
  let failures = 0;
  let healthySince: number | undefined;
  return {
    healthy: () => {
      healthySince ??= now();
    },
    failed: () => {
      if (healthySince !== undefined && now() - healthySince >= timing.healthyMs) failures = 0;
      healthySince = undefined;
      failures += 1;
      return random() * Math.min(timing.maxMs, timing.baseMs * 2 ** Math.min(failures - 1, 30));
    },
  };
}
