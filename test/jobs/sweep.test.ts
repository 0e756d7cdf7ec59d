import { describe, expect, it } from 'vitest';
import { UnavailableError } from '../../src/errors.ts';
import { sweep } from '../../src/jobs/sweep.ts';
import type { Bell } from '../../src/ports/bells.ts';
import { request } from '../contracts/inbox.ts';
import { RELEASE, resumed } from '../domain/ledger/facts.ts';
import { createMemoryInbox } from '../simulation/ports/memory-inbox.ts';
import { createMemoryLedger, emptyMemoryLedger } from '../simulation/ports/memory-ledger.ts';

const NOW = Date.parse('2026-11-20T10:00:00Z');

describe('the sweep', () => {
  const clock = { now: () => NOW };
  const prepare = async () => {
    let ids = 0;
    const chance = { id: () => `f${++ids}` };
    const ledger = createMemoryLedger({ state: emptyMemoryLedger(), clock, chance, sealing: 'real' });
    const inbox = createMemoryInbox({ clock });
    await inbox.accept(request('old', new Date(NOW - 6_000).toISOString()));
    await inbox.accept(request('new', new Date(NOW - 1_000).toISOString()));
    const write = { stream: RELEASE, facts: [resumed('x')], correlation: 'x' };
    await ledger.append({ writes: [write], fences: {}, raises: {}, opens: [RELEASE, 'incident:INC-1'] });
    return { ledger, inbox, clock };
  };
  const bellFor = async (stream: string): Promise<Bell | undefined> =>
    stream === RELEASE ? { kind: 'release', release: 'prod/checkout-2026-11-20.1' } : undefined;

  it('rings for open streams that somebody looks at, and for requests that are overdue', async () => {
    const rung: Bell[] = [];
    const bells = {
      ring: async (bell: Bell) => {
        rung.push(bell);
      },
    };
    await sweep({ ...(await prepare()), bells }, bellFor);
    expect(rung).toEqual([
      { kind: 'request', id: 'old' },
      { kind: 'release', release: 'prod/checkout-2026-11-20.1' },
    ]);
  });

  it('rings for the rest when one ring is not taken, and says so', async () => {
    const rung: Bell[] = [];
    const bells = {
      ring: async (bell: Bell) => {
        if (bell.kind === 'request') throw new UnavailableError('away');
        rung.push(bell);
      },
    };
    await expect(sweep({ ...(await prepare()), bells }, bellFor)).rejects.toThrow(UnavailableError);
    expect(rung).toHaveLength(1);
  });
});
