import { buttonStoreContract } from '../../contracts/button-store.ts';
import { inboxContract } from '../../contracts/inbox.ts';
import { leaseContract } from '../../contracts/lease.ts';
import { scratchContract } from '../../contracts/scratch.ts';
import { snapshotsContract } from '../../contracts/snapshots.ts';
import { textsContract } from '../../contracts/texts.ts';
import { tokensContract } from '../../contracts/tokens.ts';
import { createMemoryButtons } from './memory-buttons.ts';
import { createMemoryInbox } from './memory-inbox.ts';
import { createMemoryLeases, emptyMemoryLeases } from './memory-lease.ts';
import { createMemoryScratch } from './memory-scratch.ts';
import { createMemorySnapshots } from './memory-snapshots.ts';
import { createMemoryTexts } from './memory-texts.ts';
import { createMemoryTokens } from './memory-tokens.ts';

const close = async () => undefined;

function virtualClock() {
  let now = Date.parse('2026-11-20T10:00:00Z');
  return {
    clock: { now: () => now },
    async pass(ms: number) {
      now += ms;
    },
  };
}

inboxContract('in memory', async () => ({
  inbox: createMemoryInbox({ clock: virtualClock().clock }),
  close,
}));

textsContract('in memory', async () => {
  const { clock, pass } = virtualClock();
  return { texts: createMemoryTexts({ clock, retentionMs: 1_000 }), pastRetention: () => pass(1_001), close };
});

snapshotsContract('in memory', async () => ({ snapshots: createMemorySnapshots(), close }));

scratchContract('in memory', async () => {
  const { clock, pass } = virtualClock();
  return { scratch: createMemoryScratch({ clock }), pass, close };
});

tokensContract('in memory', async () => {
  const { clock, pass } = virtualClock();
  return { tokens: createMemoryTokens({ clock }), pass, close };
});

buttonStoreContract('in memory', async () => ({ buttons: createMemoryButtons(), close }));

leaseContract('in memory', async () => {
  const { clock, pass } = virtualClock();
  const state = emptyMemoryLeases();
  return {
    worker: async () => createMemoryLeases({ state, clock }),
    async crashedHolder(name) {
      await createMemoryLeases({ state, clock, renews: () => false }).take(name);
    },
    pass,
    close,
  };
});
