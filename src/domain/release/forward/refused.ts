import { policyOf } from '../../actor.ts';
import { type Look, record, type Turn, waitFor } from '../look.ts';

/**
 * What to do about effects that a target refused: wait for a merge, or hold the release and say so. Absent when none of them
 * was refused. A stale refusal is no refusal: the world moved on, and so does the next decision.
 */
export function refusedEffects(look: Look, ids: readonly string[]): Turn | undefined {
  const { release } = look;
  for (const id of ids) {
    const known = release.effects[id];
    if (known?.status.kind !== 'refused' || known.status.why === 'stale') continue;
    const { why, says } = known.status;
    const { effect } = known.intent;
    if (why === 'awaitingMerge' && effect.kind === 'git.commit') {
      return {
        ...waitFor({ kind: 'merge', repository: effect.repository, says }),
        perform: [[known.intent]],
      };
    }
    if (release.hold) return waitFor({ kind: 'held', reason: release.hold.reason });
    const reason =
      effect.kind === 'git.commit'
        ? ({ kind: 'pushRejected', repository: effect.repository, says } as const)
        : ({ kind: 'effectRefused', effect: id, says } as const);
    return record({ kind: 'release.held', actor: policyOf(release.environment), data: { reason } });
  }
  return undefined;
}
