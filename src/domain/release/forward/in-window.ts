import { exemptedFrom } from '../../policy/exemption.ts';
import { type Look, type Turn, waitFor } from '../look.ts';

/**
 * Why nothing begins now: a closed window, or a freeze. A hotfix passes it, and so does what two people exempted. What is under way
 * finishes its wave; recovery never asks. Absent: it may begin.
 */
export function untilOpen(look: Look): Turn | undefined {
  const { changes, release, environment, now } = look;
  if (changes === undefined || changes.kind === 'open' || release.plan.type === 'hotfix') return undefined;
  const { plan, id } = release;
  const among = { exemptions: environment.exemptions, release: id, makers: plan.makers, now };
  if (exemptedFrom('freeze-window', Object.keys(plan.services), among)) return undefined;
  const { window, reason, opensAt } = changes;
  return waitFor({ kind: 'window', window, reason, ...(opensAt !== undefined && { until: opensAt }) });
}
