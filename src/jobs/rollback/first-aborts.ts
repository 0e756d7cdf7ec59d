import { placementId } from '../../domain/catalog/placement.ts';
import type { Intent } from '../../domain/effect.ts';
import type { EnvironmentState } from '../../domain/environment/environment-state.ts';
import type { NewFact, ReleaseFactBody } from '../../domain/ledger/fact.ts';
import { foldRelease } from '../../domain/release/fold-release.ts';
import { placesOf } from '../../domain/release/forward/standing.ts';
import { abortCanaries } from '../../domain/release/recovery/abort-canaries.ts';
import type { Ports } from '../../ports/ports.ts';

/**
 * What a recovery will do first, as far as the watch remembers the cluster: the canaries it stops. Intended with the recovery
 * itself, they need no write of their own between a click and its patch; the reconciler looks before it acts, as always.
 */
export function firstAborts(
  { cluster, clock }: Pick<Ports, 'cluster' | 'clock'>,
  environment: EnvironmentState,
  facts: readonly NewFact<ReleaseFactBody>[],
): Intent[] {
  const release = foldRelease(facts);
  if (release === undefined) return [];
  const placements = Object.values(release.plan.services).flatMap((service) => service.placements);
  const look = {
    now: clock.now(),
    release,
    environment,
    observed: Object.fromEntries(placements.map((each) => [placementId(each), cluster.observe(each)])),
    approval: { kind: 'satisfied' as const },
    restoreUnconfirmed: false,
  };
  return abortCanaries(look, placesOf(look, release.plan.waves.flat())).perform.flat();
}
