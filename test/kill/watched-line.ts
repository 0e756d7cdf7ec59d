import { type AddressInfo, connect, createServer, type Socket } from 'node:net';
import { z } from 'zod';
import { type EffectKind, Intent } from '../../src/domain/effect.ts';
import type { Point } from './points.ts';

/** A line to Redis that reads every append on its way, and stops the traffic at a point until it is let go. */
export interface WatchedLine extends AsyncDisposable {
  port: number;
  /** Everything passes, whatever it is. */
  release(): void;
}

const IntendedFact = z.object({ kind: z.literal('effect.intended'), data: Intent });
const DoneFact = z.object({ kind: z.literal('effect.done'), data: z.object({ effect: z.string() }) });

interface Options {
  /** Path of Redis's socket. */
  target: string;
  /** Whether to stop here. Asked once for each fact that is on its way. */
  wanted(point: Point): boolean;
  /** The traffic stands still at this point. After an intent, Redis has it and the program has heard nothing. */
  stopped(point: Point, effect: string): void;
}

/** Lays the line. An append on its way is held back whole: Redis does nothing with a command that never ends. */
export async function layWatchedLine({ target, wanted, stopped }: Options): Promise<WatchedLine> {
  const sockets = new Set<Socket>();
  const kinds = new Map<string, EffectKind>();
  let state: 'passing' | 'mute' | 'still' = 'passing';

  /** What is to be done with the facts in one piece of traffic. */
  const judge = (facts: readonly unknown[]): { point: Point; effect: string } | undefined => {
    for (const fact of facts) {
      const found = pointOf(fact, kinds).find(({ point }) => wanted(point));
      if (found) return found;
    }
    return undefined;
  };

  const server = createServer((near) => {
    if (state !== 'passing') {
      near.destroy();
      return;
    }
    const far = connect(target);
    const end = () => {
      near.destroy();
      far.destroy();
    };
    let rest = '';
    near.on('data', (data) => {
      if (state === 'still') return;
      const lines = (rest + data.toString('latin1')).split('\r\n');
      rest = lines.pop() ?? '';
      const found = state === 'passing' ? judge(lines.flatMap(asFact)) : undefined;
      if (found === undefined) {
        far.write(data);
        return;
      }
      if (!found.point.endsWith('afterIntent')) {
        state = 'still';
        stopped(found.point, found.effect);
        return;
      }
      state = 'mute';
      far.once('data', () => {
        state = 'still';
        stopped(found.point, found.effect);
      });
      far.write(data);
    });
    far.on('data', (data) => state === 'passing' && near.write(data));
    for (const socket of [near, far]) {
      sockets.add(socket);
      socket.on('error', end);
      socket.on('close', () => {
        sockets.delete(socket);
        end();
      });
    }
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  return {
    port: (server.address() as AddressInfo).port,
    release() {
      for (const socket of sockets) socket.destroy();
      state = 'passing';
    },
    async [Symbol.asyncDispose]() {
      for (const socket of sockets) socket.destroy();
      await new Promise((resolve) => server.close(resolve));
    },
  };
}

function pointOf(fact: unknown, kinds: Map<string, EffectKind>): { point: Point; effect: string }[] {
  const intended = IntendedFact.safeParse(fact);
  if (intended.success) {
    const { id, effect } = intended.data.data;
    kinds.set(id, effect.kind);
    return [
      { point: `${effect.kind}/beforeIntent`, effect: id },
      { point: `${effect.kind}/afterIntent`, effect: id },
    ];
  }
  const done = DoneFact.safeParse(fact);
  if (!done.success) return [];
  const { effect } = done.data.data;
  const kind = kinds.get(effect);
  return kind ? [{ point: `${kind}/beforeReceipt`, effect }] : [];
}

/** A fact travels as a line of its own: JSON keeps no line breaks. */
function asFact(line: string): unknown[] {
  if (!line.startsWith('{"') || !line.includes('"kind":"effect.')) return [];
  try {
    return [JSON.parse(Buffer.from(line, 'latin1').toString())];
  } catch {
    return [];
  }
}
