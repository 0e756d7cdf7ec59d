import type { Actor } from '../actor.ts';
import { placementId } from '../catalog/placement.ts';
import type { ContentMap } from '../content.ts';
import type { ServiceName } from '../ids.ts';
import type { EnvironmentFactBody } from '../ledger/fact.ts';
import type { PlannedService } from '../plan/plan.ts';
import type { ReleaseState } from './release-state.ts';

type Ending = (EnvironmentFactBody & { actor: Actor })[];

/**
 * What an environment remembers of a release that ends on its content: verified where pods proved it. What was scaled to zero is
 * remembered as found there, so that the next release starts from it, and is trusted nowhere else. Then the tracks are free.
 */
export function endingFacts(
  release: ReleaseState,
  { actor, proved }: { actor: Actor; proved: ReadonlySet<string> },
): Ending {
  const services = Object.entries(release.plan.services);
  const isProved = ([, { placements }]: [ServiceName, PlannedService]) =>
    placements.every((placement) => proved.has(placementId(placement)));
  const contents: ContentMap = Object.fromEntries(
    services.filter(isProved).map(([service, { to }]) => [service, to]),
  );
  const verified: Ending =
    Object.keys(contents).length === 0
      ? []
      : [{ kind: 'content.verified', actor, data: { release: release.id, contents } }];
  const found: Ending = services
    .filter((each) => !isProved(each))
    .map(([service, { to }]) => ({
      kind: 'content.adopted',
      actor,
      data: { service, content: to, release: release.id },
    }));
  const freed = { release: release.id, services: services.map(([service]) => service) };
  return [...verified, ...found, { kind: 'tracks.freed', actor, data: freed }];
}
