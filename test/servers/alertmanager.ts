import { type Listening, listen, type Received, type Reply } from './listen.ts';

/** What an Alertmanager holds. */
export interface Firing {
  alerts: {
    labels: Record<string, string>;
    annotations?: Record<string, string>;
    state?: 'active' | 'suppressed';
  }[];
  authorization?: string;
  trouble?: 'hang' | 'broken';
}

export interface AlertmanagerServer extends Listening {
  holds: Firing;
}

const MATCHER = /^([a-zA-Z_][\w]*)(=~|!~|!=|=)"([^"]*)"$/;
const KNOWN = [
  'active',
  'silenced',
  'inhibited',
  'unprocessed',
  'muted',
  'filter',
  'receiver',
  'receiver_matchers',
];

/**
 * A strict Alertmanager: `GET /api/v2/alerts`. Parameters, shapes and the bare JSON text of a refusal: prometheus/alertmanager,
 * `api/v2/openapi.yaml` and `api/v2/api.go`, `getAlertsHandler`.
 */
export async function startAlertmanager(holds: Firing): Promise<AlertmanagerServer> {
  const server = await listen((received) => answer(holds, received));
  return Object.assign(server, { holds });
}

function answer(holds: Firing, { method, path, query, headers }: Received): Reply {
  if (holds.trouble === 'hang') return 'hang';
  if (holds.trouble === 'broken') return { status: 500, body: '"internal"' };
  if (holds.authorization !== undefined && headers.authorization !== holds.authorization)
    return { status: 401, body: 'Unauthorized\n', contentType: 'text/plain' };
  if (path !== '/api/v2/alerts')
    return { status: 404, body: { code: 404, message: `path ${path} was not found` } };
  if (method !== 'GET')
    return { status: 405, body: { code: 405, message: `method ${method} is not allowed` } };
  const parameters = new URLSearchParams(query);
  for (const name of parameters.keys())
    if (!KNOWN.includes(name)) return { status: 422, body: { code: 606, message: `${name} is not known` } };
  for (const name of ['active', 'silenced', 'inhibited'])
    if (!['true', 'false', null].includes(parameters.get(name)))
      return { status: 422, body: { code: 601, message: `${name} in query must be of type boolean` } };
  const filters = parameters.getAll('filter');
  const wrong = filters.find((filter) => !MATCHER.test(filter));
  // As the real one: a text, not an object.
  if (wrong !== undefined) return { status: 400, body: JSON.stringify(`bad matcher format: ${wrong}`) };
  const shown = holds.alerts.filter(
    ({ labels, state = 'active' }) =>
      (state === 'active' ? parameters.get('active') !== 'false' : parameters.get('silenced') !== 'false') &&
      filters.every((filter) => matches(filter, labels)),
  );
  return { status: 200, body: shown.map(told) };
}

function matches(filter: string, labels: Record<string, string>): boolean {
  const [, name = '', operator, value = ''] = MATCHER.exec(filter) ?? [];
  const label = labels[name] ?? '';
  const isLike = () => new RegExp(`^(?:${value})$`).test(label);
  if (operator === '=') return label === value;
  if (operator === '!=') return label !== value;
  return operator === '=~' ? isLike() : !isLike();
}

function told({ labels, annotations = {}, state = 'active' }: Firing['alerts'][number]) {
  return {
    labels,
    annotations,
    startsAt: '2026-11-20T13:00:00.000Z',
    endsAt: '2026-11-20T15:00:00.000Z',
    updatedAt: '2026-11-20T13:00:00.000Z',
    fingerprint: '8f1c2ab',
    generatorURL: 'http://prometheus.test/graph',
    receivers: [{ name: 'page' }],
    status: { state, silencedBy: state === 'active' ? [] : ['s1'], inhibitedBy: [], mutedBy: [] },
  };
}
