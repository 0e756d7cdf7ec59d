import { randomUUID } from 'node:crypto';
import { type Belfry, openBelfry } from '../../../src/adapters/bullmq/belfry.ts';
import { createAlarms } from '../../../src/adapters/redis/alarms.ts';
import { createLeases } from '../../../src/adapters/redis/leases.ts';
import { connectStore, type Store } from '../../../src/adapters/redis/store.ts';
import type { BellHandlers } from '../../../src/ports/bells.ts';
import { silent } from '../../servers/redis.ts';

/** A process's bells, with all they need, on a Redis. */
export interface TestBelfry extends Belfry {
  store: Store;
}

/** `queueUrl`: where its queues are reached, when that is another way than the rest. */
export function startBelfry(url: string, queueUrl = url): TestBelfry {
  const installation = 'acme';
  const store = connectStore(url, silent);
  const alarms = createAlarms({ store, installation });
  const leases = createLeases({ store, installation, chance: { id: () => randomUUID() } });
  const belfry = openBelfry({ url: queueUrl, installation, alarms, leases, log: silent });
  return {
    ...belfry,
    store,
    async close() {
      await belfry.close();
      await store.close();
    },
  };
}

/** Handlers for every kind of bell, which do nothing unless they are given. */
export function handling(handlers: BellHandlers): BellHandlers {
  const idle = async () => undefined;
  return {
    request: idle,
    release: idle,
    recovery: idle,
    speak: idle,
    incident: idle,
    flags: idle,
    ...handlers,
  };
}
