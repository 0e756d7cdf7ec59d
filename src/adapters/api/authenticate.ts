import type { IncomingMessage } from 'node:http';
import type { TokenHolder } from '../../ports/tokens.ts';
import type { ApiParts } from './api-parts.ts';
import { type Reply, refuse } from './reply.ts';

/** More than a person types and a careful script asks in a minute. */
const MOST_PER_MINUTE = { POST: 60, GET: 300 } as const;
/** Wrong tokens from one address: a script that was not told of its new one, a few times over. */
const MOST_WRONG_PER_MINUTE = 30;
const MINUTE_MS = 60_000;

export type Authenticated = { kind: 'holder'; holder: TokenHolder } | { kind: 'refused'; reply: Reply };

/** Whose token the request carries. Throws `UnavailableError` when that cannot be told. */
export async function authenticate(
  { tokens, quota, grammar }: Pick<ApiParts, 'tokens' | 'quota' | 'grammar'>,
  request: IncomingMessage,
): Promise<Authenticated> {
  const [, token] = /^Bearer +(\S+)$/i.exec(request.headers.authorization ?? '') ?? [];
  const make = `Make one in Slack with /${grammar.vocabulary.prefix}release token and send it as "Authorization: Bearer <token>".`;
  if (token === undefined) return unauthorised('There is no personal token with this request.', make);
  const holder = await tokens.holder(token);
  const method = request.method === 'POST' ? 'POST' : 'GET';
  const waitMs =
    holder === undefined
      ? await quota.take(`wrong:${request.socket.remoteAddress ?? ''}`, {
          most: MOST_WRONG_PER_MINUTE,
          withinMs: MINUTE_MS,
        })
      : await quota.take(`${method}:${holder.id}`, {
          most: MOST_PER_MINUTE[method],
          withinMs: MINUTE_MS,
        });
  if (waitMs !== undefined) return { kind: 'refused', reply: tooMany(waitMs) };
  if (holder === undefined)
    return unauthorised(
      'This token opens nothing: it has expired, was replaced, was revoked or is none.',
      make,
    );
  return { kind: 'holder', holder };
}

function unauthorised(says: string, remedy: string): Authenticated {
  return {
    kind: 'refused',
    reply: refuse({ code: 'unauthorised', says, remedy }, { 'www-authenticate': 'Bearer realm="signalbox"' }),
  };
}

function tooMany(waitMs: number): Reply {
  const seconds = Math.ceil(waitMs / 1000);
  return refuse(
    {
      code: 'too-many',
      says: 'Too many requests in a minute.',
      remedy: `Ask again in ${seconds} s; with ?wait=30 one request waits for an answer where many would look for it.`,
    },
    { 'retry-after': String(seconds) },
  );
}
