import type { EnvironmentName, ReleaseId } from '../../domain/ids.ts';
import type { Outcome } from '../../domain/ledger/release-facts.ts';
import type { Plan } from '../../domain/plan/plan.ts';
import type { PlanInput } from '../../domain/plan/plan-input.ts';
import type { ShownRow } from '../../domain/policy/exemption.ts';
import { type PastRelease, type Risk, riskOf } from '../../domain/policy/risk.ts';
import type { ReleaseState } from '../../domain/release/release-state.ts';
import type { Ports } from '../../ports/ports.ts';
import { readRelease } from '../read-state.ts';

/** Releases of all environments that are looked through: weeks of them in most places. */
const LOOKED_THROUGH = 40;

/** Of these the slowest says how long the next may take. */
const LATELY = 5;

/** Endings that say that a combination of services did not hold. */
const BAD: ReadonlySet<Outcome> = new Set<Outcome>(['rolled-back', 'partially-rolled-back', 'failed']);

/** What could go wrong with a plan, from what the record knows of the environment. */
export async function assessRisk(
  ports: Pick<Ports, 'ledger' | 'clock'>,
  { input, plan, rows }: { input: PlanInput; plan: Plan; rows: readonly ShownRow[] },
): Promise<Risk> {
  return riskOf({
    plan,
    known: input.known,
    migrations: input.manifest.spec.migrations?.length ?? 0,
    rows,
    history: await pastReleases(ports, plan.environment),
    now: ports.clock.now(),
  });
}

/** Rollbacks are no releases of their own: they are how those they took back ended. */
async function pastReleases(
  ports: Pick<Ports, 'ledger'>,
  environment: EnvironmentName,
): Promise<PastRelease[]> {
  return (await endedReleases(ports, environment)).map((state) => ({
    services: Object.keys(state.plan.services),
    wentBack: state.ended !== undefined && BAD.has(state.ended.outcome),
  }));
}

/** How long the slowest of the last releases took that went all the way, in milliseconds; absent when there was none. */
export async function longestLately(
  ports: Pick<Ports, 'ledger'>,
  environment: EnvironmentName,
): Promise<number | undefined> {
  const took = (await endedReleases(ports, environment)).flatMap(({ started, ended }) =>
    started && ended?.outcome === 'released' ? [Date.parse(ended.at) - Date.parse(started.at)] : [],
  );
  return took.length === 0 ? undefined : Math.max(...took.slice(0, LATELY));
}

/** Releases of the environment that began and ended, newest first. */
async function endedReleases(
  { ledger }: Pick<Ports, 'ledger'>,
  environment: EnvironmentName,
): Promise<ReleaseState[]> {
  const prefix = `release:${environment}/`;
  const streams = (await ledger.recent('release', LOOKED_THROUGH)).filter((stream) =>
    stream.startsWith(prefix),
  );
  const readings = await Promise.all(
    streams.map((stream) => readRelease(ledger, stream.slice('release:'.length) as ReleaseId)),
  );
  return readings.flatMap((reading) => {
    const state = reading?.state;
    const isOver = state?.ended !== undefined && state.started !== undefined;
    return isOver && state.plan.type !== 'rollback' ? [state] : [];
  });
}
