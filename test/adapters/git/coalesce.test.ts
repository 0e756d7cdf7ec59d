import { describe, expect, it } from 'vitest';
import { coalesce } from '../../../src/adapters/git/coalesce.ts';

describe('asking together', () => {
  it('shares an answer that was begun after everybody asked, and no other', async () => {
    const gates: { key: string; answer: PromiseWithResolvers<number> }[] = [];
    const ask = coalesce((key) => {
      const answer = Promise.withResolvers<number>();
      gates.push({ key, answer });
      return answer.promise;
    });
    const first = ask('main');
    const joined = [ask('main'), ask('main')];
    const other = ask('next');
    expect(gates.map(({ key }) => key)).toEqual(['main', 'next']);
    gates[0]?.answer.resolve(1);
    expect(await first).toBe(1);
    await expect.poll(() => gates.length).toBe(3);
    gates[2]?.answer.resolve(2);
    gates[1]?.answer.resolve(3);
    expect(await Promise.all(joined)).toEqual([2, 2]);
    expect(await other).toBe(3);
  });

  it('forgets a failure', async () => {
    let runs = 0;
    const ask = coalesce(async () => {
      runs += 1;
      if (runs === 1) throw new Error('away');
      return runs;
    });
    const failing = ask('main');
    const following = ask('main');
    await expect(failing).rejects.toThrow('away');
    expect(await following).toBe(2);
    expect(await ask('main')).toBe(3);
  });
});
