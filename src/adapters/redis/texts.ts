import type { Texts } from '../../ports/texts.ts';
import { keyPrefix } from './keys.ts';
import type { Store } from './store.ts';

interface TextsOptions {
  store: Store;
  installation: string;
  /** Milliseconds after which a text is gone, counted from when it was last put. */
  retentionMs: number;
}

/** Texts in Redis. What is put was redacted by whoever puts it. */
export function createTexts({ store, installation, retentionMs }: TextsOptions): Texts {
  const keyOf = (key: string) => `${keyPrefix(installation)}:text:${key}`;
  return {
    async put(key, text) {
      await store.run('keep a text', (redis) => redis.set(keyOf(key), text, 'PX', retentionMs));
    },
    async get(key) {
      return (await store.run('read a text', (redis) => redis.get(keyOf(key)))) ?? undefined;
    },
    async erase(key) {
      await store.run('erase a text', (redis) => redis.del(keyOf(key)));
    },
  };
}
