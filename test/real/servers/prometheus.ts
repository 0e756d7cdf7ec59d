import { writeFile } from 'node:fs/promises';
import { dirname, join } from 'node:path';
import { PROMETHEUS } from '../../../src/adapters/programs/find-program.ts';
import { runCommand } from '../../../src/adapters/programs/run-command.ts';
import { runOnSamples } from '../../../src/sandbox/metrics/run-prometheus.ts';
import type { HistorySample } from '../../sandbox/metrics/history.ts';
import { opened, temporaryFolder } from '../opened.ts';
import { realProgram } from '../programs.ts';

/** A Prometheus that scrapes nothing and knows a history. */
export interface HistoricPrometheus extends AsyncDisposable {
  url: string;
}

/** Starts it on samples that are written the way a backfill is done, so that no test has to live through its own past. */
export function startOnHistory(samples: readonly HistorySample[]): Promise<HistoricPrometheus> {
  return opened(async (open) => {
    const program = await realProgram(PROMETHEUS);
    const dataDir = await temporaryFolder(open, 'prometheus');
    const history = join(dataDir, 'history.txt');
    await writeFile(history, openMetrics(samples));
    const promtool = join(dirname(program.command), 'promtool');
    const blocks = join(dataDir, 'samples');
    const command = [promtool, 'tsdb', 'create-blocks-from', 'openmetrics', history, blocks];
    const made = await runCommand(command, { timeoutMs: 30_000 });
    if (made.code !== 0) throw new Error(`promtool: ${made.stderr}`);
    const { url } = open.use(await runOnSamples({ program, scrape: [], scrapeIntervalMs: 1_000, dataDir }));
    return { url };
  });
}

/** Source: https://github.com/prometheus/OpenMetrics/blob/main/specification/OpenMetrics.md#timestamps */
function openMetrics(samples: readonly HistorySample[]): string {
  const lines = samples
    .toSorted((a, b) => compare(a.series, b.series) || a.at - b.at)
    .map(({ series, value, at }) => `${series} ${spell(value)} ${(at / 1000).toFixed(3)}\n`);
  return `${lines.join('')}# EOF\n`;
}

function compare(a: string, b: string): number {
  return a < b ? -1 : Number(a > b);
}

function spell(value: number): string {
  if (Math.abs(value) !== Number.POSITIVE_INFINITY) return String(value);
  return value > 0 ? '+Inf' : '-Inf';
}
