import { hash } from 'node:crypto';
import { z } from 'zod';
import type { StreamId } from '../../domain/ids.ts';
import type { Snapshots } from '../../ports/snapshots.ts';
import { keyPrefix } from './keys.ts';
import type { Store } from './store.ts';

const Kept = z.object({ version: z.int().positive(), head: z.string(), state: z.unknown() });

/** A stream that nobody read for so long is read whole when somebody does. */
const KEPT_MS = 90 * 24 * 3600 * 1000;

/** Snapshots in Redis, one for each stream and shape. */
export function createSnapshots({ store, installation }: { store: Store; installation: string }): Snapshots {
  const keyOf = (stream: StreamId, shape: string) =>
    `${keyPrefix(installation)}:snapshot:${hash('sha256', shape).slice(0, 16)}:${stream}`;
  return {
    async load(stream, shape) {
      const json = await store.run(`load the snapshot of ${stream}`, (redis) =>
        redis.get(keyOf(stream, shape)),
      );
      return json === null ? undefined : Kept.parse(JSON.parse(json));
    },
    async save(stream, shape, { version, head, state }) {
      const json = JSON.stringify({ version, head, state });
      await store.run(`save the snapshot of ${stream}`, (redis) =>
        redis.set(keyOf(stream, shape), json, 'PX', KEPT_MS),
      );
    },
  };
}
