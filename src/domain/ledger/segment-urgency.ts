import type { EnvironmentName } from '../ids.ts';
import type { FactEnvelope } from './fact.ts';

/** What people and policy decided, as against what was done and seen because of it. */
const DECISIONS: ReadonlySet<string> = new Set([
  'release.cut',
  'preflight.judged',
  'checklist.answered',
  'approval.granted',
  'approval.kept',
  'approval.rejected',
  'approvals.voided',
  'manifest.adopted',
  'release.started',
  'release.held',
  'release.resumed',
  'release.takenBack',
  'recovery.reached',
  'release.ended',
]);

/** Whether a fact is to be in Git at once: a decision on production, or about the ledger itself. All others may wait. */
export function isArchivedAtOnce(
  { stream, kind }: Pick<FactEnvelope, 'stream' | 'kind'>,
  production: EnvironmentName,
): boolean {
  if (stream === 'installation') return kind.startsWith('incarnation.');
  if (stream === `environment:${production}`) return true;
  return stream.startsWith(`release:${production}/`) && DECISIONS.has(kind);
}
