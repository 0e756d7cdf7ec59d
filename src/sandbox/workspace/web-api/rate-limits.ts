import type { Method, Tier } from './method.ts';

// Figures: https://docs.slack.dev/apis/web-api/rate-limits.

/** Calls a minute that each tier allows at least: "1+", "20+", "50+", "100+". */
const PER_MINUTE: Record<Exclude<Tier, 'posting' | 'special'>, number> = { 1: 1, 2: 20, 3: 50, 4: 100 };

/** `auth.test`, `chat.getPermalink`: "hundreds of requests per minute". */
const SPECIAL_PER_MINUTE = 300;

/** "chat.postMessage … 1 message per second per channel", "short bursts" are tolerated; how short is not said: three. */
const POSTS_PER_SECOND = 1;
const POST_BURST = 3;

const MINUTE_MS = 60_000;

/** Whether limits apply. `scale` multiplies every limit: 1 is Slack's own, 0.5 is twice as strict. */
export type RateLimitSetting = 'off' | { readonly scale: number };

/** Counts calls. */
export interface RateLimits {
  /** Seconds to wait before the call is allowed, or 0 when it is allowed (and counted). `channel` matters for posts only. */
  take(method: Method, channel: string | undefined): number;
}

/** Keeps a bucket for each method, and one for each channel that is posted to. */
export function createRateLimits(setting: RateLimitSetting, now: () => number): RateLimits {
  const buckets = new Map<string, { level: number; atMs: number }>();

  const takeFrom = (
    name: string,
    bucket: { readonly capacity: number; readonly perSecond: number },
  ): number => {
    const at = now();
    const before = buckets.get(name) ?? { level: bucket.capacity, atMs: at };
    const refilled = before.level + ((at - before.atMs) / 1000) * bucket.perSecond;
    const level = Math.min(bucket.capacity, refilled);
    const isAllowed = level >= 1;
    buckets.set(name, { level: isAllowed ? level - 1 : level, atMs: at });
    return isAllowed ? 0 : Math.max(1, Math.ceil((1 - level) / bucket.perSecond));
  };

  return {
    take: (method, channel) => {
      if (setting === 'off') return 0;
      const { scale } = setting;
      if (method.tier === 'posting') {
        const perSecond = POSTS_PER_SECOND * scale;
        return takeFrom(`post ${channel}`, { capacity: Math.max(1, POST_BURST * scale), perSecond });
      }
      const perMinute = (method.tier === 'special' ? SPECIAL_PER_MINUTE : PER_MINUTE[method.tier]) * scale;
      return takeFrom(method.name, {
        capacity: Math.max(1, perMinute),
        perSecond: (perMinute * 1000) / MINUTE_MS,
      });
    },
  };
}
