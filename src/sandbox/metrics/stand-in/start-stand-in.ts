import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';
import { graphPage, PAGE_HEADERS } from '../graph-page.ts';
import type { ScrapeTarget } from '../scrape-target.ts';
import { answerQuery } from './answer-query.ts';
import { createSampleStore, type SampleStore } from './sample-store.ts';
import { createScraper } from './scrape.ts';

export interface StandInOptions {
  scrape: readonly ScrapeTarget[];
  scrapeIntervalMs: number;
}

/** Something that answers as Prometheus does. */
export interface StandIn extends AsyncDisposable {
  url: string;
}

/** A query is a few hundred characters. */
const MAX_BODY_BYTES = 64 * 1024;

/**
 * Stands in for Prometheus where none can be had: scrapes the same targets, keeps the samples in memory and answers what the
 * sandbox's gates ask with the numbers Prometheus would give. Everything else it refuses. Listens on loopback only.
 */
export async function startStandIn({ scrape, scrapeIntervalMs }: StandInOptions): Promise<StandIn> {
  const store = createSampleStore();
  const server = createServer((request, response) => {
    answer(request, response, store).catch(() => response.destroy());
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const scraping = scrape.map((target) => scrapeAgain(target, { store, intervalMs: scrapeIntervalMs }));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    async [Symbol.asyncDispose]() {
      await Promise.all(scraping.map((each) => each.stop()));
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

/** Scrapes at whole intervals; a scrape that takes too long is given up before the next is due. */
function scrapeAgain(
  target: ScrapeTarget,
  { store, intervalMs }: { store: SampleStore; intervalMs: number },
): { stop(): Promise<void> } {
  const scraper = createScraper(target, store);
  let timer: NodeJS.Timeout | undefined;
  let running = Promise.resolve();
  let isStopped = false;
  const begin = () => {
    running = scraper.scrape(Date.now(), intervalMs).then(() => {
      if (!isStopped) timer = setTimeout(begin, intervalMs - (Date.now() % intervalMs));
    });
  };
  begin();
  return {
    async stop() {
      isStopped = true;
      clearTimeout(timer);
      await running;
    },
  };
}

async function answer(request: IncomingMessage, response: ServerResponse, store: SampleStore): Promise<void> {
  const url = new URL(request.url ?? '/', 'http://stand-in');
  const { method = '' } = request;
  if (url.pathname === '/api/v1/query' && (method === 'GET' || method === 'POST')) {
    const parameters = method === 'GET' ? url.searchParams : new URLSearchParams(await readBody(request));
    const { status, body } = answerQuery(parameters, { store, now: Date.now() });
    response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body));
  } else if (url.pathname === '/-/ready' && method === 'GET') {
    response.writeHead(200, { 'content-type': 'text/plain' }).end('The stand-in for Prometheus is ready.\n');
  } else if (url.pathname === '/graph' && method === 'GET') {
    const page = await graphPage(url.searchParams, `http://127.0.0.1:${request.socket.localPort}`);
    response.writeHead(200, PAGE_HEADERS).end(page);
  } else {
    response.writeHead(404, { 'content-type': 'text/plain' }).end('404 page not found\n');
  }
}

async function readBody(request: IncomingMessage): Promise<string> {
  const parts: Buffer[] = [];
  let bytes = 0;
  for await (const part of request) {
    bytes += part.length;
    if (bytes > MAX_BODY_BYTES) throw new Error('the body is too long');
    parts.push(part);
  }
  return Buffer.concat(parts).toString();
}
