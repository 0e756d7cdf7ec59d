import { type Listening, listen, type Received, type Reply } from './listen.ts';

/** What an account of PagerDuty holds. */
export interface Account {
  incidents: {
    title: string;
    status: 'triggered' | 'acknowledged' | 'resolved';
    urgency: 'high' | 'low';
    service: string;
    /** Older than a month is told only to whoever asks for all. */
    old?: boolean;
  }[];
  /** Id to status. */
  services: Record<string, 'active' | 'warning' | 'critical' | 'maintenance' | 'disabled'>;
  token: string;
  trouble?: 'hang' | 'rateLimited';
}

export interface PagerDutyServer extends Listening {
  holds: Account;
}

/**
 * A strict PagerDuty: `GET /incidents` and `GET /services/{id}`. Headers, paging and refusals: PagerDuty/api-schema,
 * `reference/REST/openapiv3.json`; https://developer.pagerduty.com/docs/errors.
 */
export async function startPagerDuty(holds: Account): Promise<PagerDutyServer> {
  const server = await listen((received) => answer(holds, received));
  return Object.assign(server, { holds });
}

function answer(holds: Account, { method, path, query, headers }: Received): Reply {
  if (holds.trouble === 'hang') return 'hang';
  if (holds.trouble === 'rateLimited') return refused(429, 2020, 'Rate Limit Exceeded');
  if (headers.authorization !== `Token token=${holds.token}`)
    return { status: 401, body: { error: 'HTTP Token: Access denied.' } };
  if (headers.accept !== 'application/vnd.pagerduty+json;version=2')
    return refused(406, 2001, 'Not Acceptable');
  if (method !== 'GET') return refused(405, 2100, 'Method Not Allowed');
  if (path === '/incidents') return incidents(holds, new URLSearchParams(query));
  const [, id] = /^\/services\/([A-Z0-9]+)$/.exec(path) ?? [];
  const status = id === undefined ? undefined : holds.services[id];
  if (status === undefined) return refused(404, 2100, 'Not Found');
  return { status: 200, body: { service: { id, name: id, status } } };
}

function incidents({ incidents: all, services }: Account, parameters: URLSearchParams): Reply {
  const limit = Number(parameters.get('limit') ?? 25);
  const offset = Number(parameters.get('offset') ?? 0);
  if (!(limit >= 1 && limit <= 100)) return refused(400, 2001, 'Invalid Input Provided');
  const ids = parameters.getAll('service_ids[]');
  if (ids.some((id) => services[id] === undefined)) return refused(400, 2001, 'Invalid Input Provided');
  const statuses = parameters.getAll('statuses[]');
  const urgencies = parameters.getAll('urgencies[]');
  const found = all.filter(
    (each) =>
      (statuses.length === 0 || statuses.includes(each.status)) &&
      (urgencies.length === 0 || urgencies.includes(each.urgency)) &&
      (ids.length === 0 || ids.includes(each.service)) &&
      (!each.old || parameters.get('date_range') === 'all'),
  );
  const page = found.slice(offset, offset + limit);
  return {
    status: 200,
    body: {
      incidents: page.map(({ title, status, urgency, service }, index) => ({
        id: `Q${offset + index}`,
        title,
        status,
        urgency,
        created_at: '2026-11-20T13:00:00Z',
        html_url: `https://acme.pagerduty.com/incidents/Q${offset + index}`,
        service: { id: service, type: 'service_reference' },
      })),
      limit,
      offset,
      more: offset + limit < found.length,
      total: null,
    },
  };
}

function refused(status: number, code: number, message: string): Reply {
  return { status, body: { error: { code, message } } };
}
