import { ADVISED_ITEMS } from '../../checklist/checklist.ts';
import type { Finding } from '../finding.ts';
import type { PreflightInput } from '../preflight-input.ts';
import { RULE_BOOK } from '../rule-book.ts';

type Checklists = Pick<PreflightInput, 'checklists'>;

/** Whether there is anything to say of checklists. */
export function hasChecklists({ checklists }: Checklists): boolean {
  if (checklists === undefined) return false;
  return checklists.kind === 'unknown' || checklists.lists.length + checklists.faults.length > 0;
}

/** What holds when nothing is wrong, with the versions that the release goes by. */
export function checklistLaw({ checklists }: Checklists): string {
  const lists = checklists?.kind === 'found' ? checklists.lists : [];
  const named = lists.map(
    ({ path, hash, items }) => `${path} (${items.length} items, version ${hash.slice(0, 8)})`,
  );
  return `the release goes by ${named.join(', ')}`;
}

/** `checklist-complete`: every item can be judged, by itself or by a person who has the evidence. */
export function checklistComplete({ checklists }: Checklists): Finding[] {
  if (checklists === undefined) return [];
  if (checklists.kind === 'unknown')
    return [found({ path: 'checklists', says: checklists.says, severity: 'unknown' })];
  return checklists.faults.map((fault) => found({ ...fault, severity: 'error' }));
}

/** `checklist-length`: people read it. */
export function checklistLength({ checklists }: Checklists): Finding[] {
  const lists = checklists?.kind === 'found' ? checklists.lists : [];
  return lists.flatMap(({ path, items }) =>
    items.length <= ADVISED_ITEMS
      ? []
      : [
          {
            ...found({
              path,
              says: `has ${items.length} items, and ${ADVISED_ITEMS} are advised`,
              severity: 'warn',
            }),
            rule: 'checklist-length',
            remedy: RULE_BOOK['checklist-length'].remedy,
          },
        ],
  );
}

function found(fault: {
  path: string;
  line?: number | undefined;
  says: string;
  severity: Finding['severity'];
}): Finding {
  const { path, line, says, severity } = fault;
  return {
    rule: 'checklist-complete',
    severity,
    required: true,
    file: path,
    path: '',
    ...(line !== undefined && { place: { line, column: 1 } }),
    says,
    remedy: severity === 'unknown' ? 'Run the preflight again.' : `${RULE_BOOK['checklist-complete'].remedy}`,
  };
}
