import { isDeepStrictEqual } from 'node:util';
import type { Logger } from 'pino';
import { z } from 'zod';

/** What an object of the API is to us. */
export type Read<T> = { kind: 'kept'; value: T } | { kind: 'unreadable'; reason: string };

/** One object's change: `before` absent for a new one, `after` for one that is gone or cannot be read. */
export interface Change<T> {
  /** `<namespace>/<name>`. */
  key: string;
  before?: T;
  after?: T;
  /** Why it cannot be read although it is there. */
  unreadable?: string;
}

/** The last known form of each object of a kind. */
export interface ObjectStore {
  /** Takes over one object. Answers its version. */
  put(object: unknown): string;
  /** Forgets one object. Answers its version. */
  drop(object: unknown): string;
  /** Takes over a complete list: what is not in it is gone. */
  replace(objects: readonly unknown[]): void;
  /** Nothing is delivered any more. */
  close(): void;
  size(): number;
}

export interface ObjectStoreOptions<T> {
  name: string;
  /** Reduces an object at once to what is needed; the rest is garbage before the next one is read. */
  read(object: unknown): Read<T>;
  /** Called for each object that is another than before. May throw: that costs neither the process nor the next event. */
  onChange(change: Change<T>): void;
  log: Pick<Logger, 'warn' | 'error'>;
}

const Meta = z.object({
  metadata: z.object({ name: z.string(), namespace: z.string(), resourceVersion: z.string() }),
});

/** An object as it was last seen; neither value nor reason for one that is not there. */
interface Item<T> {
  version?: string;
  value?: T;
  unreadable?: string;
}

export function createObjectStore<T>({ name, read, onChange, log }: ObjectStoreOptions<T>): ObjectStore {
  const items = new Map<string, Item<T>>();
  let open = true;

  const take = (key: string, now: Item<T>): void => {
    const before = items.get(key) ?? {};
    if (now.version === undefined) items.delete(key);
    else items.set(key, now);
    if (!open || (before.unreadable === now.unreadable && isDeepStrictEqual(before.value, now.value))) return;
    const { value: after, unreadable } = now;
    try {
      onChange({
        key,
        ...(before.value !== undefined && { before: before.value }),
        ...(after !== undefined && { after }),
        ...(unreadable !== undefined && { unreadable }),
      });
    } catch (err) {
      log.error({ reflector: name, key, err }, 'a listener of the watch failed');
    }
  };
  const put = (object: unknown): string => {
    const { key, version } = identify(object);
    if (items.get(key)?.version === version) return version;
    const now = read(object);
    if (now.kind === 'unreadable')
      log.warn({ reflector: name, key, why: now.reason }, 'an object cannot be read');
    take(key, { version, ...(now.kind === 'kept' ? { value: now.value } : { unreadable: now.reason }) });
    return version;
  };
  return {
    put,
    drop: (object) => {
      const { key, version } = identify(object);
      take(key, {});
      return version;
    },
    replace: (objects) => {
      for (const object of objects) put(object);
      const present = new Set(objects.map((object) => identify(object).key));
      for (const key of [...items.keys()]) if (!present.has(key)) take(key, {});
    },
    close: () => {
      open = false;
    },
    size: () => items.size,
  };
}

function identify(object: unknown): { key: string; version: string } {
  const { metadata } = Meta.parse(object);
  return { key: `${metadata.namespace}/${metadata.name}`, version: metadata.resourceVersion };
}
