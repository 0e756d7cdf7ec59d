import type { IncomingMessage, ServerResponse } from 'node:http';
import { UnavailableError } from '../../errors.ts';
import type { ApiParts } from './api-parts.ts';
import { type Reply, refuse, send } from './reply.ts';

/** A part of the web server that answers for every path below its own. */
export interface Door {
  path: string;
  handler: (request: IncomingMessage, response: ServerResponse) => void;
}

/** A door whose every request gets one reply, also when something breaks behind it. */
export function serveDoor(
  { chance, logger }: Pick<ApiParts, 'chance' | 'logger'>,
  door: {
    path: string;
    answer(request: IncomingMessage, response: ServerResponse): Promise<Reply>;
    /** What is said when nothing can be promised. */
    unavailable(error: UnavailableError): Reply;
    /** What to do after a defect. */
    again: string;
  },
): Door {
  const failed = (error: unknown): Reply => {
    if (error instanceof UnavailableError) return door.unavailable(error);
    const errorId = chance.id();
    logger.error({ err: error, errorId }, 'a request by HTTP met a defect');
    return refuse({
      code: 'defect',
      says: `That did not work, and it is a fault of mine. It is logged as ${errorId}.`,
      remedy: door.again,
    });
  };
  return {
    path: door.path,
    handler(request, response) {
      const asText = request.headers.accept?.startsWith('text/plain') ?? false;
      door
        .answer(request, response)
        .catch(failed)
        .then((reply) => {
          // What nobody will read of a body that was refused must not be taken for the next request.
          if (!request.complete) response.setHeader('connection', 'close');
          send(response, reply, { asText });
        })
        .catch((error: unknown) => logger.warn({ err: error }, 'an answer by HTTP could not be sent'));
    },
  };
}

export function wrongMethod(allowed: string): Reply {
  return refuse(
    {
      code: 'method-not-allowed',
      says: `Only ${allowed} is answered here.`,
      remedy: `Send it as ${allowed}.`,
    },
    { allow: allowed },
  );
}
