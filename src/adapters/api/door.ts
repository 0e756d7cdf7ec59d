import type { IncomingMessage, ServerResponse } from 'node:http';
import type { ApiParts } from './api-parts.ts';
import { authenticate } from './authenticate.ts';
import { fetchAnswer } from './fetch-answer.ts';
import { type Reply, refuse } from './reply.ts';
import { type Door, serveDoor, wrongMethod } from './serve-door.ts';
import { COMMANDS_PATH, takeIn, unavailable } from './take-in.ts';

/**
 * The way in by HTTP: `POST /api/commands` writes a request down as Slack's way does, `GET /api/commands/<id>` gives its answer.
 * Nothing is read of a request before its token is known.
 */
export function apiDoor(parts: ApiParts): Door {
  return serveDoor(parts, {
    path: '/api/',
    answer: (request, response) => answer(parts, request, response),
    unavailable: (error) => unavailable(parts, undefined, error),
    again: 'Send it again with the same Idempotency-Key, or look at /release status.',
  });
}

async function answer(parts: ApiParts, request: IncomingMessage, response: ServerResponse): Promise<Reply> {
  const { pathname, searchParams } = new URL(request.url ?? '/', 'http://pages');
  const [, id] = /^\/api\/commands\/([A-Za-z0-9.-]{1,100})$/.exec(pathname) ?? [];
  const allowed = id !== undefined ? 'GET' : pathname === COMMANDS_PATH ? 'POST' : undefined;
  if (allowed === undefined) return nowhere(pathname);
  if (request.method !== allowed) return wrongMethod(allowed);
  const who = await authenticate(parts, request);
  if (who.kind === 'refused') return who.reply;
  const { holder } = who;
  if (id === undefined) return takeIn(parts, request, holder);
  return fetchAnswer(parts, { id, wait: searchParams.get('wait'), holder, response });
}

function nowhere(pathname: string): Reply {
  return refuse({
    code: 'not-found',
    says: `There is nothing at ${pathname.slice(0, 100)}.`,
    remedy: `Post to ${COMMANDS_PATH}, and fetch the answer at ${COMMANDS_PATH}/<id>?wait=30.`,
  });
}
