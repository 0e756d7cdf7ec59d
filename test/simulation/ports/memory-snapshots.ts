import type { Snapshot, Snapshots } from '../../../src/ports/snapshots.ts';

/** The in-memory twin of the snapshots. States go through JSON, as they do in Redis. */
export function createMemorySnapshots(): Snapshots {
  const kept = new Map<string, string>();
  return {
    async load(stream, shape) {
      const json = kept.get(`${shape} ${stream}`);
      return json === undefined ? undefined : (JSON.parse(json) as Snapshot);
    },
    async save(stream, shape, snapshot) {
      kept.set(`${shape} ${stream}`, JSON.stringify(snapshot));
    },
  };
}
