import { createServer, type IncomingMessage, type ServerResponse } from 'node:http';
import type { AddressInfo } from 'node:net';

/** What the server does with one request instead of answering it properly. */
export type Trouble =
  | { kind: 'status'; status: number; message?: string; headers?: Record<string, string> }
  /** Accepts and never answers. */
  | { kind: 'blackHole' }
  /** Ends the connection without an answer. */
  | { kind: 'hangUp' }
  /** Opens the watch, then never sends a byte. */
  | { kind: 'mute' }
  /** Opens the watch and sends this text as it is, then ends the stream, or cuts the connection. */
  | { kind: 'raw'; text: string; after: 'end' | 'cut' | 'wait' };

interface Seen {
  watch: boolean;
  query: URLSearchParams;
}

/**
 * A list and its watch over a real socket, as far as a reflector needs: versions, replay from a version, bookmarks only
 * when told, and each kind of trouble on demand. Strict: other paths and a watch without a version are refused.
 * Source: https://kubernetes.io/docs/reference/using-api/api-concepts/#efficient-detection-of-changes
 */
export interface WatchServer extends AsyncDisposable {
  url: string;
  requests: Seen[];
  /** Connections on which a watch is open now. */
  openWatches(): number;
  put(name: string, replicas: number): void;
  remove(name: string): void;
  bookmark(): void;
  /** Cuts every open watch, after half of a next event. */
  cutInMidLine(): void;
  /** For the next list or watch, whichever is named; several queue up. */
  trouble(on: 'list' | 'watch', trouble: Trouble): void;
  /** For every one of them from now on; undefined ends it. */
  always(on: 'list' | 'watch', trouble: Trouble | undefined): void;
}

const PATH = '/apis/argoproj.io/v1alpha1/namespaces/shop/rollouts';

interface Event {
  version: number;
  type: string;
  object: object;
}

export async function startWatchServer(): Promise<WatchServer> {
  const objects = new Map<string, object>();
  const events: Event[] = [];
  const watches = new Set<ServerResponse>();
  const requests: Seen[] = [];
  const queued = { list: [] as Trouble[], watch: [] as Trouble[] };
  const standing: { list?: Trouble | undefined; watch?: Trouble | undefined } = {};
  let version = 100;

  const emit = (type: string, object: object): void => {
    events.push({ version, type, object });
    for (const response of watches) response.write(`${JSON.stringify({ type, object })}\n`);
  };
  const server = createServer((request, response) => {
    const url = new URL(request.url ?? '', 'http://localhost');
    const watch = url.searchParams.get('watch') === 'true';
    requests.push({ watch, query: url.searchParams });
    const on = watch ? 'watch' : 'list';
    const trouble = queued[on].shift() ?? standing[on];
    if (url.pathname !== PATH) refuse(response, { kind: 'status', status: 404 });
    else if (trouble !== undefined) cause(trouble, request, response);
    else if (watch) follow(url.searchParams, response);
    else answer(response, { metadata: { resourceVersion: String(version) }, items: [...objects.values()] });
  });
  const track = (response: ServerResponse): void => {
    watches.add(response);
    response.on('close', () => watches.delete(response));
  };
  const cause = (trouble: Trouble, request: IncomingMessage, response: ServerResponse): void => {
    if (trouble.kind === 'status') refuse(response, trouble);
    if (trouble.kind === 'hangUp') request.socket.destroy();
    if (trouble.kind !== 'mute' && trouble.kind !== 'raw') return;
    response.writeHead(200, { 'content-type': 'application/json' }).flushHeaders();
    if (trouble.kind === 'mute') return;
    response.write(trouble.text, () => {
      if (trouble.after === 'end') response.end();
      if (trouble.after === 'cut') request.socket.destroy();
    });
  };
  const follow = (query: URLSearchParams, response: ServerResponse): void => {
    const from = Number(query.get('resourceVersion'));
    if (!(from > 0) || !(Number(query.get('timeoutSeconds')) > 0)) {
      refuse(response, { kind: 'status', status: 400 });
      return;
    }
    response.writeHead(200, { 'content-type': 'application/json' }).flushHeaders();
    for (const event of events) {
      const { type, object } = event;
      if (event.version > from) response.write(`${JSON.stringify({ type, object })}\n`);
    }
    track(response);
  };
  server.listen(0, '127.0.0.1');
  await new Promise((resolve) => server.once('listening', resolve));
  return {
    url: `http://127.0.0.1:${(server.address() as AddressInfo).port}`,
    requests,
    openWatches: () => watches.size,
    put: (name, replicas) => {
      version += 1;
      const type = objects.has(name) ? 'MODIFIED' : 'ADDED';
      const metadata = { name, namespace: 'shop', uid: `uid-${name}`, resourceVersion: String(version) };
      const object = { kind: 'Rollout', metadata, spec: { replicas } };
      objects.set(name, object);
      emit(type, object);
    },
    remove: (name) => {
      version += 1;
      const object = objects.get(name);
      objects.delete(name);
      if (object)
        emit('DELETED', {
          ...object,
          metadata: { name, namespace: 'shop', resourceVersion: String(version) },
        });
    },
    bookmark: () => {
      version += 1;
      const object = { kind: 'Rollout', metadata: { resourceVersion: String(version) } };
      for (const response of watches) response.write(`${JSON.stringify({ type: 'BOOKMARK', object })}\n`);
    },
    cutInMidLine: () => {
      for (const response of watches)
        response.write('{"type":"MODIFIED","obj', () => response.socket?.destroy());
    },
    trouble: (on, trouble) => queued[on].push(trouble),
    always: (on, trouble) => {
      standing[on] = trouble;
    },
    [Symbol.asyncDispose]: async () => {
      server.closeAllConnections();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function answer(response: ServerResponse, body: object): void {
  response.writeHead(200, { 'content-type': 'application/json' }).end(JSON.stringify(body));
}

function refuse(
  response: ServerResponse,
  { status, message, headers }: Extract<Trouble, { kind: 'status' }>,
): void {
  const body = {
    kind: 'Status',
    status: 'Failure',
    code: status,
    message: message ?? `refused with ${status}`,
  };
  response.writeHead(status, { 'content-type': 'application/json', ...headers }).end(JSON.stringify(body));
}
