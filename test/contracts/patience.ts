import { describe, expect, it } from 'vitest';
import type { Patience } from '../../src/ports/patience.ts';

export interface PatienceUnderTest {
  patience: Patience;
  pass(ms: number): Promise<void>;
}

/** What every implementation of the port does. */
export function patienceContract(name: string, make: () => PatienceUnderTest): void {
  describe(`patience, ${name}`, () => {
    it('gives what work comes to, and what it throws', async () => {
      const { patience, pass } = make();
      const works = Promise.all([
        patience.within(60_000, Promise.resolve(7)),
        patience.within(60_000, Promise.reject(new Error('no'))).catch((error: Error) => error.message),
      ]);
      await pass(1);
      expect(await works).toEqual([{ kind: 'done', value: 7 }, 'no']);
    });

    it('ends for work that does not, whatever becomes of that later', async () => {
      const { patience, pass } = make();
      const hung = Promise.withResolvers<number>();
      const waited = patience.within(20, hung.promise);
      await pass(40);
      expect(await waited).toEqual({ kind: 'late' });
      hung.reject(new Error('too late to matter'));
      await pass(1);
    });
  });
}
