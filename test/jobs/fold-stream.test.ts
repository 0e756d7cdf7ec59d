import { randomUUID } from 'node:crypto';
import { beforeEach, describe, expect, it } from 'vitest';
import type { FactEnvelope } from '../../src/domain/ledger/fact.ts';
import { type Fold, foldStream } from '../../src/jobs/fold-stream.ts';
import type { Ledger } from '../../src/ports/ledger.ts';
import type { Snapshots } from '../../src/ports/snapshots.ts';
import { RELEASE, resumed } from '../domain/ledger/facts.ts';
import { createMemoryLedger, emptyMemoryLedger } from '../simulation/ports/memory-ledger.ts';
import { createMemorySnapshots } from '../simulation/ports/memory-snapshots.ts';

describe('folding a stream', () => {
  let ledger: Ledger;
  let snapshots: Snapshots;
  let folded: number;
  const fold: Fold<string[]> = {
    name: 'reasons',
    empty: [],
    fold(state, fact: FactEnvelope) {
      folded += 1;
      return [...state, (fact.data as { reason: string }).reason];
    },
  };
  const append = (...reasons: string[]) =>
    ledger.append({
      writes: [{ stream: RELEASE, facts: reasons.map(resumed), correlation: 'x' }],
      fences: {},
      raises: {},
    });
  const many = (count: number, from = 0) => Array.from({ length: count }, (_, i) => `${from + i}`);
  const read = async (by = fold) => {
    folded = 0;
    return foldStream({ ledger, snapshots }, RELEASE, by);
  };

  beforeEach(() => {
    ledger = createMemoryLedger({
      state: emptyMemoryLedger(),
      clock: { now: () => Date.now() },
      chance: { id: () => randomUUID() },
      sealing: 'real',
    });
    snapshots = createMemorySnapshots();
  });

  /** What another process finds: the same store, and nothing in memory. */
  const elsewhere = () => {
    snapshots = { ...snapshots };
  };

  it('of few facts folds them all, and in the same process only what came since', async () => {
    await append('a', 'b');
    expect((await read()).state).toEqual(['a', 'b']);
    await append('c');
    expect((await read()).state).toEqual(['a', 'b', 'c']);
    expect(folded).toBe(1);
    elsewhere();
    expect((await read()).at).toMatchObject({ version: 3 });
    expect(folded).toBe(3);
  });

  it('of many facts folds only those after the snapshot, to the same state and place', async () => {
    await append(...many(600));
    await read();
    await append(...many(10, 600));
    elsewhere();
    const { state, at } = await read();
    expect([folded, state]).toEqual([10, many(610)]);
    const whole = await ledger.read(RELEASE);
    expect([at.version, at.head]).toEqual([whole.version, whole.head]);
  });

  it('trusts no snapshot of another fold, nor of another history', async () => {
    await append(...many(600));
    await read();
    await read({ ...fold, name: 'reasons, otherwise' });
    expect(folded).toBe(600);
    elsewhere();
    const { version } = await ledger.read(RELEASE);
    const wrong: Snapshots = {
      ...snapshots,
      load: async () => ({ version, head: 'f'.repeat(64), state: ['wrong'] }),
    };
    expect((await foldStream({ ledger, snapshots: wrong }, RELEASE, fold)).state).toEqual(many(600));
  });
});
