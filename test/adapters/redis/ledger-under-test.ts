import { randomUUID } from 'node:crypto';
import { createLeases } from '../../../src/adapters/redis/leases.ts';
import type { Lost } from '../../../src/adapters/redis/ledger.ts';
import { openLedger } from '../../../src/adapters/redis/open-ledger.ts';
import type { Store } from '../../../src/adapters/redis/store.ts';
import type { Ledger } from '../../../src/ports/ledger.ts';

export const clock = { now: () => Date.now() };
export const chance = { id: () => randomUUID() };

/** A program's ledger in a new or an old store, as the bot opens it. */
export function open(
  store: Store,
  options: { installation?: string; onLost?: (lost: Lost) => void } = {},
): Promise<Ledger> {
  const { installation = 'acme', onLost = () => undefined } = options;
  return openLedger({
    store,
    installation,
    clock,
    chance,
    leases: createLeases({ store, installation, chance }),
    onLost,
    restore: async () => undefined,
  });
}
