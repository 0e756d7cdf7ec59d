import { fromMarkdown } from 'mdast-util-from-markdown';
import { gfmTaskListItemFromMarkdown } from 'mdast-util-gfm-task-list-item';
import { toString as textOf } from 'mdast-util-to-string';
import { gfmTaskListItem } from 'micromark-extension-gfm-task-list-item';
import type { ChecklistItem, ChecklistPhase } from './checklist.ts';
import { type KnownNames, readItem } from './read-item.ts';

type RootContent = ReturnType<typeof fromMarkdown>['children'][number];
type ListItem = Extract<RootContent, { type: 'list' }>['children'][number];

/** Something wrong with a checklist, at a line of its file. */
export interface ChecklistFault {
  line: number;
  says: string;
}

export type ChecklistRead =
  | { kind: 'read'; title: string; items: ChecklistItem[] }
  | { kind: 'faulty'; faults: ChecklistFault[] }
  /** Markdown without a single task is no checklist. */
  | { kind: 'none' };

/** Longest file, in characters: far more than anybody reads before a release, and read in milliseconds. */
const MOST_CHARACTERS = 16_000;
/** Most items of one file. */
const MOST_ITEMS = 100;

/** Headings by the phase that they open, in lower case. */
const HEADINGS: Readonly<Record<string, ChecklistPhase>> = {
  preflight: 'preflight',
  during: 'during',
  'during rollout': 'during',
  rollback: 'rollback',
  recovery: 'rollback',
};

/**
 * Reads a checklist: Markdown whose tasks stand below the headings Preflight, During rollout and Rollback, each with what checks it, or
 * who answers for it, in brackets at its end. Every fault is told at once; nothing is passed over.
 */
export function readChecklist(text: string, known: KnownNames): ChecklistRead {
  if (text.length > MOST_CHARACTERS)
    return { kind: 'faulty', faults: [{ line: 1, says: `is longer than ${MOST_CHARACTERS} characters` }] };
  const { children } = fromMarkdown(text, {
    extensions: [gfmTaskListItem()],
    mdastExtensions: [gfmTaskListItemFromMarkdown()],
  });
  const reading: Reading = { known, phase: undefined, items: [], faults: [], tasks: 0 };
  for (const node of children) take(node, reading);
  const { items, faults, tasks } = reading;
  if (tasks === 0) return { kind: 'none' };
  if (tasks > MOST_ITEMS) faults.push({ line: 1, says: `has ${tasks} items, and ${MOST_ITEMS} is the most` });
  const all = [...faults, ...sameIds(items)];
  if (all.length > 0) return { kind: 'faulty', faults: all.toSorted((a, b) => a.line - b.line) };
  const heading = children.find((node) => node.type === 'heading' && node.depth === 1);
  return { kind: 'read', title: heading ? textOf(heading) : 'Checklist', items };
}

/** Items whose names two of them have, told at the later one. */
export function sameIds<I extends Pick<ChecklistItem, 'id' | 'line'>>(
  items: readonly I[],
): (ChecklistFault & { item: I })[] {
  return items.flatMap((item, index) => {
    const first = items.findIndex((other) => other.id === item.id);
    if (first === index) return [];
    const says = `is called ${item.id}, as the item at line ${items[first]?.line} is; give it another with id:`;
    return [{ line: item.line, says, item }];
  });
}

interface Reading {
  known: KnownNames;
  phase: ChecklistPhase | undefined;
  items: ChecklistItem[];
  faults: ChecklistFault[];
  tasks: number;
}

function take(node: RootContent, reading: Reading): void {
  if (node.type === 'heading') {
    reading.phase = HEADINGS[textOf(node).trim().toLowerCase()];
    return;
  }
  if (node.type === 'blockquote') for (const child of node.children) take(child, reading);
  if (node.type !== 'list') return;
  for (const item of node.children) takeItem(item, reading);
}

function takeItem(item: ListItem, reading: Reading): void {
  const nested = item.children.filter((child) => child.type === 'list');
  for (const list of nested) take(list, reading);
  if (typeof item.checked !== 'boolean') return;
  reading.tasks += 1;
  const line = item.position?.start.line ?? 1;
  const wrong = misplaced(item, { nested: nested.length, phase: reading.phase });
  const read: ReturnType<typeof readItem> =
    reading.phase === undefined || wrong !== undefined
      ? { kind: 'faulty', says: [wrong ?? NO_PHASE] }
      : readItem(item.children.map((child) => textOf(child)).join(' '), {
          line,
          phase: reading.phase,
          known: reading.known,
        });
  if (read.kind === 'item') reading.items.push(read.item);
  else reading.faults.push(...read.says.map((says) => ({ line, says })));
}

const NO_PHASE = 'stands below no phase: write it under the heading Preflight, During rollout or Rollback';

function misplaced(
  item: ListItem,
  { nested, phase }: { nested: number; phase: ChecklistPhase | undefined },
): string | undefined {
  if (nested > 0) return 'has a list of its own: write each item at the outermost level';
  if (item.checked) return 'is ticked in the file: items are ticked for each release, with a name';
  return phase === undefined ? NO_PHASE : undefined;
}
