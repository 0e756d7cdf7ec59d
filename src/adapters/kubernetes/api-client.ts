import { Agent, type Dispatcher, ProxyAgent, request } from 'undici';
import { UnavailableError } from '../../errors.ts';
import type { Credentials, Proof, TlsMaterial } from './credentials.ts';
import { type Identity, impersonationHeaders } from './identity.ts';

/** A body together with the format it is in: a patch without one would be taken for another kind of patch. */
export interface RequestBody {
  contentType: 'application/json' | 'application/json-patch+json' | 'application/merge-patch+json';
  json: unknown;
}

export interface ApiRequest {
  method: 'GET' | 'POST' | 'PATCH';
  /** Path from the server's root, each part percent-encoded. */
  path: string;
  query?: Record<string, string>;
  body?: RequestBody;
  /** In whose name; absent: the bot's own. */
  as?: Identity;
  /** Milliseconds until the answer must be there, body included; for a stream until its headers. */
  deadlineMs: number;
  /** Ends the request or the stream early. */
  signal?: AbortSignal;
}

export interface ApiAnswer {
  status: number;
  /** Parsed JSON; a text where the server sent something else. */
  body: unknown;
  /** From `Retry-After`, in milliseconds. */
  retryAfterMs?: number;
  /** The server's clock as it answered, from `Date`: milliseconds since 1970, whole seconds. Absent where it does not say. */
  serverTime?: number;
}

export interface ApiStream extends ApiAnswer {
  /** Empty unless the status is 200; then `body` is undefined. Ends with the server's end, throws when it is cut. */
  chunks: AsyncIterable<Uint8Array>;
}

/** Requests to one API server. Answers of every status are values; only what gave no answer throws. */
export interface ApiClient extends AsyncDisposable {
  /** @throws UnavailableError, ambiguous where the request may have arrived. */
  send(request: ApiRequest): Promise<ApiAnswer>;
  /** Opens a stream. @throws UnavailableError */
  open(request: ApiRequest): Promise<ApiStream>;
  /**
   * New requests go on new connections: those that are kept for later may be dead without either side knowing, and each would cost
   * a deadline to find out. What is under way stays where it is.
   */
  leaveConnections(): void;
}

/**
 * Largest answer that is read, in bytes: 500 Rollouts of 10 KB with room to spare (a realistic one was measured at 10.4 KB).
 */
const MAX_ANSWER_BYTES = 64 * 1024 * 1024;

/** How long an unused connection is kept, in milliseconds: less than the minute after which load balancers drop it. */
const KEEP_ALIVE_MS = 30_000;

/** How long connecting may take, in milliseconds. */
const CONNECT_MS = 5_000;

/** Errors before anything was sent: the act certainly did not happen. */
const NEVER_SENT = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'EHOSTUNREACH',
  'ENETUNREACH',
  'UND_ERR_CONNECT_TIMEOUT',
  'DEPTH_ZERO_SELF_SIGNED_CERT',
  'SELF_SIGNED_CERT_IN_CHAIN',
  'UNABLE_TO_VERIFY_LEAF_SIGNATURE',
  'UNABLE_TO_GET_ISSUER_CERT_LOCALLY',
  'ERR_TLS_CERT_ALTNAME_INVALID',
  'CERT_HAS_EXPIRED',
]);

/** A client that keeps connections open, renews credentials once when they are refused, and never follows a redirect. */
export function createApiClient(cluster: string, credentials: Credentials): ApiClient {
  const connections = openConnections(credentials.proxy);
  const issue = createIssuer(cluster, { credentials, connections });
  const read = (answer: Dispatcher.ResponseData, asked: ApiRequest): Promise<ApiAnswer> =>
    answerOf(answer, (cause) => unreachable(cluster, asked, cause));
  return {
    send: async (asked) => {
      const late = AbortSignal.timeout(asked.deadlineMs);
      return read(await issue(asked, either(late, asked.signal)), asked);
    },
    open: async (asked) => {
      const late = new AbortController();
      const abort = (): void => late.abort(new Error(`no answer in ${asked.deadlineMs} ms`));
      const timer = setTimeout(abort, asked.deadlineMs);
      const answer = await issue(asked, either(late.signal, asked.signal)).finally(() => clearTimeout(timer));
      if (answer.statusCode === 200) return { status: 200, body: undefined, chunks: answer.body };
      return { ...(await read(answer, asked)), chunks: nothing() };
    },
    leaveConnections: connections.leave,
    [Symbol.asyncDispose]: () => connections.close(),
  };
}

type Issue = (asked: ApiRequest, signal: AbortSignal) => Promise<Dispatcher.ResponseData>;

/** Sends a request with the present credentials, and once more with fresh ones where those are refused. */
function createIssuer(
  cluster: string,
  { credentials, connections }: { credentials: Credentials; connections: Connections },
): Issue {
  const issue: Issue = async (asked, signal) => {
    const proof = await credentials.present().catch((cause: unknown) => {
      throw new UnavailableError(`cluster ${cluster}: no credentials`, { cause });
    });
    try {
      return await request(`${credentials.server}${asked.path}${search(asked.query)}`, {
        dispatcher: connections.of(proof.tls),
        method: asked.method,
        headers: headersOf(asked, proof),
        body: asked.body === undefined ? null : JSON.stringify(asked.body.json),
        signal,
        // Silence inside a stream is judged by its reader; everything else ends at the deadline.
        headersTimeout: 0,
        bodyTimeout: 0,
      });
    } catch (cause) {
      throw unreachable(cluster, asked, cause);
    }
  };
  return async (asked, signal) => {
    const first = await issue(asked, signal);
    if (first.statusCode !== 401) return first;
    await first.body.dump();
    credentials.forget();
    return issue(asked, signal);
  };
}

type Connections = ReturnType<typeof openConnections>;

/** One pool of connections for each set of TLS material: a renewed client certificate gets new ones. */
function openConnections(proxy: string | undefined) {
  let present: { key: string; pool: Dispatcher } | undefined;
  const left = new Set<Dispatcher>();
  // Streams on the old connections go on until their server ends them.
  const leave = (): void => {
    if (present === undefined) return;
    const { pool } = present;
    left.add(pool);
    pool.close().then(
      () => left.delete(pool),
      () => left.delete(pool),
    );
    present = undefined;
  };
  return {
    leave,
    of: (tls: TlsMaterial): Dispatcher => {
      const key = JSON.stringify(tls);
      if (present?.key === key) return present.pool;
      leave();
      present = { key, pool: createPool(tls, proxy) };
      return present.pool;
    },
    close: async (): Promise<void> => {
      leave();
      await Promise.all([...left].map((pool) => pool.destroy()));
    },
  };
}

function createPool(tls: TlsMaterial, proxy: string | undefined): Dispatcher {
  // One stream to a connection, so that a dead connection takes nothing else with it.
  const common = { allowH2: false, keepAliveTimeout: KEEP_ALIVE_MS, pipelining: 1 };
  return proxy === undefined
    ? new Agent({ ...common, connect: { ...tls, timeout: CONNECT_MS } })
    : new ProxyAgent({ ...common, uri: proxy, requestTls: tls });
}

function headersOf(asked: ApiRequest, proof: Proof): Record<string, string | string[]> {
  return {
    accept: 'application/json',
    'user-agent': 'signalbox',
    ...(asked.body && { 'content-type': asked.body.contentType }),
    ...proof.headers,
    ...(asked.as && impersonationHeaders(asked.as)),
  };
}

function either(one: AbortSignal, other: AbortSignal | undefined): AbortSignal {
  return other === undefined ? one : AbortSignal.any([one, other]);
}

function search(query: Record<string, string> | undefined): string {
  return query === undefined ? '' : `?${new URLSearchParams(query)}`;
}

async function answerOf(
  answer: Dispatcher.ResponseData,
  unread: (cause: unknown) => UnavailableError,
): Promise<ApiAnswer> {
  const after = answer.headers['retry-after'];
  const seconds = typeof after === 'string' ? Number.parseInt(after, 10) : Number.NaN;
  const serverTime = Date.parse(String(answer.headers['date']));
  const text = await readText(answer.body).catch((cause: unknown) => {
    throw unread(cause);
  });
  return {
    status: answer.statusCode,
    body: parse(text),
    ...(seconds >= 0 && { retryAfterMs: seconds * 1000 }),
    ...(Number.isFinite(serverTime) && { serverTime }),
  };
}

async function readText(body: AsyncIterable<Uint8Array>): Promise<string> {
  const chunks: Uint8Array[] = [];
  let bytes = 0;
  for await (const chunk of body) {
    bytes += chunk.length;
    if (bytes > MAX_ANSWER_BYTES) throw new Error(`the answer is larger than ${MAX_ANSWER_BYTES} bytes`);
    chunks.push(chunk);
  }
  return Buffer.concat(chunks).toString('utf8');
}

function parse(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // A proxy's page, or `/readyz`: whoever needs JSON parses what it gets with zod and says so.
    return text;
  }
}

async function* nothing(): AsyncIterable<Uint8Array> {}

function unreachable(cluster: string, { method, path }: ApiRequest, cause: unknown): UnavailableError {
  const code = codeOf(cause);
  const says = code ?? (cause instanceof Error ? cause.message : 'no answer');
  const message = `cluster ${cluster}: ${method} ${path}: ${says}`;
  return new UnavailableError(message, { cause, ambiguous: method !== 'GET' && !NEVER_SENT.has(code ?? '') });
}

function codeOf(cause: unknown): string | undefined {
  if (!(cause instanceof Error)) return undefined;
  if ('code' in cause && typeof cause.code === 'string') return cause.code;
  return codeOf(cause.cause);
}
