import type { Actor } from '../../domain/actor.ts';
import { RECOVERY_MAY } from '../../domain/rbac/identities.ts';
import { UnavailableError } from '../../errors.ts';
import type { ClusterDone, ClusterEffect } from '../../ports/cluster.ts';
import { changeRollout } from './change-rollout.ts';
import { type Identity, identityOf } from './identity.ts';
import { noteWrites, withWrites } from './note-writes.ts';
import { type Conflict, recorder } from './receipts.ts';
import { applicationTarget, refreshApplication } from './refresh-application.ts';
import { undoRollout } from './undo-rollout.ts';
import { rolloutTarget, type WriteContext } from './write-context.ts';

/**
 * Looks, then writes in somebody's name. A write that lost a race is decided once more from what the object is by then.
 * @throws UnavailableError when it cannot be looked at or done now; TerminalError for the program itself as actor.
 */
export async function performEffect(
  context: WriteContext,
  { effect, actor }: { effect: ClusterEffect; actor: Actor },
): Promise<ClusterDone> {
  const as = identityOf(actor);
  if (actor.kind === 'recovery' && !RECOVERY_MAY.includes(effect.kind)) {
    const reason = `${as.user} may abort, undo and promote fully, not ${effect.kind}`;
    const target = effect.kind === 'argocd.refresh' ? applicationTarget(effect) : rolloutTarget(effect);
    return recorder(context, target).forbiddenHere(as, reason);
  }
  const { client, written } = noteWrites(context.client, context.cluster);
  const noting = { ...context, client };
  const first = await attempt(noting, effect, as);
  const done = first.kind === 'conflict' ? await attempt(noting, effect, as) : first;
  if (done.kind === 'conflict') throw new UnavailableError(`${effect.kind}: ${done.reason}`);
  return withWrites(done, { written, at: new Date(context.clock.now()).toISOString() });
}

function attempt(
  context: WriteContext,
  effect: ClusterEffect,
  as: Identity,
): Promise<ClusterDone | Conflict> {
  switch (effect.kind) {
    case 'argocd.refresh':
      return refreshApplication(context, { effect, as });
    case 'rollout.undo':
      return undoRollout(context, { effect, as });
    default:
      return changeRollout(context, { verb: effect, as });
  }
}
