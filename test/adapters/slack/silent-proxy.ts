import type { AddressInfo } from 'node:net';
import { connect as connectTo, createServer, type Socket } from 'node:net';
import { Transform } from 'node:stream';

/** A way to a server that can fall silent, as a network does that lost a route: nothing arrives and nothing is closed. */
export interface SilentProxy extends AsyncDisposable {
  port: number;
  /** From now on the connections that are open carry nothing more. New ones do. */
  silence(): void;
  /** Connections that were ever opened. */
  readonly opened: number;
}

/** Opens a proxy on a free port of this machine. */
export async function openSilentProxy(target: { port: number }): Promise<SilentProxy> {
  const pairs = new Set<readonly [Socket, Socket]>();
  let opened = 0;
  const server = createServer((near) => {
    const far = connectTo({ port: target.port, host: '127.0.0.1' });
    const pair = [near, far] as const;
    opened += 1;
    pairs.add(pair);
    const { port } = server.address() as AddressInfo;
    near.pipe(renaming(port, target.port)).pipe(far);
    far.pipe(renaming(target.port, port)).pipe(near);
    for (const socket of pair) {
      socket.on('error', () => socket.destroy());
      socket.on('close', () => {
        for (const end of pair) end.destroy();
        pairs.delete(pair);
      });
    }
  });
  const { promise, resolve } = Promise.withResolvers<void>();
  server.listen(0, '127.0.0.1', resolve);
  await promise;
  return {
    port: (server.address() as AddressInfo).port,
    get opened() {
      return opened;
    },
    silence() {
      for (const [near, far] of pairs) {
        near.unpipe();
        far.unpipe();
        near.resume();
        far.resume();
      }
    },
    async [Symbol.asyncDispose]() {
      for (const pair of pairs) for (const socket of pair) socket.destroy();
      await new Promise((done) => server.close(done));
    },
  };
}

/** Addresses in what passes name the other port: of as many digits, so that no length changes. */
function renaming(from: number, to: number): Transform {
  return new Transform({
    transform(chunk: Buffer, _encoding, done) {
      const text = chunk.toString('latin1').replaceAll(`127.0.0.1:${from}`, `127.0.0.1:${to}`);
      done(null, Buffer.from(text, 'latin1'));
    },
  });
}
