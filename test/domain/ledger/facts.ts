import { SYSTEM } from '../../../src/domain/actor.ts';
import type { StreamId } from '../../../src/domain/ids.ts';
import { NO_HEAD, type SealedFact } from '../../../src/domain/ledger/chain.ts';
import type { FactEnvelope, NewFact } from '../../../src/domain/ledger/fact.ts';
import { sealFacts } from '../../../src/domain/ledger/write-facts.ts';

export const RELEASE: StreamId = 'release:prod/checkout-2026-11-20.1';
export const ENVIRONMENT: StreamId = 'environment:prod';

const at = { actor: SYSTEM, occurredAt: '2026-11-20T10:00:00.000Z', clock: 'signalbox' } as const;

export function resumed(reason: string): NewFact {
  return { ...at, kind: 'release.resumed', data: { moments: [], reason } };
}

export function taken(service: string, epoch: number): NewFact {
  return {
    ...at,
    kind: 'tracks.taken',
    data: { release: 'prod/checkout-2026-11-20.1', exclusive: { [service]: epoch }, shared: {} },
  };
}

export function ended(): NewFact {
  return { ...at, kind: 'release.ended', data: { outcome: 'released' } };
}

let ids = 0;

export function seal(
  stream: StreamId,
  facts: readonly NewFact[],
  place: { version?: number; head?: string; now?: number; incarnation?: number } = {},
): SealedFact[] {
  const { version = 0, head = NO_HEAD, now = Date.parse('2026-11-20T10:00:01Z'), incarnation = 1 } = place;
  return sealFacts({
    stream,
    version,
    head,
    facts,
    now,
    incarnation,
    epochs: {},
    correlation: 'x',
    id: () => `f${++ids}`,
  });
}

/** A small history over several streams, as the store would have it. */
export function history(
  writes: readonly (readonly [StreamId, NewFact])[],
  at: { now?: (i: number) => number } = {},
): FactEnvelope[] {
  const places = new Map<StreamId, { version: number; head: string }>();
  return writes.map(([stream, fact], i) => {
    const [sealed] = seal(stream, [fact], { ...places.get(stream), ...(at.now && { now: at.now(i) }) });
    if (sealed === undefined) throw new Error('nothing was sealed');
    places.set(stream, { version: sealed.fact.version, head: sealed.fact.hash });
    return { ...sealed.fact, seq: i + 1 };
  });
}
