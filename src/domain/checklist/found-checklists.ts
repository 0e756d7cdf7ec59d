import type { Checklist } from './checklist.ts';

/** Something that keeps a checklist from being gone by. */
export interface FoundFault {
  path: string;
  /** Absent for the file as a whole. */
  line?: number | undefined;
  says: string;
}

/** What was found when the checklists of an environment were looked for. `unknown`: the repository could not be read. */
export type FoundChecklists =
  | { kind: 'found'; lists: Checklist[]; faults: FoundFault[] }
  | { kind: 'unknown'; says: string };
