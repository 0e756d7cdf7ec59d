import { describe, expect, it } from 'vitest';
import { UnavailableError } from '../../../src/errors.ts';
import { fewAtOnce } from '../../../src/program/check/few-at-once.ts';
import { type Look, ok } from '../../../src/program/check/finding.ts';
import { lookAtAll } from '../../../src/program/check/look-at-all.ts';

const look = (area: string, look: Look['look']): Look => ({
  area,
  about: 'it',
  fix: 'mend it',
  look,
  withinMs: 50,
});

describe('looking at everything', () => {
  it('goes on when one look fails, hangs or meets a defect, and shows only words of our own', async () => {
    const reports = await lookAtAll([
      look('A', async () => [ok('fine')]),
      look('B', () => Promise.reject(new UnavailableError('it is away'))),
      look('B', () => new Promise(() => undefined)),
      look('A', () => Promise.reject(new TypeError('secret xoxb-1 of undefined'))),
      look('C', async () => [ok('fine too')]),
    ]);
    expect(reports).toEqual([
      {
        area: 'A',
        findings: [
          ok('fine'),
          { kind: 'fault', says: 'it: a defect of this program (TypeError)', fix: 'mend it' },
        ],
      },
      {
        area: 'B',
        findings: [
          { kind: 'fault', says: 'it: it is away', fix: 'mend it' },
          { kind: 'fault', says: 'it: no answer in 0.05 s', fix: 'mend it' },
        ],
      },
      { area: 'C', findings: [ok('fine too')] },
    ]);
  });

  it('has few questions under way at once, and keeps their order', async () => {
    let underWay = 0;
    let most = 0;
    const answers = await fewAtOnce([...Array(40).keys()], async (number) => {
      underWay += 1;
      most = Math.max(most, underWay);
      await new Promise((resolve) => setImmediate(resolve));
      underWay -= 1;
      return number;
    });
    expect(answers).toEqual([...Array(40).keys()]);
    expect(most).toBe(8);
    await expect(fewAtOnce([1, 2], async () => Promise.reject(new Error('no')))).rejects.toThrow('no');
  });
});
