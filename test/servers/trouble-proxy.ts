import { once } from 'node:events';
import { type AddressInfo, connect as connectPlain, createServer, type Socket } from 'node:net';
import { connect as connectTls, TLSSocket } from 'node:tls';

/** What passes for the server, to both sides; PEM. */
export interface ProxyTls {
  ca: string;
  cert: string;
  key: string;
}

/**
 * Stands between a client and an HTTP/1.1 server, reads what passes and spoils it. TLS ends here and begins again, so that
 * a connection can be cut where the protocol hurts, and not where its records end.
 */
export interface TroubleProxy extends AsyncDisposable {
  url: string;
  /** Path and query of every watch that was asked for, in order. */
  watches: string[];
  /** How many watches the server has open through us, by the last part of their path. */
  openWatches(): Record<string, number>;
  /** Lets half of the next bytes through to each connection on which a watch is open, then breaks it. Answers how many that are. */
  cutInMidChunk(): number;
  /** Breaks every connection and refuses new ones until the answer is called. */
  refuse(): () => void;
  /**
   * Nothing gets across until the answer is called: no byte, no end of a connection, no new one. The connections there are stay dead
   * for ever, as when a router on the way has forgotten them; their ends are known once packets pass again.
   */
  blackHole(): () => void;
}

interface Connection {
  client: Socket;
  server: Socket;
  /** Absent: no watch is open on it. */
  watch?: string;
  /** The last bytes of the server: an end may come in pieces. */
  tail: Buffer;
  isDead: boolean;
  cutNext: boolean;
}

/** How HTTP/1.1 ends an answer that came in chunks. */
const LAST_CHUNK = Buffer.from('0\r\n\r\n');

/** Opens a proxy on a free port of 127.0.0.1. */
export async function startTroubleProxy(target: string, tls?: ProxyTls): Promise<TroubleProxy> {
  const { hostname, port } = new URL(target);
  const connections = new Set<Connection>();
  const watches: string[] = [];
  const afterHole: (() => void)[] = [];
  let state: 'passing' | 'refusing' | 'swallowing' = 'passing';

  const toServer = (): Socket =>
    tls === undefined
      ? connectPlain({ host: hostname, port: Number(port) })
      : connectTls({ host: hostname, port: Number(port), ca: tls.ca });
  const join = (accepted: Socket): void => {
    const client =
      tls === undefined
        ? accepted
        : new TLSSocket(accepted, { isServer: true, cert: tls.cert, key: tls.key });
    const connection: Connection = {
      client,
      server: toServer(),
      tail: Buffer.alloc(0),
      isDead: false,
      cutNext: false,
    };
    connections.add(connection);
    carry(connection, { watches, tell: (end) => (state === 'swallowing' ? afterHole.push(end) : end()) });
    connection.server.once('close', () => connections.delete(connection));
  };
  const listener = createServer((accepted) => {
    if (state === 'passing') return join(accepted);
    accepted.on('error', () => undefined);
    if (state === 'refusing') accepted.resetAndDestroy();
    // Accepted by the kernel, which no test can forbid, and never answered.
    else afterHole.push(() => accepted.destroy());
  });
  listener.listen(0, '127.0.0.1');
  await once(listener, 'listening');
  return {
    url: `${tls === undefined ? 'http' : 'https'}://127.0.0.1:${(listener.address() as AddressInfo).port}`,
    watches,
    openWatches: () => countByWatch(connections),
    cutInMidChunk() {
      const watching = [...connections].filter(({ watch }) => watch !== undefined);
      for (const connection of watching) connection.cutNext = true;
      return watching.length;
    },
    refuse() {
      state = 'refusing';
      for (const { client, server } of connections) {
        client.destroy();
        server.destroy();
      }
      return () => {
        state = 'passing';
      };
    },
    blackHole() {
      state = 'swallowing';
      for (const connection of connections) connection.isDead = true;
      return () => {
        state = 'passing';
        for (const end of afterHole.splice(0)) end();
      };
    },
    [Symbol.asyncDispose]: async () => {
      for (const { client, server } of connections) {
        client.destroy();
        server.destroy();
      }
      for (const end of afterHole.splice(0)) end();
      await once(listener.close(), 'close');
    },
  };
}

/** Carries bytes and ends from each side to the other, as far as the connection still carries any. */
function carry(
  connection: Connection,
  { watches, tell }: { watches: string[]; tell: (end: () => void) => void },
): void {
  const { client, server } = connection;
  for (const socket of [client, server]) socket.on('error', () => undefined);
  client.on('data', (chunk: Buffer) => {
    if (connection.isDead) return;
    note(connection, chunk, watches);
    pass(chunk, client, server);
  });
  server.on('data', (chunk: Buffer) => {
    if (connection.isDead) return;
    // A watch that was refused, or has ended: the connection stays for the next request.
    connection.tail = Buffer.concat([connection.tail, chunk]).subarray(-LAST_CHUNK.length);
    const [, status = '200'] = /^HTTP\/1\.1 (\d{3})/.exec(chunk.toString('latin1', 0, 12)) ?? [];
    if (status !== '200' || connection.tail.equals(LAST_CHUNK)) delete connection.watch;
    if (!connection.cutNext) return pass(chunk, server, client);
    client.write(chunk.subarray(0, Math.ceil(chunk.length / 2)), () => client.destroy());
    server.destroy();
  });
  server.on('end', () => {
    if (!connection.isDead) client.end();
  });
  client.on('close', () => tell(() => server.destroy()));
  server.on('close', () => {
    if (!connection.isDead) client.destroy();
  });
}

/** A request begins with its line; nothing is ever sent after it but the next one, because nobody pipelines. */
function note(connection: Connection, chunk: Buffer, watches: string[]): void {
  const [, path] = /^[A-Z]+ (\S+) HTTP\/1\.1\r\n/.exec(chunk.toString('latin1', 0, 2048)) ?? [];
  if (path === undefined) return;
  const url = new URL(path, 'http://server');
  if (url.searchParams.get('watch') === 'true') {
    watches.push(path);
    connection.watch = url.pathname.slice(url.pathname.lastIndexOf('/') + 1);
  } else {
    delete connection.watch;
  }
}

function pass(chunk: Buffer, from: Socket, to: Socket): void {
  if (to.write(chunk)) return;
  from.pause();
  to.once('drain', () => from.resume());
}

function countByWatch(connections: ReadonlySet<Connection>): Record<string, number> {
  const counts: Record<string, number> = {};
  for (const { watch } of connections) if (watch !== undefined) counts[watch] = (counts[watch] ?? 0) + 1;
  return counts;
}
