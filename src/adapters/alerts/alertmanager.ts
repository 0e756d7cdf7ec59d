import { z } from 'zod';
import type { OpenAlert, SourceAnswer } from '../../domain/incident/open-alert.ts';
import { UnavailableError } from '../../errors.ts';
import { ask, type Source } from './ask.ts';

/** An Alertmanager, and how its alerts say what they are about. */
export interface AlertmanagerSource extends Source {
  /** Matchers as in its routes, such as `severity="page"`; empty: every alert counts. */
  matchers: readonly string[];
  /** Labels that name our service and our environment. */
  serviceLabel: string;
  environmentLabel: string;
}

const NAME = 'Alertmanager';
const MOST_TITLE = 120;

/** Source: prometheus/alertmanager, api/v2/openapi.yaml, `gettableAlerts`. */
const Alerts = z.array(
  z.object({
    labels: z.record(z.string(), z.string()),
    annotations: z.record(z.string(), z.string()).default({}),
    startsAt: z.string(),
    generatorURL: z.string().optional(),
    status: z.object({ state: z.enum(['active', 'suppressed', 'unprocessed']) }),
  }),
);

/** Every alert that somebody is called for now: not silenced, not inhibited, not muted. */
export async function askAlertmanager(source: AlertmanagerSource): Promise<SourceAnswer> {
  const query = new URLSearchParams([
    ['active', 'true'],
    ['silenced', 'false'],
    ['inhibited', 'false'],
    ...source.matchers.map((matcher): [string, string] => ['filter', matcher]),
  ]);
  const body = await ask(NAME, source, { path: `api/v2/alerts?${query}` });
  const read = Alerts.safeParse(body);
  if (!read.success) throw new UnavailableError(`${NAME} answers with something else than its contract says`);
  const alerts = read.data
    .filter(({ status }) => status.state !== 'suppressed')
    .map(({ labels, annotations, startsAt, generatorURL }): OpenAlert => {
      const service = labels[source.serviceLabel];
      const environment = labels[source.environmentLabel];
      const title = annotations['summary'] ?? labels['alertname'] ?? 'an alert without a name';
      return {
        title: title.slice(0, MOST_TITLE),
        since: startsAt,
        ...(generatorURL && { link: generatorURL }),
        ...(service !== undefined && { service }),
        ...(environment !== undefined && { environment }),
      };
    });
  return { kind: 'told', source: NAME, alerts, doubts: [] };
}
