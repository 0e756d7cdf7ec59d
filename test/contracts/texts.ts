import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Texts } from '../../src/ports/texts.ts';

/** Texts to be judged, with a retention that has passed after `pastRetention`. */
export interface TextsUnderTest {
  texts: Texts;
  pastRetention(): Promise<void>;
  close(): Promise<void>;
}

export function textsContract(name: string, make: () => Promise<TextsUnderTest>): void {
  describe(`texts, ${name}`, () => {
    let subject: TextsUnderTest;
    let texts: Texts;
    beforeAll(async () => {
      subject = await make();
      texts = subject.texts;
    });
    afterAll(() => subject.close());

    it('are given back as they were put, the newest for each key', async () => {
      await texts.put('a', 'first');
      await texts.put('a', 'second ☂\n');
      expect([await texts.get('a'), await texts.get('b')]).toEqual(['second ☂\n', undefined]);
    });

    it('are gone when they are erased', async () => {
      await texts.put('c', 'x');
      await texts.erase('c');
      await texts.erase('never');
      expect(await texts.get('c')).toBeUndefined();
    });

    it('are gone after their retention, counted from the last time they were put', async () => {
      await texts.put('d', 'x');
      await subject.pastRetention();
      expect(await texts.get('d')).toBeUndefined();
    });
  });
}
