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
  const { exemptions } = (await readEnvironment(ports, state.environment)).state;
  const now = state.started ? Date.parse(state.started.at) : ports.clock.now();
  return withExemptions(rows, { exemptions, release: state.id, makers: state.plan.makers, now });
}
