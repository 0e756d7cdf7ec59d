import { createHmac } from 'node:crypto';
import canonicalize from 'canonicalize';
import { Request } from '../../domain/request.ts';
import type { ButtonStore } from '../../ports/button-store.ts';
import { keyPrefix } from './keys.ts';
import type { Store } from './store.ts';

/** Counted from when it was last put: a board that is still drawn keeps its buttons. */
const KEPT_MS = 90 * 24 * 3600 * 1000;

/** 192 bits: nobody guesses one, and it fits into a button's value and an action's id many times over. */
const ID_CHARACTERS = 32;

interface ButtonStoreOptions {
  store: Store;
  installation: string;
  /** Known to this installation only; another secret gives other ids, and the buttons of the old one end. */
  secret: string;
}

/** Buttons in Redis. */
export function createButtonStore({ store, installation, secret }: ButtonStoreOptions): ButtonStore {
  const keyOf = (id: string) => `${keyPrefix(installation)}:button:${id}`;
  return {
    async put(request) {
      const id = buttonId(secret, request);
      await store.run('keep a button', (redis) =>
        redis.set(keyOf(id), JSON.stringify(request), 'PX', KEPT_MS),
      );
      return id;
    },
    async get(id) {
      const json = await store.run('read a button', (redis) => redis.get(keyOf(id)));
      // What another version wrote and this one cannot read is as good as gone: the button explains itself.
      return json === null ? undefined : Request.safeParse(JSON.parse(json)).data;
    },
  };
}

/** The same for the same request, whatever the order of its keys. */
export function buttonId(secret: string, request: Request): string {
  const text = canonicalize(request) ?? '';
  return createHmac('sha256', secret).update(text).digest('base64url').slice(0, ID_CHARACTERS);
}
