import { randomUUID } from 'node:crypto';
import type { KubeObject } from '../rollout/objects.ts';
import { badRequest, expired, fail, invalid, type Outcome, value } from './failure.ts';
import type { RequestInfo } from './request-info.ts';
import { groupVersionOf, type Resource } from './resources.ts';
import { type FieldSelector, type Predicate, parseFieldSelector, parseLabelSelector } from './selectors.ts';
import type { Store } from './store.ts';

/** The rest of a list that a client reads page by page, as it was when the first page was read. */
interface Rest {
  items: readonly KubeObject[];
  version: string;
}

/** Tokens of lists that have further pages. */
export interface Continuations {
  keep(rest: Rest): string;
  /** Each token can be read once; all are gone after `expire`. */
  take(token: string): Rest | undefined;
  expire(): void;
}

/** Begins with no lists under way. */
export function createContinuations(): Continuations {
  const kept = new Map<string, Rest>();
  return {
    keep(rest) {
      const token = Buffer.from(JSON.stringify({ v: 'meta.k8s.io/v1', id: randomUUID() })).toString(
        'base64url',
      );
      kept.set(token, rest);
      return token;
    },
    take: (token) => kept.get(token),
    expire: () => kept.clear(),
  };
}

/** Reads both selectors of a list or watch; a name in the address counts as a field selector. */
export function selection(
  query: URLSearchParams,
  resource: Resource,
  name = '',
): Outcome<{ matches: Predicate; fields: FieldSelector }> {
  const labels = parseLabelSelector(query.get('labelSelector') ?? '');
  if (labels.kind === 'failure') return labels;
  const named = name === '' ? (query.get('fieldSelector') ?? '') : `metadata.name=${name}`;
  const fields = parseFieldSelector(named, resource.plural);
  if (fields.kind === 'failure') return fields;
  const matches: Predicate = (object) => labels.value(object) && fields.value.matches(object);
  return value({ matches, fields: fields.value });
}

/** Answers a LIST, in pages when the client sets a limit. */
export function listObjects(
  from: { store: Store; continuations: Continuations },
  resource: Resource,
  request: { info: RequestInfo; query: URLSearchParams },
): Outcome<Record<string, unknown>> {
  const { query, info } = request;
  const problem = listProblem(query);
  if (problem !== undefined) return fail(problem);
  const selected = selection(query, resource);
  if (selected.kind === 'failure') return selected;
  const token = query.get('continue') ?? '';
  const namespace = info.namespace === '' ? undefined : info.namespace;
  const whole: Rest | undefined =
    token === ''
      ? {
          items: from.store.list(resource, namespace).filter(selected.value.matches),
          version: String(from.store.version()),
        }
      : from.continuations.take(token);
  if (whole === undefined) {
    const message =
      'The provided continue parameter is too old to display a consistent list result. You can start a new list without the continue parameter.';
    return fail(expired(message));
  }
  // The watch cache, which answers resourceVersion=0, knows no pages.
  const limit = query.get('resourceVersion') === '0' ? 0 : Number(query.get('limit') ?? 0);
  return value(page(from.continuations, resource, { whole, limit, query }));
}

function page(
  continuations: Continuations,
  resource: Resource,
  wish: { whole: Rest; limit: number; query: URLSearchParams },
): Record<string, unknown> {
  const { whole, limit, query } = wish;
  const isCut = limit > 0 && whole.items.length > limit;
  const items = isCut ? whole.items.slice(0, limit) : whole.items;
  const metadata: Record<string, unknown> = { resourceVersion: whole.version };
  if (isCut) {
    const rest = whole.items.slice(limit);
    metadata['continue'] = continuations.keep({ items: rest, version: whole.version });
    if (!query.has('labelSelector') && !query.has('fieldSelector'))
      metadata['remainingItemCount'] = rest.length;
  }
  return { kind: `${resource.kind}List`, apiVersion: groupVersionOf(resource), metadata, items };
}

function listProblem(query: URLSearchParams) {
  const forbidden = (field: string, why: string) =>
    invalid('ListOptions.meta.k8s.io', '', [
      { reason: 'FieldValueForbidden', message: `Forbidden: ${why}`, field },
    ]);
  if (query.has('sendInitialEvents'))
    return forbidden('sendInitialEvents', 'sendInitialEvents is forbidden for list');
  const match = query.get('resourceVersionMatch') ?? '';
  if (match !== '' && (query.get('resourceVersion') ?? '') === '') {
    return forbidden(
      'resourceVersionMatch',
      'resourceVersionMatch is forbidden unless resourceVersion is provided',
    );
  }
  const limit = query.get('limit') ?? '0';
  return /^\d+$/.test(limit)
    ? undefined
    : badRequest(`strconv.ParseInt: parsing ${JSON.stringify(limit)}: invalid syntax`);
}
