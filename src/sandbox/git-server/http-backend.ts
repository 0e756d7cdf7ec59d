import { spawn } from 'node:child_process';
import type { IncomingMessage, ServerResponse } from 'node:http';

/** What `git http-backend` answered, before any of it is sent. */
export interface BackendAnswer {
  status: number;
  headers: Record<string, string>;
  body: Buffer;
}

/** A request for a repository, as CGI puts it. */
export interface BackendRequest {
  /** The folder that holds all repositories. */
  root: string;
  request: IncomingMessage;
  url: URL;
  /** The body, whole. */
  body: Buffer;
  /** The name that was proved by a token. */
  user: string;
  environment: Readonly<Record<string, string>>;
}

/** Asks Git's own server side. Source: https://git-scm.com/docs/git-http-backend and RFC 3875. */
export async function askBackend({
  root,
  request,
  url,
  body,
  user,
  environment,
}: BackendRequest): Promise<BackendAnswer> {
  const header = (name: string) => String(request.headers[name] ?? '');
  const child = spawn('git', ['http-backend'], {
    stdio: ['pipe', 'pipe', 'ignore'],
    env: {
      ...environment,
      GIT_CONFIG_NOSYSTEM: '1',
      GIT_CONFIG_GLOBAL: '/dev/null',
      GIT_PROJECT_ROOT: root,
      GIT_HTTP_EXPORT_ALL: '1',
      GATEWAY_INTERFACE: 'CGI/1.1',
      REQUEST_METHOD: request.method ?? 'GET',
      PATH_INFO: url.pathname,
      QUERY_STRING: url.search.slice(1),
      CONTENT_TYPE: header('content-type'),
      CONTENT_LENGTH: String(body.length),
      HTTP_CONTENT_ENCODING: header('content-encoding'),
      HTTP_GIT_PROTOCOL: header('git-protocol'),
      // A proved name is what lets the backend take pushes.
      REMOTE_USER: user,
      REMOTE_ADDR: '127.0.0.1',
    },
  });
  child.stdin.on('error', () => undefined);
  child.stdin.end(body);
  const pieces: Buffer[] = [];
  child.stdout.on('data', (piece: Buffer) => pieces.push(piece));
  await new Promise<void>((resolve, reject) => {
    child.once('error', reject);
    child.once('close', () => resolve());
  });
  return parseCgi(Buffer.concat(pieces));
}

/** Sends what the backend answered. */
export function send(response: ServerResponse, { status, headers, body }: BackendAnswer): void {
  response.writeHead(status, headers).end(body);
}

function parseCgi(output: Buffer): BackendAnswer {
  const end = output.indexOf('\r\n\r\n');
  const lines = output.toString('latin1', 0, Math.max(end, 0)).split('\r\n');
  const headers = Object.fromEntries(
    lines.flatMap((line) => {
      const colon = line.indexOf(':');
      return colon === -1 ? [] : [[line.slice(0, colon).toLowerCase(), line.slice(colon + 1).trim()]];
    }),
  );
  const { status = '200', ...rest } = headers;
  return {
    status: end === -1 ? 500 : Number.parseInt(status, 10),
    headers: rest,
    body: output.subarray(end + 4),
  };
}
