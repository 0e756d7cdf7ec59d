import type { ServiceName } from '../ids.ts';
import type { Plan } from './plan.ts';

/** The tracks a release holds in its environment. */
export interface Tracks {
  /** What it moves. */
  exclusive: ServiceName[];
  /** What those directly depend on and must not see moving meanwhile. */
  shared: ServiceName[];
}

/** Both lists sorted, and no service in both. */
export function tracksOf(plan: Pick<Plan, 'services'>): Tracks {
  const exclusive = Object.keys(plan.services).sort();
  const needed = Object.values(plan.services).flatMap((service) => service.dependsOn);
  const shared = [...new Set(needed)].filter((service) => !exclusive.includes(service)).sort();
  return { exclusive, shared };
}
