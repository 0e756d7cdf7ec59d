import { afterAll, afterEach, beforeAll, describe, expect, it } from 'vitest';
import type { ReleaseId } from '../../src/domain/ids.ts';
import { UnavailableError } from '../../src/errors.ts';
import type { Bell, BellHandlers, Bells } from '../../src/ports/bells.ts';

/** Bells to be judged. */
export interface BellsUnderTest {
  bells: Bells;
  /** Milliseconds, in the time that the bells live in. */
  now(): number;
  /** Lets that time pass. */
  pass(ms: number): Promise<void>;
  /** Lets time pass until it is so; throws after some seconds. */
  until(condition: () => boolean): Promise<void>;
  close(): Promise<void>;
}

interface Look {
  bell: Bell;
  at: number;
}

/** What every set of bells does. `make` starts one whose bells are answered by these handlers. */
export function bellsContract(name: string, make: (handlers: BellHandlers) => Promise<BellsUnderTest>): void {
  describe(`bells, ${name}`, () => {
    let subject: BellsUnderTest;
    let bells: Bells;
    const looks: Look[] = [];
    /** What a look does beyond being written down. */
    let act: (bell: Bell) => Promise<void> = async () => undefined;
    let atOnce = 0;
    let mostAtOnce = 0;

    const look = async (bell: Bell) => {
      looks.push({ bell, at: subject.now() });
      atOnce += 1;
      mostAtOnce = Math.max(mostAtOnce, atOnce);
      try {
        await act(bell);
      } finally {
        atOnce -= 1;
      }
    };

    beforeAll(async () => {
      subject = await make({
        request: look,
        release: look,
        recovery: look,
        speak: look,
        incident: look,
        flags: look,
      });
      bells = subject.bells;
    });
    afterAll(() => subject.close());
    afterEach(() => {
      looks.length = 0;
      mostAtOnce = 0;
      act = async () => undefined;
    });

    let releases = 0;
    const fresh = (): { kind: 'release'; release: ReleaseId } => {
      releases += 1;
      return { kind: 'release', release: `prod/checkout-2026-11-20.${releases}` };
    };
    /** Long enough for a look that should not come to come. */
    const quiet = () => subject.pass(300);

    it('answers every kind of ring with a look', async () => {
      const rung: Bell[] = [
        fresh(),
        { kind: 'recovery', release: 'prod/rollback-2026-11-20.1' },
        { kind: 'flags', environment: 'prod' },
        { kind: 'request', id: 'r1' },
        { kind: 'request', id: 'r2', urgent: true },
        { kind: 'speak', subject: 'INC-7' },
        { kind: 'incident', incident: 'INC-7' },
      ];
      await Promise.all(rung.map((bell) => bells.ring(bell)));
      await subject.until(() => looks.length >= rung.length);
      await quiet();
      expect(looks.map(({ bell }) => bell)).toHaveLength(rung.length);
      expect(looks.map(({ bell }) => bell)).toEqual(expect.arrayContaining(rung));
    });

    it('makes one more look of all rings that come during a look, and never looks twice at once', async () => {
      const bell = fresh();
      let rings = 3;
      act = async () => {
        if (rings === 0) return;
        for (; rings > 0; rings--) await bells.ring(bell);
        await subject.pass(50);
      };
      await bells.ring(bell);
      await subject.until(() => looks.length >= 2);
      await quiet();
      expect([looks.length, mostAtOnce]).toEqual([2, 1]);
    });

    it('does not keep one subject waiting for another', async () => {
      const [slow, quick] = [fresh(), fresh()];
      let done = false;
      act = async (bell) => {
        if (bell.kind === 'release' && bell.release === slow.release) await subject.pass(300);
        else done = true;
      };
      await bells.ring(slow);
      await bells.ring(quick);
      await subject.until(() => done);
      expect(atOnce).toBe(1);
      await subject.until(() => atOnce === 0);
    });

    it('rings later when asked to', async () => {
      const bell = fresh();
      const rungAt = subject.now();
      await bells.ring(bell, { delayMs: 300 });
      await subject.until(() => looks.length > 0);
      const late = (looks[0]?.at ?? 0) - rungAt;
      expect(late).toBeGreaterThanOrEqual(299);
      expect(late).toBeLessThan(1_000);
    });

    it('lets the nearest of several later rings count', async () => {
      for (const delays of [
        [60_000, 100],
        [100, 60_000],
      ]) {
        looks.length = 0;
        const bell = fresh();
        for (const delayMs of delays) await bells.ring(bell, { delayMs });
        await subject.until(() => looks.length > 0);
        await quiet();
        expect(looks).toHaveLength(1);
      }
    });

    it('neither loses a ring now to a later one, nor a later one to a ring now', async () => {
      for (const delays of [
        [0, 600],
        [600, 0],
      ]) {
        looks.length = 0;
        const bell = fresh();
        const rungAt = subject.now();
        for (const delayMs of delays) await bells.ring(bell, { delayMs });
        await subject.until(() => looks.length >= 2);
        const [now = 0, later = 0] = looks.map(({ at }) => at - rungAt);
        expect(now).toBeLessThan(400);
        expect(later).toBeGreaterThanOrEqual(599);
      }
    });

    it('keeps a later ring that is made during the look it follows', async () => {
      const bell = fresh();
      act = async () => {
        if (looks.length === 1) await bells.ring(bell, { delayMs: 200 });
      };
      await bells.ring(bell, { delayMs: 100 });
      await subject.until(() => looks.length >= 2);
      await quiet();
      expect(looks).toHaveLength(2);
    });

    it('rings again what failed, and not before it was asked to', async () => {
      const bell = fresh();
      act = async () => {
        if (looks.length === 1) throw new Error('a defect');
        if (looks.length === 2) throw new UnavailableError('away', { retryAfterMs: 800 });
      };
      await bells.ring(bell);
      await subject.until(() => looks.length >= 3);
      const [first = 0, second = 0, third = 0] = looks.map(({ at }) => at);
      expect(second - first).toBeLessThan(750);
      expect(third - second).toBeGreaterThanOrEqual(799);
      await quiet();
      expect(looks).toHaveLength(3);
    });
  });
}
