import type { ServerResponse } from 'node:http';

/** What is sent back: JSON, or text for whoever asks for it. */
export interface Reply {
  status: number;
  body: Readonly<Record<string, unknown>>;
  /** Sent instead of `body` where plain text was asked for. */
  text?: string;
  headers?: Readonly<Record<string, string>>;
}

/** Why something was not taken in: a name for programs, and words for people. */
export interface Refused {
  code:
    | 'unauthorised'
    | 'forbidden'
    | 'not-found'
    | 'method-not-allowed'
    | 'too-large'
    | 'not-json'
    | 'misunderstood'
    | 'key-reused'
    | 'too-many'
    | 'unavailable'
    | 'defect';
  /** What is wrong, in a sentence. */
  says: string;
  /** What to do next. */
  remedy: string;
  /** What would be understood instead. */
  suggestions?: readonly string[];
  usage?: string;
}

const STATUS: Readonly<Record<Refused['code'], number>> = {
  unauthorised: 401,
  forbidden: 403,
  'not-found': 404,
  'method-not-allowed': 405,
  'too-large': 413,
  'not-json': 400,
  misunderstood: 422,
  'key-reused': 422,
  'too-many': 429,
  unavailable: 503,
  defect: 500,
};

export function refuse(refused: Refused, headers?: Readonly<Record<string, string>>): Reply {
  const { says, remedy } = refused;
  return {
    status: STATUS[refused.code],
    body: { error: refused },
    text: `${says}\n${remedy}`,
    ...(headers && { headers }),
  };
}

/** Writes it, unless the other side has gone. */
export function send(response: ServerResponse, reply: Reply, { asText }: { asText: boolean }): void {
  if (response.headersSent || response.destroyed) return;
  const isText = asText && reply.text !== undefined;
  response.writeHead(reply.status, {
    'content-type': isText ? 'text/plain; charset=utf-8' : 'application/json; charset=utf-8',
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    ...reply.headers,
  });
  response.end(isText ? `${reply.text}\n` : `${JSON.stringify(reply.body)}\n`);
}
