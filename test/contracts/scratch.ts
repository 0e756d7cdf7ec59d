import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Scratch } from '../../src/ports/scratch.ts';

export interface ScratchUnderTest {
  scratch: Scratch;
  pass(ms: number): Promise<void>;
  close(): Promise<void>;
}

export function scratchContract(name: string, make: () => Promise<ScratchUnderTest>): void {
  describe(`scratch, ${name}`, () => {
    let subject: ScratchUnderTest;
    beforeAll(async () => {
      subject = await make();
    });
    afterAll(() => subject.close());

    it('keeps a value for its time', async () => {
      const { scratch, pass } = subject;
      await scratch.put('a', { taken: [1, null, '☂'] }, 60_000);
      await scratch.put('b', 'soon gone', 50);
      expect(await scratch.get('b')).toBe('soon gone');
      await pass(100);
      expect(await scratch.get('a')).toEqual({ taken: [1, null, '☂'] });
      expect(await scratch.get('b')).toBeUndefined();
      expect(await scratch.get('never')).toBeUndefined();
    });
  });
}
