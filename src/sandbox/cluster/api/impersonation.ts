import type { IncomingMessage } from 'node:http';
import { type Failure, fail, type Outcome, value } from './failure.ts';
import { type Attributes, authorize, forbiddenMessage } from './rbac.ts';
import type { LoggedRequest } from './request-log.ts';
import { qualifiedName } from './resources.ts';
import type { Store } from './store.ts';
import { ANONYMOUS, AUTHENTICATED, UNAUTHENTICATED, type User } from './users.ts';

/** One thing somebody wants to be taken for. */
interface Wish {
  group: string;
  plural: string;
  subresource: string;
  namespace: string;
  name: string;
}

/** The headers of an impersonation, several groups being several headers. */
interface Headers {
  user: string;
  groups: string[];
  uid: string;
  extra: [string, string][];
}

const EXTRA_PREFIX = 'impersonate-extra-';

/**
 * Whom a request is made as (apiserver `WithImpersonation`): absent when the requester acts as itself, a failure when it may
 * not impersonate each single thing it asks for.
 */
export function impersonate(
  store: Store,
  requester: User,
  request: IncomingMessage,
): Outcome<User | undefined> {
  const headers = readHeaders(request);
  if (headers.user === '') {
    const asks = headers.groups.length > 0 || headers.extra.length > 0 || headers.uid !== '';
    return asks ? fail(withoutUser(request.url ?? '')) : value(undefined);
  }
  for (const wish of wishesOf(headers)) {
    const attributes: Attributes = {
      user: requester,
      verb: 'impersonate',
      isResource: true,
      path: '',
      ...wish,
    };
    if (!authorize(store, attributes).allowed) return fail(forbidden(attributes));
  }
  return value(impersonated(headers));
}

function readHeaders(request: IncomingMessage): Headers {
  const { headersDistinct } = request;
  const first = (name: string): string => headersDistinct[name]?.[0] ?? '';
  const extra = Object.entries(headersDistinct).filter(([name]) => name.startsWith(EXTRA_PREFIX));
  return {
    user: first('impersonate-user'),
    groups: headersDistinct['impersonate-group'] ?? [],
    uid: first('impersonate-uid'),
    extra: extra.flatMap(([name, values = []]) =>
      values.map((one): [string, string] => [decodeURIComponent(name.slice(EXTRA_PREFIX.length)), one]),
    ),
  };
}

function wishesOf({ user, groups, uid, extra }: Headers): Wish[] {
  const core = { group: '', subresource: '', namespace: '' };
  const authentication = { group: 'authentication.k8s.io', namespace: '' };
  const account = serviceAccount(user);
  return [
    account === undefined
      ? { ...core, plural: 'users', name: user }
      : { ...core, plural: 'serviceaccounts', ...account },
    ...groups.map((name) => ({ ...core, plural: 'groups', name })),
    ...extra.map(([key, name]) => ({ ...authentication, plural: 'userextras', subresource: key, name })),
    ...(uid === '' ? [] : [{ ...authentication, plural: 'uids', subresource: '', name: uid }]),
  ];
}

function serviceAccount(user: string): { namespace: string; name: string } | undefined {
  const [, namespace, name] = /^system:serviceaccount:([^:]+):([^:]+)$/.exec(user) ?? [];
  return namespace === undefined || name === undefined ? undefined : { namespace, name };
}

function impersonated({ user, groups, extra }: Headers): User {
  const account = serviceAccount(user);
  const given =
    account !== undefined && groups.length === 0
      ? ['system:serviceaccounts', `system:serviceaccounts:${account.namespace}`]
      : groups;
  const mark = user === ANONYMOUS.name ? UNAUTHENTICATED : AUTHENTICATED;
  const isMarked = given.includes(AUTHENTICATED) || given.includes(UNAUTHENTICATED);
  const extras: Record<string, string[]> = {};
  for (const [key, one] of extra) extras[key] = [...(extras[key] ?? []), one];
  return { name: user, groups: isMarked ? given : [...given, mark], extra: extras };
}

/** 403 of a request as its requester; the object is named where there is one. */
export function forbidden(attributes: Attributes): Failure {
  const { group, plural, name, isResource } = attributes;
  const said = escapeHtml(forbiddenMessage(attributes));
  const message = !isResource
    ? `forbidden: ${said}`
    : `${qualifiedName({ group, plural })}${name === '' ? '' : ` "${name}"`} is forbidden: ${said}`;
  const details = isResource ? { name, group, kind: plural } : {};
  return { code: 403, reason: 'Forbidden', message, details };
}

/** 403 of a logged request, as whoever it was made as. */
export function forbiddenTo(line: LoggedRequest): Failure {
  const name = line.impersonated?.user ?? line.user ?? ANONYMOUS.name;
  return forbidden({ ...line, user: { name, groups: [] } });
}

/** As the API server does, so that no answer looks like a page. */
function escapeHtml(text: string): string {
  return text.replaceAll('&', '&amp;').replaceAll('<', '&lt;').replaceAll('>', '&gt;');
}

function withoutUser(url: string): Failure {
  const message = `Internal Server Error: "${url}": requested groups or extras without impersonating a user`;
  return { code: 500, reason: 'InternalError', message };
}
