import { setTimeout as sleep } from 'node:timers/promises';
import { UnavailableError } from '../../errors.ts';
import type { Held, Leases } from '../../ports/lease.ts';
import type { WithRepository } from './turns.ts';

/** How often a lease that somebody has is asked for, in milliseconds: about the time of one healthy push. */
const ASK_AGAIN_MS = 100;

/** Turns over all processes of an installation. An urgent one takes the lease from whoever has it. */
export function leasedTurns(leases: Leases, { waitMs }: { waitMs: number }): WithRepository {
  return async ({ repository, urgent }, write) => {
    const held = await take(leases, { name: `git:${repository}`, seize: urgent, waitMs });
    try {
      return await write(held.lost);
    } finally {
      await held.release();
    }
  };
}

async function take(
  leases: Leases,
  { name, seize, waitMs }: { name: string; seize: boolean; waitMs: number },
): Promise<Held> {
  for (const until = performance.now() + waitMs; ; ) {
    const taken = await leases.take(name, { seize });
    if (taken.kind === 'mine') return taken.held;
    const left = until - performance.now();
    if (left <= 0) throw new UnavailableError(`Waiting for the turn of ${name}: another process has it`);
    await sleep(Math.min(left, ASK_AGAIN_MS, Math.max(taken.freeInMs, 1)));
  }
}

/** Within the process first, so that one process asks for the lease once at a time. */
export function bothTurns(inner: WithRepository, outer: WithRepository): WithRepository {
  return (turn, write) =>
    inner(turn, (innerSignal) =>
      outer(turn, (outerSignal) => write(AbortSignal.any([innerSignal, outerSignal]))),
    );
}
