import { type AddressInfo, connect, createServer, type Socket } from 'node:net';

/** A TCP line on loopback to somewhere, which can be cut. */
export interface Line extends AsyncDisposable {
  port: number;
  /** Breaks every connection and refuses new ones. */
  cut(): void;
  /** Nothing passes and nothing breaks: packets are lost. */
  freeze(): void;
  /** Everything passes again; what was frozen is broken, so that it is tried anew. */
  mend(): void;
}

/** Lays one to a socket's path, or to a port on loopback. */
export async function layLine(target: string | number): Promise<Line> {
  const sockets = new Set<Socket>();
  let state: 'whole' | 'cut' | 'frozen' = 'whole';
  const server = createServer((near) => {
    if (state === 'cut') {
      near.destroy();
      return;
    }
    const far = typeof target === 'string' ? connect(target) : connect(target, '127.0.0.1');
    const end = () => {
      near.destroy();
      far.destroy();
    };
    for (const socket of [near, far]) {
      sockets.add(socket);
      socket.on('error', end);
      socket.on('close', () => {
        sockets.delete(socket);
        end();
      });
    }
    near.on('data', (data) => state === 'whole' && far.write(data));
    far.on('data', (data) => state === 'whole' && near.write(data));
  });
  const breakAll = () => {
    for (const socket of sockets) socket.destroy();
  };
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    cut() {
      state = 'cut';
      breakAll();
    },
    freeze() {
      state = 'frozen';
    },
    mend() {
      if (state === 'frozen') breakAll();
      state = 'whole';
    },
    async [Symbol.asyncDispose]() {
      breakAll();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}
