import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import type { Snapshots } from '../../src/ports/snapshots.ts';

export interface SnapshotsUnderTest {
  snapshots: Snapshots;
  close(): Promise<void>;
}

export function snapshotsContract(name: string, make: () => Promise<SnapshotsUnderTest>): void {
  describe(`snapshots, ${name}`, () => {
    let subject: SnapshotsUnderTest;
    beforeAll(async () => {
      subject = await make();
    });
    afterAll(() => subject.close());

    it('are kept for each stream and shape, the newest of each', async () => {
      const { snapshots } = subject;
      const at = (version: number) => ({
        version,
        head: `${version}`,
        state: { known: [version], text: '☂' },
      });
      await snapshots.save('environment:prod', 'one', at(1));
      await snapshots.save('environment:prod', 'two', at(2));
      await snapshots.save('environment:dev', 'one', at(3));
      await snapshots.save('environment:prod', 'one', at(4));
      expect(await snapshots.load('environment:prod', 'one')).toEqual(at(4));
      expect(await snapshots.load('environment:prod', 'two')).toEqual(at(2));
      expect(await snapshots.load('environment:dev', 'one')).toEqual(at(3));
      expect(await snapshots.load('environment:dev', 'two')).toBeUndefined();
    });
  });
}
