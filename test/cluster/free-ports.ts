import { once } from 'node:events';
import { createServer } from 'node:net';
import { UnavailableError } from '../../src/errors.ts';

/** Below the range from which Linux and macOS take the ports of outgoing connections, so that none of those is given ours meanwhile. */
const FIRST_PORT = 20_000;
const LAST_PORT = 29_999;
const TRIES_PER_PORT = 50;

/** This many different ports of 127.0.0.1 on which nobody listens now. Throws `UnavailableError` when too many are taken. */
export async function findFreePorts(count: number): Promise<number[]> {
  const found = new Set<number>();
  for (let tries = 0; found.size < count; tries += 1) {
    if (tries > count * TRIES_PER_PORT)
      throw new UnavailableError(`found no ${count} free ports on 127.0.0.1`);
    const port = FIRST_PORT + Math.floor(Math.random() * (LAST_PORT - FIRST_PORT + 1));
    if (await isFree(port)) found.add(port);
  }
  return [...found];
}

async function isFree(port: number): Promise<boolean> {
  const server = createServer();
  try {
    server.listen({ port, host: '127.0.0.1', exclusive: true });
    await once(server, 'listening');
    return true;
  } catch {
    return false;
  } finally {
    server.close();
  }
}
