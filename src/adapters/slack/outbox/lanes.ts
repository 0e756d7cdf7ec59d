import type { Pace } from './bucket.ts';
import type { Sending } from './outbox.ts';

type Lane = Omit<Sending<never>, 'send'>;

/**
 * `chat.update` is Tier 3, about 50 calls a minute for the app and the workspace, whatever the message
 * (https://docs.slack.dev/reference/methods/chat.update). 4 at once and one every 1.3 s is 50 in any minute, so b live boards
 * that never rest are redrawn every 1.3 × b s. One call stays free for what is urgent.
 */
const EDITS: Pace = { burst: 4, everyMs: 1_304, reserve: 1 };

/** "1 message per second per channel", bursts tolerated (https://docs.slack.dev/apis/web-api/rate-limits): three. */
const POSTS: Pace = { burst: 3, everyMs: 1_000, reserve: 0 };

/** An edit of a message: only the newest one counts. */
export function editOf({ channel, ts, urgent }: { channel: string; ts: string; urgent: boolean }): Lane {
  const gate = `chat.update ${channel}`;
  return { replaces: true, lane: `${gate} ${ts}`, budget: 'chat.update', pace: EDITS, gate, urgent };
}

/** A new message of a channel: one after the other, in the order they were asked for. */
export function postInto(channel: string): Lane {
  const name = `chat.postMessage ${channel}`;
  return { replaces: false, lane: name, budget: name, pace: POSTS, gate: name, urgent: false };
}
