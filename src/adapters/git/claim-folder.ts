import { createHash } from 'node:crypto';
import { mkdir } from 'node:fs/promises';
import { createServer, type Server } from 'node:net';
import { join, resolve } from 'node:path';
import { TerminalError } from '../../errors.ts';

/** A folder that no other process of this machine claims at the same time. */
export interface ClaimedFolder extends AsyncDisposable {
  dir: string;
}

/** Processes of one installation that may share a data folder on one machine. */
const MOST = 16;

/**
 * Claims one of the numbered folders in `parent`, the first that is free. Two processes in one clone would stumble over each other's
 * locks. A name in the kernel's abstract socket namespace is the claim: it is taken atomically and ends with its process, whatever
 * ends that. Elsewhere than on Linux there is no such namespace, and the first folder is taken unclaimed.
 * Source: https://man7.org/linux/man-pages/man7/unix.7.html
 */
export async function claimFolder(parent: string): Promise<ClaimedFolder> {
  for (let number = 1; number <= MOST; number += 1) {
    const dir = join(resolve(parent), String(number));
    const claim =
      process.platform === 'linux' ? await listen(nameFor(dir)) : { close: async () => undefined };
    if (claim === undefined) continue;
    await mkdir(dir, { recursive: true });
    return { dir, [Symbol.asyncDispose]: claim.close };
  }
  throw new TerminalError(
    `${parent} is used by ${MOST} processes already: give this one a data folder of its own`,
  );
}

/** A socket's name has at most 107 characters, and a path may be longer. */
function nameFor(dir: string): string {
  return `\0signalbox-clones-${createHash('sha256').update(dir).digest('hex').slice(0, 32)}`;
}

/** Absent when somebody has the name. */
async function listen(name: string): Promise<{ close(): Promise<void> } | undefined> {
  const server = createServer((socket) => socket.destroy());
  const isMine = await new Promise<boolean>((settle, fail) => {
    server.once('error', (error: NodeJS.ErrnoException) =>
      error.code === 'EADDRINUSE' ? settle(false) : fail(error),
    );
    server.listen(name, () => settle(true));
  });
  server.unref();
  return isMine ? { close: () => close(server) } : undefined;
}

function close(server: Server): Promise<void> {
  return new Promise((done) => server.close(() => done()));
}
