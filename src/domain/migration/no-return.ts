import { z } from 'zod';
import { Instant, ReleaseId, ServiceName } from '../ids.ts';
import { DatabasePlan } from './planned-migration.ts';

/**
 * A point of no return: a contract migration has taken away what older code needs. Contents that were trusted before `safeSince` do
 * not run any more.
 */
export const NoReturn = z.strictObject({
  release: ReleaseId,
  migration: z.string(),
  database: z.string().optional(),
  services: z.array(ServiceName),
  /** Since when the code that runs has not needed what was removed. */
  safeSince: Instant,
  databasePlan: DatabasePlan,
  /** What is done instead of going back, in words. */
  plan: z.string().optional(),
  /** The role to call. */
  keeper: z.string().optional(),
});
export type NoReturn = z.infer<typeof NoReturn>;

/** The point of no return that a service would pass on its way back to a content trusted at `at`; absent when there is none. */
export function noReturnFor(
  points: readonly NoReturn[],
  { service, at }: { service: ServiceName; at: string },
): NoReturn | undefined {
  return points.findLast(
    (point) => point.services.includes(service) && Date.parse(at) < Date.parse(point.safeSince),
  );
}
