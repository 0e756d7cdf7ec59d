import type { Chance } from '../../ports/clock.ts';
import type { Seen } from '../../ports/seen.ts';
import { keyPrefix } from './keys.ts';
import { results } from './script.ts';
import type { Store } from './store.ts';

/** What was met, in Redis. */
export function createSeen({
  store,
  installation,
  chance,
}: {
  store: Store;
  installation: string;
  chance: Chance;
}): Seen {
  const keyOf = (key: string) => `${keyPrefix(installation)}:seen:${key}`;
  return {
    async first(key, { forMs }) {
      // A try whose answer was lost finds its own mark: it was the first all the same.
      const mark = chance.id();
      const [, present] = await store.run('remember what was met', async (redis) =>
        results(await redis.multi().set(keyOf(key), mark, 'PX', forMs, 'NX').get(keyOf(key)).exec()),
      );
      return present === mark;
    },
  };
}
