import type { Leases, Taken } from '../../ports/lease.ts';

/** How long a lease waits for the ring that it was taken for, in milliseconds. */
const KEPT_MS = 500;

/** Leases, some of which are taken before they are needed. */
export interface EarlyLeases {
  /**
   * Begins to take a lease. What is written to the same Redis at the same time costs one flush of its disk together with it,
   * where one after the other costs two. Given back when nobody takes it over. Never throws.
   */
  expect(name: string): void;
  /** Takes over what was begun, or takes it now. Throws what `Leases.take` throws. */
  take(name: string): Promise<Taken>;
}

export function createEarlyLeases(leases: Leases): EarlyLeases {
  const begun = new Map<string, { taking: Promise<Taken>; timer: NodeJS.Timeout }>();
  const giveBack = (name: string): void => {
    const found = begun.get(name);
    begun.delete(name);
    void found?.taking.then((taken) => (taken.kind === 'mine' ? taken.held.release() : undefined));
  };
  return {
    expect(name) {
      if (begun.has(name)) return;
      const taking = leases.take(name).catch((): Taken => ({ kind: 'taken', freeInMs: 0 }));
      begun.set(name, { taking, timer: setTimeout(() => giveBack(name), KEPT_MS).unref() });
    },
    async take(name) {
      const found = begun.get(name);
      if (found === undefined) return leases.take(name);
      begun.delete(name);
      clearTimeout(found.timer);
      const taken = await found.taking;
      return taken.kind === 'mine' && taken.held.stillMine() ? taken : leases.take(name);
    },
  };
}
