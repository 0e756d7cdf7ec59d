import { placementId } from '../catalog/placement.ts';
import type { Turn } from './look.ts';
import type { ReleaseState } from './release-state.ts';

/**
 * Placements of which a turn says for good what they serve: those of a proof, and all of them when a recovery reaches a stage or
 * a release ends on its content. Empty for a turn that claims nothing.
 */
export function claimedPlacements(release: ReleaseState, { record }: Pick<Turn, 'record'>): string[] {
  const all = Object.values(release.plan.services).flatMap(({ placements }) => placements.map(placementId));
  return [
    ...new Set(
      record.release.flatMap((fact) => {
        switch (fact.kind) {
          case 'service.proved':
            return [fact.data.proof.placement];
          case 'recovery.reached':
            return all;
          case 'release.ended':
            return fact.data.outcome === 'released' || fact.data.outcome === 'restored' ? all : [];
          default:
            return [];
        }
      }),
    ),
  ];
}
