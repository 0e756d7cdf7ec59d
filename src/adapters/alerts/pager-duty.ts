import { z } from 'zod';
import type { OpenAlert, SourceAnswer } from '../../domain/incident/open-alert.ts';
import { UnavailableError } from '../../errors.ts';
import { ask, type Source } from './ask.ts';

/** PagerDuty by its REST API. */
export interface PagerDutySource extends Source {
  /** Our service to theirs. Empty: every high-urgency incident of the account counts, whatever it is about. */
  services: Readonly<Record<string, string>>;
}

const NAME = 'PagerDuty';
const MOST_TITLE = 120;
/** The most that one page may have. Source: https://developer.pagerduty.com/docs/pagination */
const PAGE = 100;
/** More open incidents than this and nobody ships anything. */
const MOST_PAGES = 5;
/** Side by side: an account may ask 960 times a minute. Source: https://developer.pagerduty.com/docs/rest-api-rate-limits */
const AT_ONCE = 8;

/** Source: PagerDuty/api-schema, reference/REST/openapiv3.json, `Incident` and `Service`. */
const Incidents = z.object({
  incidents: z.array(
    z.object({
      title: z.string(),
      created_at: z.string(),
      html_url: z.string().nullish(),
      service: z.object({ id: z.string() }).nullish(),
    }),
  ),
  more: z.boolean(),
});
const Service = z.object({
  service: z.object({
    status: z.enum(['active', 'warning', 'critical', 'maintenance', 'disabled']),
    name: z.string().nullish(),
  }),
});

/** Every high-urgency incident that is not resolved, and each service that would swallow one. */
export async function askPagerDuty(source: PagerDutySource): Promise<SourceAnswer> {
  const [alerts, doubts] = await Promise.all([openIncidents(source), doubtsOf(source)]);
  return { kind: 'told', source: NAME, alerts, doubts };
}

async function openIncidents(source: PagerDutySource): Promise<OpenAlert[]> {
  const ours = new Map(Object.entries(source.services).map(([service, id]) => [id, service]));
  const found: OpenAlert[] = [];
  for (let page = 0; page < MOST_PAGES; page++) {
    const query = new URLSearchParams([
      ['statuses[]', 'triggered'],
      ['statuses[]', 'acknowledged'],
      ['urgencies[]', 'high'],
      ...[...ours.keys()].map((id): [string, string] => ['service_ids[]', id]),
      // Without it only those of the last month are told.
      ['date_range', 'all'],
      ['limit', String(PAGE)],
      ['offset', String(page * PAGE)],
    ]);
    const { incidents, more } = await asked(source, `incidents?${query}`, Incidents);
    found.push(
      ...incidents.map(({ title, created_at, html_url, service }): OpenAlert => {
        const name = service ? ours.get(service.id) : undefined;
        return {
          title: title.slice(0, MOST_TITLE),
          since: created_at,
          ...(html_url && { link: html_url }),
          ...(name !== undefined && { service: name }),
        };
      }),
    );
    if (!more) return found;
  }
  return found;
}

/** A service in maintenance, or switched off, opens no incidents: that there are none says nothing. */
async function doubtsOf(source: PagerDutySource): Promise<Extract<SourceAnswer, { kind: 'told' }>['doubts']> {
  const entries = Object.entries(source.services);
  const doubts: Extract<SourceAnswer, { kind: 'told' }>['doubts'] = [];
  for (let i = 0; i < entries.length; i += AT_ONCE) {
    const some = entries.slice(i, i + AT_ONCE).map(async ([service, id]) => {
      const { status } = (await asked(source, `services/${encodeURIComponent(id)}`, Service)).service;
      if (status !== 'maintenance' && status !== 'disabled') return [];
      const state = status === 'maintenance' ? 'in maintenance' : 'disabled';
      return [{ service, says: `${NAME}'s service of ${service} is ${state}, and opens no incidents` }];
    });
    doubts.push(...(await Promise.all(some)).flat());
  }
  return doubts;
}

async function asked<T extends z.ZodType>(
  source: PagerDutySource,
  path: string,
  shape: T,
): Promise<z.output<T>> {
  const headers = { accept: 'application/vnd.pagerduty+json;version=2' };
  const read = shape.safeParse(await ask(NAME, source, { path, headers }));
  if (read.success) return read.data;
  throw new UnavailableError(`${NAME} answers with something else than its contract says`);
}
