import { createHttp, unreachable } from '../../adapters/http.ts';
import type { Config } from '../../config/schema.ts';
import { type Finding, type Look, ok, warning } from './finding.ts';

/** A server's clock, and ours before and after it was asked, in milliseconds since 1970. */
export interface ClockSample {
  askedAt: number;
  answeredAt: number;
  /** From the `Date` header, which leaves out what is less than a second. */
  serverTime: number;
}

/** From here on alarms, windows of gates and the ages of approvals are noticeably off. Slack refuses nothing below five minutes. */
const NOTICEABLE_MS = 2_000;
const SECOND_MS = 1_000;

/** How far our clock is ahead of a server's at least (behind: negative), in milliseconds; 0 when they may agree. */
export function skewMs({ askedAt, answeredAt, serverTime }: ClockSample): number {
  if (askedAt > serverTime + SECOND_MS) return askedAt - (serverTime + SECOND_MS);
  return answeredAt < serverTime ? answeredAt - serverTime : 0;
}

/** Servers that can be asked what time it is, by how they are called. */
export function clockLooks(
  config: Config,
  clusters: ReadonlyMap<string, () => Promise<number | undefined>>,
): Look[] {
  const { apiUrl } = config.slack;
  const servers = new Map([
    ['Slack', () => dateOf('Slack', `${apiUrl}api.test`)],
    ...Object.entries(config.prometheus).map(
      ([name, { url }]) => [`Prometheus ${name}`, () => dateOf(`Prometheus ${name}`, url)] as const,
    ),
    ...clusters,
  ]);
  return [...servers].map(([name, ask]) => ({
    area: 'Clock',
    about: `the clock of ${name}`,
    fix: 'See that this machine reaches it.',
    look: () => clockFindings(name, ask),
  }));
}

async function clockFindings(name: string, ask: () => Promise<number | undefined>): Promise<Finding[]> {
  const askedAt = Date.now();
  const serverTime = await ask();
  if (serverTime === undefined) return [ok(`${name} does not tell its time`)];
  const skew = skewMs({ askedAt, answeredAt: Date.now(), serverTime });
  if (Math.abs(skew) < NOTICEABLE_MS) return [ok(`this machine agrees with ${name}`)];
  const seconds = Math.round(Math.abs(skew) / SECOND_MS);
  const says = `this machine's clock is ${seconds} s ${skew > 0 ? 'ahead of' : 'behind'} that of ${name}`;
  return [warning(says, 'Synchronise the clocks, for example with chrony or systemd-timesyncd.')];
}

/** Absent when the server does not say; any status will do. */
async function dateOf(name: string, url: string): Promise<number | undefined> {
  const http = createHttp({ timeoutMs: 5_000, maxBytes: 1024 * 1024 });
  const answer = await http.get(url).catch((error: unknown) => {
    throw unreachable(name, error);
  });
  const date = Date.parse(String(answer.headers['date']));
  return Number.isFinite(date) ? date : undefined;
}
