import type { Scratch } from '../../ports/scratch.ts';
import { keyPrefix } from './keys.ts';
import type { Store } from './store.ts';

/** Scratch in Redis. */
export function createScratch({ store, installation }: { store: Store; installation: string }): Scratch {
  const keyOf = (key: string) => `${keyPrefix(installation)}:scratch:${key}`;
  return {
    async get(key) {
      const json = await store.run('read scratch', (redis) => redis.get(keyOf(key)));
      return json === null ? undefined : JSON.parse(json);
    },
    async put(key, value, ttlMs) {
      await store.run('keep scratch', (redis) => redis.set(keyOf(key), JSON.stringify(value), 'PX', ttlMs));
    },
  };
}
