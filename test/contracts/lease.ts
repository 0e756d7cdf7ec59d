import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Held, Leases, Taken } from '../../src/ports/lease.ts';

/** Leases to be judged. */
export interface LeasesUnderTest {
  /** Those of one worker on the one store. */
  worker(): Promise<Leases>;
  /** A worker that takes the lease and is never heard of again. */
  crashedHolder(name: string): Promise<void>;
  /** Lets so much time pass, in the time the leases live in. */
  pass(ms: number): Promise<void>;
  close(): Promise<void>;
}

/** Leases of every kind run out after this. */
const LEASE_MS = 2_000;

function held(taken: Taken): Held {
  if (taken.kind === 'taken') throw new Error(`somebody else has it for ${taken.freeInMs} ms`);
  return taken.held;
}

export function leaseContract(name: string, make: () => Promise<LeasesUnderTest>): void {
  describe(`leases, ${name}`, () => {
    let subject: LeasesUnderTest;
    let one: Leases;
    let two: Leases;
    beforeAll(async () => {
      subject = await make();
      one = await subject.worker();
      two = await subject.worker();
    });
    afterAll(() => subject.close());

    it('are held by one at a time, until they are given back', async () => {
      const mine = held(await one.take('a'));
      expect(await two.take('a')).toEqual({ kind: 'taken', freeInMs: expect.any(Number) });
      expect(await one.take('a')).toMatchObject({ kind: 'taken' });
      await mine.release();
      expect(mine.stillMine()).toBe(false);
      await held(await two.take('a')).release();
    });

    it('of different names do not know of each other', async () => {
      const [first, second] = [held(await one.take('b1')), held(await two.take('b2'))];
      await Promise.all([first.release(), second.release()]);
    });

    it('carry a number that grows with every taking', async () => {
      const fences = [];
      for (const leases of [one, two, one]) {
        const mine = held(await leases.take('c'));
        fences.push(mine.fence);
        await mine.release();
      }
      expect([...fences].sort((a, b) => a - b)).toEqual(fences);
      expect(new Set(fences).size).toBe(3);
    });

    it('last for as long as their holder lives', async () => {
      const mine = held(await one.take('d'));
      await subject.pass(LEASE_MS * 1.5);
      expect(await two.take('d')).toMatchObject({ kind: 'taken' });
      expect([mine.stillMine(), await mine.confirm(), mine.lost.aborted]).toEqual([true, true, false]);
      await mine.release();
    });

    it('of a holder that is gone run out', async () => {
      await subject.crashedHolder('e');
      expect(await two.take('e')).toMatchObject({ kind: 'taken' });
      await subject.pass(LEASE_MS + 50);
      await held(await two.take('e')).release();
    });

    it('can be seized, and who lost it finds out by asking', async () => {
      const mine = held(await one.take('f'));
      const seized = held(await two.take('f', { seize: true }));
      expect(seized.fence).toBeGreaterThan(mine.fence);
      expect([await mine.confirm(), mine.stillMine(), mine.lost.aborted]).toEqual([false, false, true]);
      await mine.release();
      expect(await seized.confirm()).toBe(true);
      await seized.release();
    });
  });
}
