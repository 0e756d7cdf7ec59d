import { policyOf } from '../../actor.ts';
import { endingFacts } from '../ending-facts.ts';
import { emptyTurn, type Look, type Turn } from '../look.ts';
import { settleFirst } from '../settle-first.ts';

/** Every service is Healthy and proved, or has nothing to prove it with: say so, remember the content, free the tracks. One append. */
export function finish(look: Look): Turn {
  const unsettled = settleFirst(look);
  if (unsettled) return unsettled;
  const { release } = look;
  const actor = policyOf(release.environment);
  const proved = new Set(Object.keys(release.proofs));
  return {
    ...emptyTurn(),
    record: {
      environment: endingFacts(release, { actor, proved }),
      release: [{ kind: 'release.ended', actor, data: { outcome: 'released' } }],
    },
  };
}
