import { versionOf } from '../content.ts';
import { canonicalHash } from '../document/canonical-hash.ts';
import { own } from '../document/own.ts';
import { type ReleaseName, releaseId, type ServiceName } from '../ids.ts';
import type { PlanSeen } from '../request.ts';
import type { Plan, PlannedService } from './plan.ts';

/**
 * What a reader of this plan sees, in a form that a later plan is compared with. The name counts for nothing: somebody else's cut
 * may take it in between, and changes nothing of what would be done.
 */
export function planSeen(plan: Plan, name: ReleaseName): PlanSeen {
  const id = releaseId(plan.environment, name);
  const services = Object.entries(plan.services).map(([service, planned]) => [
    service,
    withoutId(planned, id),
  ]);
  const { manifestHash: _, ...rest } = plan;
  return {
    hash: canonicalHash({ ...rest, services: Object.fromEntries(services) }),
    moves: Object.fromEntries(
      Object.entries(plan.services).map(([service, planned]) => [service, moveOf(planned)]),
    ),
  };
}

/** What is different now from what was seen, a sentence each without full stops; empty when nothing is. */
export function changedSince(seen: PlanSeen, now: PlanSeen): string[] {
  if (seen.hash === now.hash) return [];
  const services: ServiceName[] = [...new Set([...Object.keys(seen.moves), ...Object.keys(now.moves)])];
  const changes = services.toSorted().flatMap((service) => {
    const [was, is] = [own(seen.moves, service), own(now.moves, service)];
    if (was === is) return [];
    if (is === undefined) return [`${service} would no longer be in it`];
    return [was === undefined ? `${service} ${is} came in` : `${service} would go ${is}, not ${was}`];
  });
  return changes.length > 0
    ? changes
    : ['the same services would move, with other images, gates, approvals or places'];
}

function moveOf({ from, to }: PlannedService): string {
  return `${from ? versionOf(from) : 'new'} → ${versionOf(to)}`;
}

function withoutId(planned: PlannedService, id: string): PlannedService {
  return { ...planned, to: { ...planned.to, keys: planned.to.keys.filter((key) => key.value !== id) } };
}
