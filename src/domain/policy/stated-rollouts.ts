import { type Placement, placementId } from '../catalog/placement.ts';
import { declaredServices } from '../plan/declared-services.ts';
import type { PlanInput } from '../plan/plan-input.ts';
import type { CanaryStep, RolloutObserved } from '../rollout/rollout-view.ts';
import type { FoundRollout } from './preflight-input.ts';

/** The placements whose Rollouts have to be known because the manifest says how their service is brought out, or a hotfix may not skip it. */
export function placementsWithRollout(
  input: Pick<PlanInput, 'manifest' | 'catalog' | 'environment'>,
): Placement[] {
  const isHotfix = input.manifest.spec.type === 'hotfix';
  return declaredServices(input).flatMap(({ written, placements, tier }) =>
    written.rollout === undefined && !(isHotfix && tier <= 1) ? [] : placements,
  );
}

/** The Rollout of a placement among the documents of the file that the catalog names for it. */
export function rolloutInFile(
  { rollout, namespace, git }: Placement,
  documents: readonly unknown[],
): FoundRollout {
  const own = documents.find((document) => {
    const metadata = field(document, 'metadata');
    const where = field(metadata, 'namespace') ?? namespace;
    return (
      field(document, 'kind') === 'Rollout' && field(metadata, 'name') === rollout && where === namespace
    );
  });
  if (own === undefined)
    return { kind: 'unreadable', says: `${git?.file ?? 'its file'} holds no Rollout ${rollout}` };
  const strategy = field(field(own, 'spec'), 'strategy');
  const canary = field(strategy, 'canary');
  if (canary === undefined) {
    return {
      kind: 'found',
      in: 'Git',
      strategy: field(strategy, 'blueGreen') === undefined ? 'none' : 'blueGreen',
      steps: [],
    };
  }
  const steps = field(canary, 'steps') ?? [];
  if (!Array.isArray(steps)) return { kind: 'unreadable', says: `the steps in ${git?.file} are no list` };
  return { kind: 'found', in: 'Git', strategy: 'canary', steps };
}

/**
 * The Rollout of a placement as its cluster has it, for those that Git only holds the ingredients of (kustomize, Helm) or does
 * not own at all. A step that we know by name only could be another one of that name, so nothing is concluded from it.
 */
export function rolloutInCluster(placement: Placement, observed: RolloutObserved): FoundRollout {
  switch (observed.kind) {
    case 'missing':
      return { kind: 'unreadable', says: `there is no Rollout ${placementId(placement)}` };
    case 'unknown':
      return { kind: 'unreadable', says: `its cluster cannot be asked: ${observed.reason}` };
    case 'seen': {
      const { strategy, steps } = observed.rollout;
      const unclear = steps.find((step) => step.kind === 'other');
      if (unclear)
        return {
          kind: 'unreadable',
          says: `its canary has a step (${unclear.name}) that only its own file shows`,
        };
      return { kind: 'found', in: 'the cluster', strategy, steps: steps.map(asWritten) };
    }
  }
}

function asWritten(step: CanaryStep): unknown {
  switch (step.kind) {
    case 'setWeight':
      return { setWeight: step.weight };
    case 'pause':
      return { pause: step.durationSeconds === undefined ? {} : { duration: step.durationSeconds } };
    case 'other':
      return { [step.name]: {} };
  }
}

/** Null counts as absent, as it does for the API server. */
function field(value: unknown, key: string): unknown {
  const isMap = typeof value === 'object' && value !== null && Object.hasOwn(value, key);
  return isMap ? ((value as Record<string, unknown>)[key] ?? undefined) : undefined;
}
