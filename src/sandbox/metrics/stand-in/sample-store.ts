/** Name (as `__name__`) and labels of a series. */
export type Labels = Readonly<Record<string, string>>;

/** One measured number; `stale` ends a series that its target no longer shows. */
export interface Sample {
  /** Milliseconds since 1970. */
  at: number;
  value: number | 'stale';
}

/** A series with its samples, oldest first. */
export interface Series {
  labels: Labels;
  samples: readonly Sample[];
}

/** Samples in memory. */
export interface SampleStore {
  /** Keeps a sample; one that is not newer than the newest of its series is dropped, as Prometheus does. */
  append(labels: Labels, sample: Sample): void;
  /** Series of a name, in the order they were first seen. */
  named(name: string): readonly Series[];
}

/** Longer than any story and any gate of a sandbox; a shop of fifty pods then takes some 50 MiB. */
const RETENTION_MS = 30 * 60_000;

/** How much may be too old before it is thrown away: moving an array for every sample would be slow. */
const SLACK_MS = 60_000;

/** An empty store. */
export function createSampleStore(): SampleStore {
  const byName = new Map<string, Map<string, { labels: Labels; samples: Sample[] }>>();
  return {
    append(labels, sample) {
      const name = labels['__name__'] ?? '';
      const family = byName.get(name) ?? new Map();
      byName.set(name, family);
      const key = labelsKey(labels);
      const series = family.get(key) ?? { labels, samples: [] };
      family.set(key, series);
      const newest: Sample | undefined = series.samples.at(-1);
      if (newest !== undefined && newest.at >= sample.at) return;
      series.samples.push(sample);
      forget(family, sample.at);
    },
    named: (name) => [...(byName.get(name)?.values() ?? [])],
  };
}

/** One text for equal labels, whatever their order. */
export function labelsKey(labels: Labels): string {
  return JSON.stringify(Object.entries(labels).sort(([a], [b]) => (a < b ? -1 : 1)));
}

function forget(family: Map<string, { samples: Sample[] }>, now: number): void {
  for (const [key, { samples }] of family) {
    const [oldest] = samples;
    if (oldest === undefined || oldest.at > now - RETENTION_MS - SLACK_MS) continue;
    const kept = samples.findIndex(({ at }) => at > now - RETENTION_MS);
    if (kept === -1) family.delete(key);
    else samples.splice(0, kept);
  }
}
