import { placementId } from '../../catalog/placement.ts';
import { hashIfCanonical } from '../../document/canonical-hash.ts';
import type { Path } from '../../document/fault.ts';
import { own } from '../../document/own.ts';
import { parseDuration } from '../../gate/duration.ts';
import type { WrittenRollout } from '../../manifest/rollout-schema.ts';
import { declaredServices } from '../../plan/declared-services.ts';
import { rolloutSteps } from '../../plan/gated-pauses.ts';
import { type Finding, findingAt } from '../finding.ts';
import type { FoundRollout, PreflightInput } from '../preflight-input.ts';

/** `rollout-agrees`: the Rollout in Git owns the canary's steps; a manifest that states them states the same. */
export function rolloutAgrees(input: PreflightInput): Finding[] {
  return declaredServices(input).flatMap(({ name, written, placements }) => {
    const { rollout } = written;
    if (rollout === undefined) return [];
    return placements.flatMap((placement) => {
      const id = placementId(placement);
      const found = own(input.rollouts, id) ?? { kind: 'unreadable', says: 'it was not read' };
      return disagreements(rollout, found).map(({ path, says }) =>
        findingAt(input.document, {
          rule: 'rollout-agrees',
          severity: found.kind === 'found' ? 'error' : 'unknown',
          path: ['spec', 'services', name, 'rollout', ...path],
          says: `${says} (Rollout ${id})`,
          remedy: 'Change the Rollout in Git first, or leave the rollout out here.',
        }),
      );
    });
  });
}

function disagreements(rollout: WrittenRollout, found: FoundRollout): { path: Path; says: string }[] {
  if (found.kind === 'unreadable') return [{ path: [], says: `cannot be compared: ${found.says}` }];
  const { strategy, steps } = rollout;
  if (strategy !== 'canary' && strategy !== 'blueGreen') return [];
  if (strategy !== found.strategy)
    return [{ path: ['strategy'], says: `is ${strategy}, and ${found.in} has ${found.strategy}` }];
  if (steps === undefined) return [];
  const [here, there] = [rolloutSteps(steps).map(stepKey), found.steps.map(stepKey)];
  if (here.length !== there.length) {
    return [{ path: ['steps'], says: `has ${here.length} steps, and ${found.in} has ${there.length}` }];
  }
  const first = here.findIndex((key, index) => key !== there[index]);
  if (first < 0) return [];
  const says = `differs at step ${first + 1}: ${wordsOf(rolloutSteps(steps)[first])}, and ${found.in} has ${wordsOf(found.steps[first])}`;
  return [{ path: ['steps'], says }];
}

/** Two steps with the same key do the same: durations are compared by length, not by how they are written. */
function stepKey(step: unknown): string {
  const plain = withPlainPause(step);
  return hashIfCanonical(plain) ?? 'not canonical';
}

function withPlainPause(step: unknown): unknown {
  if (typeof step !== 'object' || step === null || !('pause' in step)) return step;
  const { pause } = step;
  const duration =
    typeof pause === 'object' && pause !== null && 'duration' in pause ? pause.duration : undefined;
  if (typeof duration !== 'string' && typeof duration !== 'number')
    return { pause: 'until somebody lets it go on' };
  return { pause: parseDuration(duration) ?? duration };
}

function wordsOf(step: unknown): string {
  return JSON.stringify(step) ?? 'nothing';
}
