import { z } from 'zod';

/** When an item is looked at: before a release starts, while it goes, and when it is taken back. */
export const PHASES = ['preflight', 'during', 'rollback'] as const;
export type ChecklistPhase = (typeof PHASES)[number];

/** What the record itself can tell of a release. The one list of what `fact:` may name. */
export const RECORDED = {
  'way-back': 'every service has trusted content to go back to',
  'serving-proved': 'ready pods of every service report the digests of the release',
  timeline: 'who asked, who approved, what was measured and what was done is in the record',
  'taken-back': 'a rollback of the release ended with the old content proved',
} as const;
export type Recorded = keyof typeof RECORDED;

/** Parts of a release document that an item may be limited to. */
export const STATED = ['migrations', 'flags', 'contracts'] as const;
export type Stated = (typeof STATED)[number];

/** What says by itself whether an item is so. Names are kept as they were written: old facts are read for ever. */
export const ChecklistCheck = z.strictObject({
  kind: z.enum(['rule', 'gate', 'fact']),
  name: z.string(),
});
export type ChecklistCheck = z.infer<typeof ChecklistCheck>;

/** One thing that has to be so. Without checks its owner says whether it is. */
export const ChecklistItem = z.strictObject({
  /** Unique among all items of a release; stays when the words are mended, so that items can be followed over releases. */
  id: z.string(),
  phase: z.enum(PHASES),
  text: z.string(),
  /** In the file. */
  line: z.int().positive(),
  /** What it keeps from happening: the start, each further wave, the end. Absent: nothing; what comes after a rollback keeps nothing. */
  blocks: z.enum(['start', 'wave', 'end']).optional(),
  checks: z.array(ChecklistCheck),
  /** The role whose members answer; absent for an item with checks. */
  owner: z.string().optional(),
  /** Where the evidence stands; `asked`: whoever answers brings a link. */
  evidence: z.string().optional(),
  /** `checker`: nobody who made the release answers. */
  by: z.enum(['checker', 'anyone']),
  /** Only asked for a release whose document states some; absent: always. */
  when: z.enum(STATED).optional(),
});
export type ChecklistItem = z.infer<typeof ChecklistItem>;

/** A checklist as a file of Git has it at a commit. */
export const Checklist = z.strictObject({
  repository: z.string(),
  path: z.string(),
  commit: z.string(),
  /** SHA-256 of the file's text. */
  hash: z.string(),
  title: z.string(),
  items: z.array(ChecklistItem),
});
export type Checklist = z.infer<typeof Checklist>;

/** The lists that a release goes by, and how many of each thing its document states. */
export const TakenChecklists = z.strictObject({
  lists: z.array(Checklist).min(1),
  states: z.record(z.string(), z.int().nonnegative()),
});
export type TakenChecklists = z.infer<typeof TakenChecklists>;

/** What the owner of an item said of it. */
export interface ChecklistAnswer {
  met: boolean;
  person: string;
  at: string;
  link?: string | undefined;
  says?: string | undefined;
}

/** More items than this are read by nobody in the ten minutes that a checklist may take. Source: seeds 001 and 004. */
export const ADVISED_ITEMS = 10;

export function itemsOf({ lists }: Pick<TakenChecklists, 'lists'>): ChecklistItem[] {
  return lists.flatMap((list) => list.items);
}
