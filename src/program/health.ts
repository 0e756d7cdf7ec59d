import type { IncomingMessage, ServerResponse } from 'node:http';
import { collectDefaultMetrics, Gauge, Registry } from 'prom-client';

/** One thing that must work, and what is so while it does not. */
export interface Check {
  name: string;
  /** Absent when all is well; else what is wrong and what it means, for whoever is called. */
  trouble(): string | undefined;
  /** Whether requests can be taken in all the same. */
  fatal: boolean;
}

export interface HealthPages {
  routes: { path: string; handler: (request: IncomingMessage, response: ServerResponse) => void }[];
  metrics: Registry;
}

/**
 * `/healthz`: the process answers. `/readyz`: it can take in and carry out requests; every trouble is named, fatal ones make it
 * not ready. `/metrics`: for Prometheus.
 */
export function healthPages(checks: readonly Check[]): HealthPages {
  const metrics = new Registry();
  collectDefaultMetrics({ register: metrics });
  new Gauge({
    name: 'signalbox_trouble',
    help: '1 while a part is in trouble; what it is, is on /readyz.',
    labelNames: ['part'],
    registers: [metrics],
    collect() {
      for (const check of checks) this.set({ part: check.name }, check.trouble() === undefined ? 0 : 1);
    },
  });
  return {
    metrics,
    routes: [
      { path: '/healthz', handler: (_, response) => answer(response, 200, 'ok\n') },
      {
        path: '/readyz',
        handler: (_, response) => {
          const { ready, text } = readiness(checks);
          answer(response, ready ? 200 : 503, text);
        },
      },
      {
        path: '/metrics',
        handler: (_, response) => {
          metrics.metrics().then(
            (text) => answer(response, 200, text, metrics.contentType),
            () => answer(response, 500, ''),
          );
        },
      },
    ],
  };
}

/** Ready unless something fatal is in trouble; every trouble is a line. */
export function readiness(checks: readonly Check[]): { ready: boolean; text: string } {
  const troubles = checks.flatMap((check) => {
    const says = check.trouble();
    return says === undefined ? [] : [{ ...check, says }];
  });
  const ready = !troubles.some(({ fatal }) => fatal);
  const lines = troubles.map(
    ({ name, says, fatal }) => `${fatal ? 'not ready' : 'limited'}: ${name}: ${says}`,
  );
  return { ready, text: `${[...(ready ? ['ready'] : []), ...lines].join('\n')}\n` };
}

function answer(
  response: ServerResponse,
  status: number,
  body: string,
  type = 'text/plain; charset=utf-8',
): void {
  response.writeHead(status, { 'content-type': type, 'cache-control': 'no-store' }).end(body);
}
