import type { ReleaseFactBody } from '../../domain/ledger/fact.ts';
import type { Prepared } from '../cut/prepare-release.ts';

/** What a new plan was judged by, as facts: the rules' rows, and the checklists that the release goes by from then on. */
export function judgedFacts({
  planHash,
  rows,
  risk,
  checklist,
}: Extract<Prepared, { kind: 'ready' }>): ReleaseFactBody[] {
  return [
    { kind: 'preflight.judged', data: { planHash, rows, risk } },
    ...(checklist ? [{ kind: 'checklist.taken' as const, data: checklist }] : []),
  ];
}
