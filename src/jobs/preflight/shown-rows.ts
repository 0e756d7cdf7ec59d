import type { EnvironmentState } from '../../domain/environment/environment-state.ts';
import { type ShownRow, withExemptions } from '../../domain/policy/exemption.ts';
import type { PreflightRow } from '../../domain/policy/row.ts';
import type { ReleaseState } from '../../domain/release/release-state.ts';
import type { Ports } from '../../ports/ports.ts';
import { readEnvironment } from '../read-state.ts';

/**
 * Rows of a release with the exemptions that count: now or, once it has begun, when it began. What is over since does not take
 * back that it was let pass. `rows`: absent, those that were recorded last.
 */
export async function shownRows(
  ports: Pick<Ports, 'ledger' | 'snapshots' | 'clock'>,
  state: ReleaseState,
  rows: readonly PreflightRow[] = state.preflight?.rows ?? [],
): Promise<ShownRow[]> {
  const { state: environment } = await readEnvironment(ports, state.environment);
  return rowsIn(environment, { release: state, rows, now: ports.clock.now() });
}

/** The same where the environment is at hand. */
export function rowsIn(
  { exemptions }: Pick<EnvironmentState, 'exemptions'>,
  {
    release: { id, started, plan, preflight },
    rows = preflight?.rows ?? [],
    now,
  }: { release: ReleaseState; rows?: readonly PreflightRow[]; now: number },
): ShownRow[] {
  const at = started ? Date.parse(started.at) : now;
  return withExemptions(rows, { exemptions, release: id, makers: plan.makers, now: at });
}
