import type { Clock } from '../../../src/ports/clock.ts';
import type { Scratch } from '../../../src/ports/scratch.ts';

/** The in-memory twin of the scratch. Values go through JSON, as they do in Redis. */
export function createMemoryScratch({ clock }: { clock: Clock }): Scratch {
  const kept = new Map<string, { json: string; until: number }>();
  return {
    async get(key) {
      const found = kept.get(key);
      return found && found.until > clock.now() ? JSON.parse(found.json) : undefined;
    },
    async put(key, value, ttlMs) {
      kept.set(key, { json: JSON.stringify(value), until: clock.now() + ttlMs });
    },
  };
}
