import type { Socket } from 'node:net';
import { Agent, buildConnector } from 'undici';
import type { Timers } from '../timers.ts';

/** The network connections under a WebSocket, watched from below. */
export interface WatchedSockets {
  /** Makes the connections. */
  dispatcher: Agent;
  /** Cuts whatever is open. A connection left behind counts against Slack's limit of ten. */
  cut(): void;
}

/**
 * Cuts a connection over which nothing at all has come for `silenceMs` to twice that. The client pings every two seconds, so that is a
 * connection whose other end is gone without a word; Slack's client has its own watch, which was seen to wait for ever in a
 * closing handshake (slackapi/node-slack-sdk, openclaw/openclaw#77249).
 */
export function watchSockets({ timers, silenceMs }: { timers: Timers; silenceMs: number }): WatchedSockets {
  const open = new Set<Socket>();
  // A WebSocket needs a connection of its own: no HTTP/2.
  const connect = buildConnector({ allowH2: false });
  const dispatcher = new Agent({
    connect(options, callback) {
      connect(options, (error, socket) => {
        if (!socket) return callback(error ?? new Error('no connection'), null);
        open.add(socket);
        const stop = watch(socket, { timers, silenceMs });
        socket.once('close', () => {
          stop();
          open.delete(socket);
        });
        callback(null, socket);
      });
    },
  });
  return {
    dispatcher,
    cut() {
      for (const socket of open) socket.destroy();
    },
  };
}

function watch(socket: Socket, { timers, silenceMs }: { timers: Timers; silenceMs: number }): () => void {
  let heard = -1;
  let stop = () => {};
  const look = () => {
    if (socket.bytesRead === heard) {
      socket.destroy();
      return;
    }
    heard = socket.bytesRead;
    stop = timers.after(silenceMs, look);
  };
  look();
  return () => stop();
}
