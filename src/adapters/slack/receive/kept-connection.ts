import type { Timers } from '../timers.ts';
import { type OpenSocket, openSocket, type SocketParts } from './open-socket.ts';

/** One Socket Mode connection that is made anew whenever it ends, and a little before. */
export interface KeptConnection {
  readonly isUp: boolean;
  close(): Promise<void>;
}

/** Waits between attempts: 0.5, 1, 2, 4, 5, 5 … s. Slack's own client waits up to nine minutes after an outage of forty. */
const FIRST_WAIT_MS = 500;
const LONGEST_WAIT_MS = 5_000;
/** Connections that end at once are not opened more often than this. */
const SHORTEST_TURN_MS = 1_000;
/** Slack says goodbye about ten seconds ahead; one that is still open long after that is ended by us. */
const LEAVING_MS = 30_000;

/** Keeps one connection up until it is closed. */
export function keepConnection(parts: SocketParts): KeptConnection {
  const open = new Set<OpenSocket>();
  const closing = Promise.withResolvers<void>();
  const pause = (ms: number) => pauseOr(closing.promise, { timers: parts.timers, ms });
  let isClosing = false;

  const loop = async () => {
    let failures = 0;
    while (!isClosing) {
      try {
        const socket = await openSocket(parts, closing.promise);
        failures = 0;
        const shortest = pause(SHORTEST_TURN_MS);
        keepUntilOver(socket, { open, timers: parts.timers });
        await Promise.race([socket.leaving, socket.over, closing.promise]);
        await shortest;
      } catch (error) {
        if (isClosing) return;
        failures += 1;
        parts.logger.warn({ err: error, failures }, 'connecting to Slack failed');
        await pause(Math.min(FIRST_WAIT_MS * 2 ** (failures - 1), LONGEST_WAIT_MS));
      }
    }
  };
  const done = loop();
  return {
    get isUp() {
      return open.size > 0;
    },
    async close() {
      isClosing = true;
      closing.resolve();
      await done;
      await Promise.all([...open].map((socket) => socket.close()));
    },
  };
}

/** Counts a connection among the open ones until it is over, and sees that it is, some time after its goodbye. */
function keepUntilOver(
  socket: OpenSocket,
  { open, timers }: { open: Set<OpenSocket>; timers: Timers },
): void {
  open.add(socket);
  let stopWaiting = () => {};
  void socket.leaving.then(() => {
    if (open.has(socket)) stopWaiting = timers.after(LEAVING_MS, () => void socket.close());
  });
  void socket.over.then(() => {
    stopWaiting();
    open.delete(socket);
    return socket.close();
  });
}

function pauseOr(closing: Promise<void>, { timers, ms }: { timers: Timers; ms: number }): Promise<void> {
  return new Promise((resolve) => {
    const stop = timers.after(ms, resolve);
    void closing.then(() => {
      stop();
      resolve();
    });
  });
}
