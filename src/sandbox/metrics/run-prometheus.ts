import { mkdir, rm, writeFile } from 'node:fs/promises';
import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { join } from 'node:path';
import type { FoundProgram } from '../../adapters/programs/find-program.ts';
import { type RunningProgram, startProgram } from '../../adapters/programs/start-program.ts';
import { UnavailableError } from '../../errors.ts';
import type { ScrapeTarget } from './scrape-target.ts';

export interface RunOptions {
  program: Pick<FoundProgram, 'command' | 'libraryPath'>;
  scrape: readonly ScrapeTarget[];
  scrapeIntervalMs: number;
  /** Its configuration and samples. What an earlier run left there is removed: its counters are of another world. */
  dataDir: string;
}

/** A Prometheus that ends with this process. */
export interface PrometheusProcess extends AsyncDisposable {
  url: string;
  pid: number;
}

/** Ready after 50 to 200 ms on an idle machine. */
const READY_DEADLINE_MS = 20_000;
const LOOK_AGAIN_MS = 20;

/** Somebody else may take a free port between our look and its start. */
const TRIES = 3;

/**
 * Starts Prometheus on loopback. It is asked as soon as this returns, but scrapes for the first time five to six seconds later: two
 * tickers of five seconds in its discovery, which neither `file_sd`, a reload nor any flag of Prometheus 2.42 shortens (measured).
 * Throws `UnavailableError` with its last words when it does not start.
 */
export async function runPrometheus(options: RunOptions): Promise<PrometheusProcess> {
  await rm(join(options.dataDir, 'samples'), { recursive: true, force: true });
  return runOnSamples(options);
}

/** The same on samples that are there already, under `samples` in `dataDir`. */
export async function runOnSamples({
  program,
  scrape,
  scrapeIntervalMs,
  dataDir,
}: RunOptions): Promise<PrometheusProcess> {
  await mkdir(dataDir, { recursive: true });
  const configuration = join(dataDir, 'prometheus.json');
  await writeFile(configuration, configurationText(scrape, scrapeIntervalMs));
  for (let tries = 1; ; tries += 1) {
    const port = await freePort();
    const running = await startProgram({
      ...program,
      directory: dataDir,
      args: [
        `--config.file=${configuration}`,
        `--storage.tsdb.path=${join(dataDir, 'samples')}`,
        `--web.listen-address=127.0.0.1:${port}`,
        '--log.level=warn',
      ],
    });
    const url = `http://127.0.0.1:${port}`;
    const said = await readyOrEnded(running, url);
    if (said === undefined) return { url, pid: running.pid, [Symbol.asyncDispose]: () => running.stop() };
    if (tries === TRIES || !said.includes('address already in use'))
      throw new UnavailableError(`Prometheus did not start: ${said}`);
  }
}

/** JSON is YAML. */
function configurationText(scrape: readonly ScrapeTarget[], intervalMs: number): string {
  const jobs = scrape.map(({ job, url }) => {
    const { protocol, host, pathname } = new URL(url);
    return {
      job_name: job,
      scheme: protocol.replace(':', ''),
      metrics_path: pathname,
      static_configs: [{ targets: [host] }],
    };
  });
  const interval = `${intervalMs}ms`;
  return JSON.stringify({
    global: { scrape_interval: interval, scrape_timeout: interval, evaluation_interval: interval },
    scrape_configs: jobs,
  });
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** Absent when it is ready; else its last words. */
async function readyOrEnded(running: RunningProgram, url: string): Promise<string | undefined> {
  const until = performance.now() + READY_DEADLINE_MS;
  let over = false;
  void running.ended.then(() => {
    over = true;
  });
  while (!over && performance.now() < until) {
    if (await isReady(url)) return undefined;
    await new Promise((resolve) => setTimeout(resolve, LOOK_AGAIN_MS));
  }
  await running.stop();
  return running.lastWords() || 'it said nothing';
}

async function isReady(url: string): Promise<boolean> {
  try {
    const response = await fetch(`${url}/-/ready`, { signal: AbortSignal.timeout(1_000) });
    await response.arrayBuffer();
    return response.status === 200;
  } catch {
    return false;
  }
}
