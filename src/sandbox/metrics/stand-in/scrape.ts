import type { ScrapeTarget } from '../scrape-target.ts';
import { readExposition } from './read-exposition.ts';
import { type Labels, labelsKey, type SampleStore } from './sample-store.ts';

/** Asks one target again and again, as Prometheus does. */
export interface Scraper {
  /** One look, at `at` (milliseconds since 1970). Never throws: a target that does not answer is `up` 0, and its series end. */
  scrape(at: number, timeoutMs: number): Promise<void>;
}

/** Source: https://prometheus.io/docs/instrumenting/exposition_formats/#protocol-headers */
const ACCEPT = 'text/plain;version=0.0.4;q=1,*/*;q=0.1';

/** A scraper that remembers which series its target showed the last time. */
export function createScraper({ job, url }: ScrapeTarget, store: Pick<SampleStore, 'append'>): Scraper {
  const own = { job, instance: new URL(url).host };
  let shown = new Map<string, Labels>();
  return {
    async scrape(at, timeoutMs) {
      const exposed = await ask(url, timeoutMs);
      const now = new Map<string, Labels>();
      for (const { labels: told, value, at: toldAt } of exposed ?? []) {
        const labels = withOwn(told, own);
        store.append(labels, { at: toldAt ?? at, value });
        // What comes with a time of its own is not ended for it: it says itself until when it holds.
        if (toldAt === undefined) now.set(labelsKey(labels), labels);
      }
      for (const [key, labels] of shown) {
        if (!now.has(key)) store.append(labels, { at, value: 'stale' });
      }
      shown = now;
      store.append({ __name__: 'up', ...own }, { at, value: exposed === undefined ? 0 : 1 });
    },
  };
}

async function ask(url: string, timeoutMs: number) {
  try {
    const response = await fetch(url, {
      headers: { accept: ACCEPT },
      redirect: 'error',
      signal: AbortSignal.timeout(timeoutMs),
    });
    const body = await response.text();
    return response.status === 200 ? readExposition(body) : undefined;
  } catch {
    return undefined;
  }
}

/** The target's labels win over those it shows, which are kept with `exported_` in front (`honor_labels: false`). */
function withOwn(told: Labels, own: Record<string, string>): Labels {
  const kept = Object.entries(told).map(([name, value]) => [name in own ? `exported_${name}` : name, value]);
  return { ...Object.fromEntries(kept), ...own };
}
