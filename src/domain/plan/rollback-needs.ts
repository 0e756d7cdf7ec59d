import { type Content, type KnownContent, sameContent } from '../content.ts';
import { own } from '../document/own.ts';
import type { ServiceName } from '../ids.ts';
import { versionNumber } from './needs.ts';
import { entryOf, everyService, presentOf } from './present-services.ts';
import type { RollbackInput } from './rollback-input.ts';
import { standingHistory } from './standing-history.ts';
import { compareVersions } from './version-order.ts';

/** A service that goes back: from what, to what. */
export interface GoingBack {
  service: ServiceName;
  /** Absent where Git does not own the service: nothing was written down of what somebody made run there. */
  from?: Content;
  to: KnownContent;
}

/** Services that need what goes back, and so go back with it; and those of which nobody can say. */
export function dependentsOf(
  input: RollbackInput,
  leaving: GoingBack,
): { needing: ServiceName[]; unproven: ServiceName[] } {
  const others = everyService(input).filter((name) => name !== leaving.service);
  const needing = others.filter((name) => needs(input, { dependent: name, leaving }));
  const unproven = others.filter(
    (name) => !needing.includes(name) && mayNeed(input, { dependent: name, leaving }),
  );
  return { needing, unproven };
}

interface Pair {
  dependent: ServiceName;
  leaving: GoingBack;
}

function needs(input: RollbackInput, pair: Pair): boolean {
  return needsByPlan(input, pair) || belowMinimum(input, pair);
}

/**
 * The release that brought the dependent's content says that it needs the content which that release brought of the other
 * service. That holds as long as the other one goes back to before that content.
 */
function needsByPlan(input: RollbackInput, { dependent, leaving }: Pair): boolean {
  const plan = presentOf(input, dependent)?.by?.plan;
  const needed = plan && own(plan.services, leaving.service)?.to;
  if (needed === undefined || !own(plan?.services ?? {}, dependent)?.needs.includes(leaving.service))
    return false;
  if (sameContent(needed, leaving.to.content)) return false;
  if (leaving.from !== undefined && sameContent(needed, leaving.from)) return true;
  const history = standingHistory(own(input.known, leaving.service) ?? []);
  const place = (content: Content) => history.findIndex((one) => sameContent(one.content, content));
  return place(needed) >= 0 && place(needed) < place(leaving.to.content);
}

/** The catalog names a lowest version, and what comes back is lower. */
function belowMinimum(input: RollbackInput, { dependent, leaving }: Pair): boolean {
  const minVersion = minimum(input, { dependent, leaving });
  if (minVersion === undefined) return false;
  const order = compareVersions(versionNumber(leaving.to.content), minVersion);
  return order !== undefined && order < 0;
}

/** A dependent whose content is younger than the one that leaves has perhaps never met an older one. */
function mayNeed(input: RollbackInput, { dependent, leaving }: Pair): boolean {
  const names = dependencyNames(input, dependent);
  if (!names.includes(leaving.service)) return false;
  const present = presentOf(input, dependent);
  if (present === undefined || provesEnough(input, { dependent, leaving })) return false;
  // A plan that moved both has said whether one needs the other.
  if (own(present.by?.plan.services ?? {}, leaving.service) !== undefined) return false;
  return (
    present.by?.inFlight === true || trustedSince(input, dependent) >= trustedSince(input, leaving.service)
  );
}

/** The catalog names a lowest version, and what comes back is not lower. */
function provesEnough(input: RollbackInput, pair: Pair): boolean {
  const order = compareVersions(versionNumber(pair.leaving.to.content), minimum(input, pair));
  return order !== undefined && order >= 0;
}

function minimum(input: RollbackInput, { dependent, leaving }: Pair): string | undefined {
  return entryOf(input, dependent)?.dependsOn.find((one) => one.service === leaving.service)?.minVersion;
}

function dependencyNames(input: RollbackInput, service: ServiceName): ServiceName[] {
  const planned = own(presentOf(input, service)?.by?.plan.services ?? {}, service)?.dependsOn ?? [];
  return [...planned, ...(entryOf(input, service)?.dependsOn ?? []).map((one) => one.service)];
}

/** Milliseconds since 1970; what is in flight and was never trusted counts as of now. */
function trustedSince(input: RollbackInput, service: ServiceName): number {
  const present = presentOf(input, service);
  const known = own(input.known, service)?.[0];
  if (present === undefined || known === undefined || !sameContent(present.content, known.content))
    return Infinity;
  return Date.parse(known.at);
}
