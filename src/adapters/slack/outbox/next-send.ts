import { type Bucket, type Pace, readyAt } from './bucket.ts';

/** Something that waits to be sent. */
export interface Waiting {
  id: number;
  /** What is edited or posted into: of one lane only one is under way, so that nothing overtakes. */
  lane: string;
  /** The budget it draws on, shared by every lane that names it. */
  budget: string;
  pace: Pace;
  /** What Slack pauses when it says "too many": one method in one channel. */
  gate: string;
  /** Goes first, and may use what its pace reserves. */
  urgent: boolean;
  /** Milliseconds since 1970: whoever waits longest goes first, so that several boards take turns. */
  since: number;
}

/** Everything that decides what goes next. */
export interface Traffic {
  waiting: readonly Waiting[];
  /** Lanes of which something is under way. */
  busy: ReadonlySet<string>;
  buckets: ReadonlyMap<string, Bucket>;
  /** Gates that are closed, and until when, in milliseconds since 1970. */
  closedUntil: ReadonlyMap<string, number>;
}

export type NextSend =
  | { kind: 'send'; id: number }
  /** Nothing may go before this moment. */
  | { kind: 'wait'; until: number }
  /** Nothing waits but behind what is under way. */
  | { kind: 'idle' };

/** Decides what goes next. Pure. */
export function nextSend(traffic: Traffic, now: number): NextSend {
  const free = traffic.waiting.filter(({ lane }) => !traffic.busy.has(lane)).sort(inOrder);
  const heads = free.filter(({ lane }, i) => free.findIndex((other) => other.lane === lane) === i);
  const moments = heads.map((entry) => ({ entry, at: mayGoAt(entry, { ...traffic, now }) }));
  const ready = moments.find(({ at }) => at <= now);
  if (ready) return { kind: 'send', id: ready.entry.id };
  if (moments.length === 0) return { kind: 'idle' };
  return { kind: 'wait', until: Math.min(...moments.map(({ at }) => at)) };
}

function inOrder(a: Waiting, b: Waiting): number {
  return Number(b.urgent) - Number(a.urgent) || a.since - b.since || a.id - b.id;
}

function mayGoAt(entry: Waiting, { buckets, closedUntil, now }: Traffic & { now: number }): number {
  const needed = entry.urgent ? 1 : 1 + entry.pace.reserve;
  const affordable = readyAt(buckets.get(entry.budget), entry.pace, { needed, now });
  return Math.max(affordable, closedUntil.get(entry.gate) ?? 0);
}
