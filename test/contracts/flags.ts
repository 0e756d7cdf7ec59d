import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { FlagRef } from '../../src/domain/flag/flag-ref.ts';
import type { FlagSeen, FlagWanted } from '../../src/domain/flag/flag-setting.ts';
import type { Flags } from '../../src/ports/flags.ts';

/** A provider, and what somebody else does there. */
export interface FlagsUnderTest {
  flags: Flags;
  /** Where its flags are. */
  place: Omit<FlagRef, 'key'>;
  /** Makes a flag of true and false, off. */
  add(key: string): Promise<void>;
  /** Somebody else turns it on, for this percentage of everybody. */
  turnedByHand(key: string, share: number): Promise<void>;
  close(): Promise<void>;
}

/** What everybody who can set flags must keep. */
export function flagsContract(name: string, make: () => Promise<FlagsUnderTest>): void {
  describe(`flags, ${name}`, () => {
    let subject: FlagsUnderTest;
    beforeAll(async () => {
      subject = await make();
    });
    afterAll(() => subject?.close());
    const refOf = (key: string): FlagRef => ({ ...subject.place, key });
    const seen = async (key: string): Promise<FlagSeen> => {
      const answer = await subject.flags.read(refOf(key));
      if (answer.kind !== 'seen') throw new Error(`${key}: ${answer.says}`);
      return answer.seen;
    };
    const set = (key: string, to: FlagWanted, expects?: string) =>
      subject.flags.set({ ref: refOf(key), to, expects, note: 'test' });

    it('are off, and false for everybody, when they are new', async () => {
      await subject.add('new');
      expect((await seen('new')).setting).toEqual({ on: false, share: 0, value: false, audience: [] });
    });

    it('are turned up step by step and off again, each with what was before', async () => {
      await subject.add('ramp');
      const shares: (number | undefined)[] = [];
      for (const share of [1, 10, 50, 100]) {
        const { revision } = await seen('ramp');
        const done = await set('ramp', { on: true, share }, revision);
        if (done.kind !== 'done') throw new Error(JSON.stringify(done));
        shares.push(done.before.share, done.after.share);
      }
      expect(shares).toEqual([0, 1, 1, 10, 10, 50, 50, 100]);
      expect((await seen('ramp')).setting).toMatchObject({ on: true, share: 100, value: true });
      expect(await set('ramp', { on: false })).toMatchObject({
        kind: 'done',
        before: { on: true, share: 100 },
        after: { on: false, share: 0, value: false },
      });
    });

    it('are found as they are to be, whoever made them so', async () => {
      await subject.add('twice');
      const { revision } = await seen('twice');
      expect(await set('twice', { on: true, share: 10 }, revision)).toMatchObject({ kind: 'done' });
      // The answer was lost, and what was seen is seen no more.
      expect(await set('twice', { on: true, share: 10 }, revision)).toMatchObject({ kind: 'found' });
      expect(await set('twice', { on: false })).toMatchObject({ kind: 'done' });
      expect(await set('twice', { on: false })).toMatchObject({ kind: 'found', before: { on: false } });
    });

    it('are not turned where somebody else turned them meanwhile, but off all the same', async () => {
      await subject.add('contested');
      const { revision } = await seen('contested');
      await subject.turnedByHand('contested', 50);
      expect(await set('contested', { on: true, share: 10 }, revision)).toMatchObject({
        kind: 'refused',
        why: 'stale',
      });
      expect((await seen('contested')).setting).toMatchObject({ on: true, share: 50 });
      expect(await set('contested', { on: false })).toMatchObject({ kind: 'done', before: { share: 50 } });
    });

    it('are missing where there are none', async () => {
      expect(await subject.flags.read(refOf('no-such-flag'))).toMatchObject({ kind: 'missing' });
      expect(await set('no-such-flag', { on: false })).toMatchObject({ kind: 'refused', why: 'missing' });
      await subject.add('elsewhere');
      const nowhere = { ...refOf('elsewhere'), environment: 'no-such-environment' };
      expect(await subject.flags.read(nowhere)).toMatchObject({ kind: 'missing' });
    });

    it('tell whether they may be set, and where there is nothing', async () => {
      await subject.add('any');
      expect(await subject.flags.access(subject.place)).toMatchObject({ kind: 'writes' });
    });
  });
}
