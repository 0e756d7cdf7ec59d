import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { describe, expect, it } from 'vitest';
import { createSampleStore, type Sample } from '../../../../src/sandbox/metrics/stand-in/sample-store.ts';
import { createScraper } from '../../../../src/sandbox/metrics/stand-in/scrape.ts';

/** A target that shows what it is told to, and a store that scrapes it. */
async function scraping() {
  let shows: { status?: number; text: string } | 'hang' = { text: '' };
  const server = createServer((_, response) => {
    if (shows === 'hang') return;
    response.writeHead(shows.status ?? 200, { 'content-type': 'text/plain; version=0.0.4' });
    response.end(shows.text);
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const instance = `127.0.0.1:${(server.address() as AddressInfo).port}`;
  const store = createSampleStore();
  const scraper = createScraper({ job: 'shop', url: `http://${instance}/metrics` }, store);
  return {
    instance,
    store,
    async scrape(at: number, now: typeof shows) {
      shows = now;
      await scraper.scrape(at, 200);
    },
    samples: (name: string): Sample[] => store.named(name).flatMap(({ samples }) => [...samples]),
    async [Symbol.asyncDispose]() {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

describe('a scrape', () => {
  it('keeps what is shown under the names of its target', async () => {
    await using target = await scraping();
    await target.scrape(1000, { text: 'a{job="theirs",x="1"} 5\n' });
    expect(target.store.named('a')).toEqual([
      {
        labels: { __name__: 'a', exported_job: 'theirs', x: '1', job: 'shop', instance: target.instance },
        samples: [{ at: 1000, value: 5 }],
      },
    ]);
    expect(target.samples('up')).toEqual([{ at: 1000, value: 1 }]);
  });

  it('ends a series that is not shown any more, and begins it again', async () => {
    await using target = await scraping();
    await target.scrape(1000, { text: 'a 1\nb 1\n' });
    await target.scrape(2000, { text: 'b 2\n' });
    await target.scrape(3000, { text: 'a 3\nb 3\n' });
    expect(target.samples('a').map(({ value }) => value)).toEqual([1, 'stale', 3]);
    expect(target.samples('b').map(({ value }) => value)).toEqual([1, 2, 3]);
  });

  it.each<[string, { status?: number; text: string } | 'hang']>([
    ['answers with an error', { status: 500, text: 'a 2\n' }],
    ['shows something else', { text: 'a 2\n<html>\n' }],
    ['does not answer in time', 'hang'],
  ])('of a target that %s ends everything, and says so', async (_, now) => {
    await using target = await scraping();
    await target.scrape(1000, { text: 'a 1\n' });
    await target.scrape(2000, now);
    expect(target.samples('a').map(({ value }) => value)).toEqual([1, 'stale']);
    expect(target.samples('up').map(({ value }) => value)).toEqual([1, 0]);
  });

  it('keeps the times that a target gives', async () => {
    await using target = await scraping();
    await target.scrape(9000, { text: 'a 1 5000\n' });
    await target.scrape(10_000, { text: 'a 1 5000\n' });
    await target.scrape(11_000, { text: '' });
    expect(target.samples('a')).toEqual([{ at: 5000, value: 1 }]);
  });
});

describe('the samples kept', () => {
  it('are those of the last half hour', () => {
    const store = createSampleStore();
    for (let minute = 0; minute <= 120; minute += 1) {
      store.append({ __name__: 'a', kept: 'yes' }, { at: minute * 60_000, value: minute });
      if (minute < 10) store.append({ __name__: 'a', kept: 'no' }, { at: minute * 60_000, value: minute });
    }
    const [series, ...others] = store.named('a');
    expect(others).toEqual([]);
    expect(series?.samples[0]?.value).toBeGreaterThanOrEqual(89);
    expect(series?.samples[0]?.value).toBeLessThanOrEqual(91);
  });
});
