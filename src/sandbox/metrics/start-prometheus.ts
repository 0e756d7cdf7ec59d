import { type FoundProgram, findProgram, PROMETHEUS } from '../../adapters/programs/find-program.ts';
import { TerminalError, UnavailableError } from '../../errors.ts';
import { type PrometheusProcess, runPrometheus } from './run-prometheus.ts';
import type { ScrapeTarget } from './scrape-target.ts';
import { serveGraph } from './serve-graph.ts';
import { startStandIn } from './stand-in/start-stand-in.ts';

export interface StartPrometheusOptions {
  /** What shows metrics; it must listen already. */
  scrape: readonly ScrapeTarget[];
  scrapeIntervalMs: number;
  /** Folder that lasts, for a Prometheus that has to be fetched, such as `~/.cache/signalbox/programs`. */
  cacheDirectory: string;
  /** The PATH variable. */
  path: string;
  /** Folder for its samples; those of an earlier run are removed. */
  dataDir: string;
  /** How long fetching may take before the stand-in is started instead; absent: 30 s. It goes on, for the next time. */
  fetchWithinMs?: number;
}

/** A Prometheus for the sandbox, or what stands in for it. */
export interface RunningPrometheus extends AsyncDisposable {
  /** Base address of its API. */
  url: string;
  /** Base address under which `/graph?g0.expr=…` shows a query to a person. */
  externalUrl: string;
  how: 'real' | 'standIn';
  /** Why it is the stand-in, for people; absent for the real one. */
  why?: string;
}

/** Three times what a slow line took for the 19 MB of Debian's package. */
const FETCH_WITHIN_MS = 30_000;

/**
 * A Prometheus that scrapes these targets and ends with this process: the machine's own, else Debian's package unpacked into the
 * cache (nothing is installed), else the stand-in. The real one has its first sample after six seconds, see `runPrometheus`.
 */
export async function startPrometheus(options: StartPrometheusOptions): Promise<RunningPrometheus> {
  const found = await find(options);
  if (typeof found === 'string') return standIn(options, found);
  try {
    return await real(await runPrometheus({ ...options, program: found }), found.how);
  } catch (error) {
    if (error instanceof UnavailableError) return standIn(options, error.message);
    throw error;
  }
}

async function standIn(options: StartPrometheusOptions, why: string): Promise<RunningPrometheus> {
  const started = await startStandIn(options);
  return { ...started, externalUrl: started.url, how: 'standIn', why };
}

/** Debian keeps Prometheus's pages apart, below `/usr/share`, so that one which was only unpacked shows none. */
async function real(running: PrometheusProcess, how: FoundProgram['how']): Promise<RunningPrometheus> {
  const { url } = running;
  if (how === 'found') return { ...running, externalUrl: url, how: 'real' };
  const graph = await serveGraph(url);
  return {
    url,
    externalUrl: graph.url,
    how: 'real',
    async [Symbol.asyncDispose]() {
      await graph[Symbol.asyncDispose]();
      await running[Symbol.asyncDispose]();
    },
  };
}

/** The program, or why there is none. */
async function find(options: StartPrometheusOptions): Promise<FoundProgram | string> {
  const { fetchWithinMs = FETCH_WITHIN_MS } = options;
  const timeOut = Promise.withResolvers<string>();
  const timer = setTimeout(
    () => timeOut.resolve(`Fetching Prometheus takes longer than ${fetchWithinMs / 1000} s.`),
    fetchWithinMs,
  );
  const looking = findProgram(PROMETHEUS, options).then(
    (program) => program ?? 'This machine has no Prometheus, and no apt-get to fetch it with.',
    (error: unknown) => {
      if (error instanceof TerminalError) return error.message;
      throw error;
    },
  );
  return Promise.race([looking, timeOut.promise]).finally(() => clearTimeout(timer));
}
