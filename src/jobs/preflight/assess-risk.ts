import type { EnvironmentName, ReleaseId } from '../../domain/ids.ts';
import type { Outcome } from '../../domain/ledger/release-facts.ts';
import type { Plan } from '../../domain/plan/plan.ts';
import type { PlanInput } from '../../domain/plan/plan-input.ts';
import type { ShownRow } from '../../domain/policy/exemption.ts';
import { type PastRelease, type Risk, riskOf } from '../../domain/policy/risk.ts';
import type { Ports } from '../../ports/ports.ts';
import { readRelease } from '../read-state.ts';

/** Releases of all environments that are looked through: weeks of them in most places. */
const LOOKED_THROUGH = 40;

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
  { ledger }: Pick<Ports, 'ledger'>,
  environment: EnvironmentName,
): Promise<PastRelease[]> {
  const prefix = `release:${environment}/`;
  const streams = (await ledger.recent('release', LOOKED_THROUGH)).filter((stream) =>
    stream.startsWith(prefix),
  );
  const readings = await Promise.all(
    streams.map((stream) => readRelease(ledger, stream.slice('release:'.length) as ReleaseId)),
  );
  return readings.flatMap((reading): PastRelease[] => {
    const state = reading?.state;
    if (state?.ended === undefined || state.started === undefined || state.plan.type === 'rollback')
      return [];
    return [{ services: Object.keys(state.plan.services), wentBack: BAD.has(state.ended.outcome) }];
  });
}
