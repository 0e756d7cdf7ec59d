import { describe, expect, it } from 'vitest';
import type { Component } from '../../../src/domain/adoption/backstage.ts';
import { UnavailableError } from '../../../src/errors.ts';
import { rememberComponents } from '../../../src/jobs/cut/known-components.ts';
import { createMemoryScratch } from '../../simulation/ports/memory-scratch.ts';

const MINUTE = 60_000;
const orders: Component = {
  name: 'orders',
  owner: 'checkout',
  tier: undefined,
  dependsOn: [],
  applications: [],
  file: 'Backstage',
};

/** A Backstage in a test's hands, on a clock in its hands. */
function open() {
  let now = Date.parse('2026-11-20T10:00:00Z');
  let says: Component[] | Error = [orders];
  let asked = 0;
  const clock = { now: () => now };
  const scratch = createMemoryScratch({ clock });
  const backstage = {
    async read() {
      asked += 1;
      if (says instanceof Error) throw says;
      return { components: says, unusable: [] };
    },
  };
  return {
    remember: () => rememberComponents(backstage, { clock, scratch }, { refreshMs: MINUTE }),
    pass: (ms: number) => {
      now += ms;
    },
    tell: (next: Component[] | Error) => {
      says = next;
    },
    asked: () => asked,
  };
}

describe('what Backstage is known to say', () => {
  it('is asked for once a minute, however often it is wanted', async () => {
    const { remember, pass, asked } = open();
    const known = remember();
    await Promise.all([known.current(), known.current()]);
    pass(MINUTE - 1);
    await known.current();
    expect(asked()).toBe(1);
    pass(1);
    await known.current();
    expect(asked()).toBe(2);
  });

  it('counts on while it is away, with its age, also after a restart, until it is back', async () => {
    const { remember, pass, tell } = open();
    const known = remember();
    await known.current();
    expect(known.trouble()).toBeUndefined();
    tell(new UnavailableError('Backstage answers 500'));
    pass(20 * MINUTE);
    expect(await known.current()).toEqual([orders]);
    expect(known.trouble()).toMatch(/Backstage answers 500.*as it said 20 ?m.* ago/);
    const again = remember();
    expect(await again.current()).toEqual([orders]);
    expect(again.trouble()).toMatch(/20 ?m/);
    tell([]);
    pass(MINUTE);
    expect(await again.current()).toEqual([]);
    expect(again.trouble()).toBeUndefined();
  });

  it('is nothing that could be decided on before it has ever answered', async () => {
    const { remember, tell } = open();
    tell(new UnavailableError('Backstage answers 500'));
    await expect(remember().current()).rejects.toThrow(/not complete: Backstage answers 500/);
  });
});
