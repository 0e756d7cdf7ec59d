/** How often something may be done: at once up to `burst` times, then once every `everyMs` milliseconds. */
export interface Pace {
  burst: number;
  everyMs: number;
  /** Tokens that only what is urgent may use; 0 when all are equal. Less than the burst. */
  reserve: number;
}

/** What is left of a pace: tokens at a moment, in milliseconds since 1970. A bucket never used is full. */
export interface Bucket {
  tokens: number;
  at: number;
}

/** The bucket as it is at `now`. */
export function refill(bucket: Bucket | undefined, pace: Pace, now: number): Bucket {
  if (!bucket) return { tokens: pace.burst, at: now };
  const passed = Math.max(0, now - bucket.at);
  return { tokens: Math.min(pace.burst, bucket.tokens + passed / pace.everyMs), at: now };
}

/** The moment at which the bucket holds `needed` tokens (at most the burst), `now` when it does already. */
export function readyAt(
  bucket: Bucket | undefined,
  pace: Pace,
  want: { needed: number; now: number },
): number {
  const { tokens } = refill(bucket, pace, want.now);
  const missing = Math.min(want.needed, pace.burst) - tokens;
  return missing <= 0 ? want.now : Math.ceil(want.now + missing * pace.everyMs);
}
