import type { Timing } from '../timing.ts';
import { postRaw, postToApp, type WireAnswer, type WireRequest, wireRequest } from './http-transport.ts';
import type { AppAnswer, Delivery, Outgoing } from './payload.ts';
import type { SocketTransport } from './socket-transport.ts';

/** Where payloads go: to a request URL, or to whatever sockets the app opens. */
export type AppTarget = { readonly requestUrl: string } | { readonly socket: true };

/** The line to the installed app. */
export interface AppLink {
  connect(target: AppTarget): void;
  deliver(outgoing: Outgoing): Promise<AppAnswer>;
  /** Everything that was sent, oldest first. */
  readonly deliveries: readonly Delivery[];
  /** Posts a request a test made up. Throws when the app is not connected by HTTP. */
  postRaw(request: WireRequest): Promise<WireAnswer>;
}

/** Opens the line. Nothing is reachable until `connect` is called. */
export function createAppLink(options: {
  readonly sockets: SocketTransport;
  readonly signingSecret: string;
  readonly timing: Timing;
  readonly now: () => number;
}): AppLink {
  let target: AppTarget | undefined;
  const deliveries: Delivery[] = [];

  const note = async (delivery: Delivery, sent: Promise<AppAnswer>): Promise<AppAnswer> => {
    deliveries.push(delivery);
    const startedMs = performance.now();
    const answer = await sent;
    delivery.answer = answer;
    delivery.tookMs = performance.now() - startedMs;
    return answer;
  };

  return {
    connect: (to) => {
      target = to;
    },
    deliveries,
    deliver: (outgoing) => {
      const atMs = options.now();
      if (target === undefined)
        return Promise.resolve({ kind: 'unreachable', reason: 'no app is connected' });
      if ('socket' in target) {
        return note({ atMs, transport: 'socket', outgoing }, options.sockets.send(outgoing));
      }
      const wire = wireRequest(outgoing, { secret: options.signingSecret, timestampSeconds: atMs / 1000 });
      const sent = postToApp(wire, { requestUrl: target.requestUrl, ackMs: options.timing.ackMs });
      return note({ atMs, transport: 'http', outgoing, wire }, sent);
    },
    postRaw: (request) => {
      if (target === undefined || 'socket' in target) throw new Error('the app is not connected by HTTP');
      return postRaw(request, target.requestUrl);
    },
  };
}
