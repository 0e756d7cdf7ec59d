import type { IncomingMessage } from 'node:http';
import { fail, type Outcome, unauthorized, value } from './failure.ts';
import { forbidden, impersonate } from './impersonation.ts';
import { type Attributes, authorize } from './rbac.ts';
import type { RequestInfo } from './request-info.ts';
import { type LoggedRequest, noteUser } from './request-log.ts';
import type { Store } from './store.ts';
import { ANONYMOUS, type User, type Users } from './users.ts';

/** Who may make a request: made out by its token, taken for whom it asks to be, allowed by RBAC. */
export function admit(
  from: { store: Store; users: Users },
  request: IncomingMessage,
  line: LoggedRequest,
): Outcome<User> {
  const requester = authenticate(from.users, request);
  if (requester === undefined) return fail(unauthorized());
  noteUser(line, requester, undefined);
  const acting = impersonate(from.store, requester, request);
  if (acting.kind === 'failure') return acting;
  noteUser(line, requester, acting.value);
  const user = acting.value ?? requester;
  const attributes = attributesOf(user, line);
  return authorize(from.store, attributes).allowed ? value(user) : fail(forbidden(attributes));
}

/** Absent: a token nobody holds. No token at all is the anonymous user, who may next to nothing. */
function authenticate(users: Users, request: IncomingMessage): User | undefined {
  const header = request.headers.authorization ?? '';
  const [, token] = /^Bearer (.+)$/.exec(header) ?? [];
  return token === undefined ? ANONYMOUS : users.find(token);
}

/** The question RBAC answers. A list or watch of one name by field selector asks for that name. */
export function attributesOf(user: User, info: RequestInfo & { query?: string }): Attributes {
  const { verb, isResource, path, group, plural, subresource, namespace } = info;
  const selected = new URLSearchParams(info.query ?? '').get('fieldSelector') ?? '';
  const [, selectedName = ''] = /(?:^|,)metadata\.name==?([^,]+)/.exec(selected) ?? [];
  const name = info.name === '' && (verb === 'list' || verb === 'watch') ? selectedName : info.name;
  return { user, verb, isResource, path, group, plural, subresource, namespace, name };
}
