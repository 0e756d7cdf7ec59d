import { randomUUID } from 'node:crypto';
import { ledgerContract } from '../../contracts/ledger.ts';
import { createMemoryLedger, emptyMemoryLedger } from './memory-ledger.ts';

ledgerContract('in memory', async () => {
  const state = emptyMemoryLedger();
  return {
    open: async () =>
      createMemoryLedger({
        state,
        clock: { now: () => Date.now() },
        chance: { id: () => randomUUID() },
        sealing: 'real',
      }),
    async inject(fact) {
      const placed = { ...fact, seq: state.order.length + 1 };
      state.order.push(placed);
      state.streams.get(fact.stream)?.push(placed);
    },
    close: async () => undefined,
  };
});
