import type { EnvironmentState } from '../../domain/environment/environment-state.ts';
import type { ReleaseId } from '../../domain/ids.ts';
import { tracksOf } from '../../domain/plan/tracks.ts';
import { withExemptions } from '../../domain/policy/exemption.ts';
import { refusing } from '../../domain/policy/row.ts';
import type { Look } from '../../domain/release/look.ts';
import type { ReleaseState } from '../../domain/release/release-state.ts';
import type { Rules } from '../../domain/rules.ts';
import type { Ports } from '../../ports/ports.ts';
import { approvalStanding } from '../approval-standing.ts';
import { readRelease } from '../read-state.ts';

/**
 * The hotfix that goes before a release which is about to begin: approved, refused by nothing, and in need of the same services.
 * Absent: there is none. A hotfix that still waits for people keeps nobody back.
 */
export async function hotfixAhead(
  ports: Pick<Ports, 'ledger' | 'directory'>,
  rules: Pick<Rules, 'environments'>,
  { release, environment, now }: { release: ReleaseState; environment: EnvironmentState; now: number },
): Promise<Look['hotfixAhead']> {
  if (release.plan.type !== 'standard') return undefined;
  const prefix = `release:${release.environment}/`;
  const { exclusive, shared } = tracksOf(release.plan);
  for (const stream of await ports.ledger.unfinished()) {
    if (!stream.startsWith(prefix)) continue;
    const id = stream.slice('release:'.length) as ReleaseId;
    const other = id === release.id ? undefined : (await readRelease(ports.ledger, id))?.state;
    if (other?.plan.type !== 'hotfix' || !mayBegin(other, environment, now)) continue;
    const needed = tracksOf(other.plan);
    const service = [
      ...exclusive.filter((each) => [...needed.exclusive, ...needed.shared].includes(each)),
      ...shared.filter((each) => needed.exclusive.includes(each)),
    ][0];
    if (service === undefined) continue;
    const approval = await approvalStanding(ports, rules, { release: other, now });
    if (approval.kind === 'satisfied') return { service, holder: id };
  }
  return undefined;
}

function mayBegin(state: ReleaseState, { exemptions }: EnvironmentState, now: number): boolean {
  const { started, ended, rejected, foreignPush, takenBack, preflight, plan, id } = state;
  if (started || ended || rejected || foreignPush || takenBack) return false;
  const rows = preflight?.rows ?? [];
  return refusing(withExemptions(rows, { exemptions, release: id, makers: plan.makers, now })).length === 0;
}
