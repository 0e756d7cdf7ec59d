import type { IncomingMessage, ServerResponse } from 'node:http';
import { UnavailableError } from '../../errors.ts';
import type { ApiParts } from './api-parts.ts';
import { authenticate } from './authenticate.ts';
import { fetchAnswer } from './fetch-answer.ts';
import { type Reply, refuse, send } from './reply.ts';
import { COMMANDS_PATH, takeIn, unavailable } from './take-in.ts';

/** A part of the web server that answers for every path below its own. */
export interface Door {
  path: string;
  handler: (request: IncomingMessage, response: ServerResponse) => void;
}

/**
 * The way in by HTTP: `POST /api/commands` writes a request down as Slack's way does, `GET /api/commands/<id>` gives its answer.
 * Nothing is read of a request before its token is known.
 */
export function apiDoor(parts: ApiParts): Door {
  return {
    path: '/api/',
    handler(request, response) {
      const asText = request.headers.accept?.startsWith('text/plain') ?? false;
      answer(parts, request, response)
        .catch((error: unknown) => failed(parts, error))
        .then((reply) => {
          // What nobody will read of a body that was refused must not be taken for the next request.
          if (!request.complete) response.setHeader('connection', 'close');
          send(response, reply, { asText });
        })
        .catch((error: unknown) => parts.logger.warn({ err: error }, 'an answer by HTTP could not be sent'));
    },
  };
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

function failed(parts: ApiParts, error: unknown): Reply {
  if (error instanceof UnavailableError) return unavailable(parts, undefined, error);
  const errorId = parts.chance.id();
  parts.logger.error({ err: error, errorId }, 'a request by HTTP met a defect');
  return refuse({
    code: 'defect',
    says: `That did not work, and it is a fault of mine. It is logged as ${errorId}.`,
    remedy: 'Send it again with the same Idempotency-Key, or look at /release status.',
  });
}

function nowhere(pathname: string): Reply {
  return refuse({
    code: 'not-found',
    says: `There is nothing at ${pathname.slice(0, 100)}.`,
    remedy: `Post to ${COMMANDS_PATH}, and fetch the answer at ${COMMANDS_PATH}/<id>?wait=30.`,
  });
}

function wrongMethod(allowed: string): Reply {
  return refuse(
    {
      code: 'method-not-allowed',
      says: `Only ${allowed} is answered here.`,
      remedy: `Send it as ${allowed}.`,
    },
    { allow: allowed },
  );
}
