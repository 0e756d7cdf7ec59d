import { type KnownContent, sameContent } from '../content.ts';
import { own } from '../document/own.ts';
import type { ServiceName } from '../ids.ts';
import type { Plan } from './plan.ts';

/** Where a rollback of a release would take its services. */
export interface WayBack {
  /** Service to the trusted content it would return to. */
  returns: Record<ServiceName, KnownContent>;
  /** Services with nothing to return to. */
  none: ServiceName[];
}

/** The way back of a release that has not begun. `known`: trusted contents of its environment, newest first. */
export function wayBack(
  plan: Pick<Plan, 'services'>,
  known: Readonly<Record<ServiceName, readonly KnownContent[]>>,
): WayBack {
  const returns: WayBack['returns'] = {};
  const none: ServiceName[] = [];
  for (const [service, { from, to }] of Object.entries(plan.services)) {
    const trusted = from && own(known, service)?.find(({ content }) => sameContent(content, from));
    if (trusted) returns[service] = trusted;
    else if (!from || !sameContent(from, to)) none.push(service);
  }
  return { returns, none };
}
