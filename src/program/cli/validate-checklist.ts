import { readFile } from 'node:fs/promises';
import { ADVISED_ITEMS } from '../../domain/checklist/checklist.ts';
import { readChecklist } from '../../domain/checklist/read-checklist.ts';
import type { Fault } from '../../domain/document/fault.ts';
import type { Rules } from '../../domain/rules.ts';

/** What a checklist is refused for, and what is advised against. `rules`: absent, names of roles and gates are not checked. */
export async function checklistFaults(
  file: string,
  rules: Pick<Rules, 'catalogNames'> | undefined,
): Promise<{ faults: Fault[]; warnings: Fault[] }> {
  const fault = (says: string, rule: string, line?: number): Fault => ({
    file,
    path: '',
    says,
    rule,
    ...(line !== undefined && { place: { line, column: 1 } }),
  });
  const text = await readFile(file, 'utf8').catch(() => undefined);
  if (text === undefined)
    return {
      faults: [{ file, path: '', says: 'cannot be read: it is not there, or not allowed' }],
      warnings: [],
    };
  const roles = rules?.catalogNames.roles;
  const gates = rules?.catalogNames.gatePresets;
  const read = readChecklist(text, { roles, gates: gates?.length ? gates : undefined });
  if (read.kind === 'faulty')
    return {
      faults: read.faults.map(({ says, line }) => fault(says, 'checklist-complete', line)),
      warnings: [],
    };
  if (read.kind === 'none')
    return {
      faults: [],
      warnings: [fault('has no task (- [ ] …), so that it is no checklist', 'checklist-complete')],
    };
  const { length } = read.items;
  if (length <= ADVISED_ITEMS) return { faults: [], warnings: [] };
  return {
    faults: [],
    warnings: [fault(`has ${length} items, and ${ADVISED_ITEMS} are advised`, 'checklist-length')],
  };
}
