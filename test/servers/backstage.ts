import { createHash } from 'node:crypto';
import { type Listening, listen, type Received, type Reply } from './listen.ts';

/** What a Backstage's catalog holds. */
export interface Entities {
  entities: Record<string, unknown>[];
  /** Absent: anybody may read. */
  authorization?: string;
  /** Nobody answers, or everything fails. */
  trouble?: 'hang' | 'broken';
  /** Most entities of a page, whatever is asked for. */
  page?: number;
}

export interface BackstageServer extends Listening {
  holds: Entities;
  /** Statuses in the order of the requests. */
  statuses: number[];
}

/** Parameters that the route knows; anything else its validator refuses. Source: plugins/catalog-backend/src/schema/openapi.yaml. */
const KNOWN = new Set(['fields', 'limit', 'offset', 'orderField', 'cursor', 'filter', 'fullTextFilterTerm']);

/**
 * A strict Backstage with as much of its catalog as `/entities/by-query`. Sources, all in backstage/backstage: answers and cursor in
 * plugins/catalog-backend/src/service/createRouter.ts and util.ts; filters in request/parseEntityFilterParams.ts; refusals in the shape
 * of packages/errors `ErrorResponseBody`. ETags are express's own, from the body.
 */
export async function startBackstage(holds: Entities): Promise<BackstageServer> {
  const statuses: number[] = [];
  const server = await listen((received) => {
    const reply = answer(holds, received);
    if (reply !== 'hang') statuses.push(reply.status);
    return reply;
  });
  return Object.assign(server, { holds, statuses });
}

function answer(holds: Entities, { method, path, query, headers }: Received): Reply {
  if (holds.trouble === 'hang') return 'hang';
  if (holds.trouble === 'broken') return refused(500, 'Error', 'connection to the database lost');
  if (holds.authorization !== undefined && headers.authorization !== holds.authorization)
    return refused(401, 'AuthenticationError', 'Missing or invalid token');
  if (method !== 'GET' || path !== '/api/catalog/entities/by-query')
    return refused(404, 'NotFoundError', `not found: ${path}`);
  const asked = new URLSearchParams(query);
  const odd = [...asked.keys()].find((key) => !KNOWN.has(key));
  if (odd !== undefined) return refused(400, 'InputError', `Unknown query parameter '${odd}'`);
  const from = cursorOf(asked);
  if (from === undefined) return refused(400, 'InputError', 'Malformed cursor, could not be parsed');
  const limit = Math.min(Number(asked.get('limit') ?? 20), holds.page ?? 1000);
  if (!Number.isInteger(limit) || limit < 1) return refused(400, 'InputError', 'Invalid limit');
  const filter = pairsOf(from.filter);
  if (filter === undefined)
    return refused(400, 'InputError', "Invalid filter, '=' is not allowed without a key before it");
  const found = holds.entities.filter((entity) => filter.every(([key, value]) => isSaid(entity, key, value)));
  const items = found.slice(from.offset, from.offset + limit);
  const next = from.offset + limit;
  const nextCursor = next < found.length ? encode({ filter: from.filter, offset: next }) : undefined;
  const fields = asked.get('fields')?.split(',');
  const body = JSON.stringify({
    items: items.map((entity) => (fields ? onlyFields(entity, fields) : entity)),
    totalItems: found.length,
    pageInfo: { ...(nextCursor && { nextCursor }) },
  });
  const etag = `W/"${createHash('sha1').update(body).digest('base64')}"`;
  if (headers['if-none-match'] === etag) return { status: 304, body: '', headers: { etag } };
  return { status: 200, body, headers: { etag } };
}

interface Cursor {
  filter: string;
  offset: number;
}

function cursorOf(asked: URLSearchParams): Cursor | undefined {
  const cursor = asked.get('cursor');
  if (cursor === null) return { filter: asked.get('filter') ?? '', offset: 0 };
  // A cursor carries its filter; both at once contradict each other.
  if (asked.has('filter')) return undefined;
  try {
    return JSON.parse(Buffer.from(cursor, 'base64').toString()) as Cursor;
  } catch {
    return undefined;
  }
}

function encode(cursor: Cursor): string {
  return Buffer.from(JSON.stringify(cursor)).toString('base64');
}

function pairsOf(filter: string): [string, string | undefined][] | undefined {
  const pairs = filter
    .split(',')
    .filter((one) => one.trim() !== '')
    .map((one): [string, string | undefined] => {
      const at = one.indexOf('=');
      return at < 0 ? [one.trim(), undefined] : [one.slice(0, at).trim(), one.slice(at + 1).trim()];
    });
  return pairs.some(([key]) => key === '') ? undefined : pairs;
}

/** Keys and values are compared without case; a key alone asks that it be there. */
function isSaid(entity: unknown, key: string, value: string | undefined): boolean {
  const found = valueAt(entity, key.split('.'));
  if (value === undefined) return found !== undefined;
  const all = Array.isArray(found) ? found : [found];
  return all.some((one) => String(one).toLowerCase() === value.toLowerCase());
}

function valueAt(value: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>(
    (at, step) =>
      typeof at === 'object' && at !== null
        ? Object.entries(at).find(([key]) => key === step)?.[1]
        : undefined,
    value,
  );
}

function onlyFields(entity: unknown, fields: readonly string[]): Record<string, unknown> {
  const out: Record<string, Record<string, unknown> | unknown> = {};
  for (const field of fields) {
    const [first = '', second] = field.split('.');
    const found = valueAt(entity, field.split('.'));
    if (found === undefined) continue;
    out[first] = second === undefined ? found : { ...(out[first] as object | undefined), [second]: found };
  }
  return out;
}

function refused(status: number, name: string, message: string): Reply {
  return { status, body: { error: { name, message }, response: { statusCode: status } } };
}
