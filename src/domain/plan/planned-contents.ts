import type { ContentMap } from '../content.ts';
import type { Plan } from './plan.ts';

/** What each service of a plan becomes. */
export function plannedContents(plan: Pick<Plan, 'services'>): ContentMap {
  return Object.fromEntries(Object.entries(plan.services).map(([service, { to }]) => [service, to]));
}
