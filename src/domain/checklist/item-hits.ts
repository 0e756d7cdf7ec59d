import type { ReleaseFact } from '../ledger/fact.ts';
import type { ChecklistItem } from './checklist.ts';

/** What an item was good for over several releases. */
export interface ItemHits {
  item: ChecklistItem;
  path: string;
  /** Releases that went by it. */
  asked: number;
  /** Of those, releases for which it was not so at some time. */
  kept: number;
  /** Cuts that were refused by a rule it asks for. */
  refusedCuts: number;
}

/** A cut that rules refused: nothing of it was recorded but this. */
export interface RefusedCut {
  at: string;
  rules: string[];
}

/** How often each item was of use, those that never were last. `releases`: the facts of each, newest first. */
export function itemHits(
  releases: readonly (readonly ReleaseFact[])[],
  refusedCuts: readonly RefusedCut[],
): ItemHits[] {
  const hits = new Map<string, ItemHits>();
  for (const facts of releases) {
    const taken = facts.findLast((fact) => fact.kind === 'checklist.taken');
    if (taken?.kind !== 'checklist.taken') continue;
    const said = notSo(facts);
    for (const { path, items } of taken.data.lists) {
      for (const item of items) {
        const known = hits.get(item.id) ?? {
          item,
          path,
          asked: 0,
          kept: 0,
          refusedCuts: cutsBy(item, refusedCuts),
        };
        known.asked += 1;
        if (isHit(item, said)) known.kept += 1;
        hits.set(item.id, known);
      }
    }
  }
  return [...hits.values()].sort((a, b) => uses(b) - uses(a));
}

/** How often an item kept something back. */
export function uses({ kept, refusedCuts }: Pick<ItemHits, 'kept' | 'refusedCuts'>): number {
  return kept + refusedCuts;
}

/** Everything that was ever not so in a release. */
interface NotSo {
  rules: ReadonlySet<string>;
  gates: ReadonlySet<string>;
  items: ReadonlySet<string>;
}

function notSo(facts: readonly ReleaseFact[]): NotSo {
  const rules = new Set<string>();
  const gates = new Set<string>();
  const items = new Set<string>();
  for (const fact of facts) {
    if (fact.kind === 'preflight.judged')
      for (const row of fact.data.rows) if (row.refuses) rules.add(row.rule);
    if (fact.kind === 'gate.judged' && fact.data.verdict !== 'pass') gates.add(fact.data.gate);
    if (fact.kind === 'checklist.answered' && !fact.data.met) items.add(fact.data.item);
  }
  return { rules, gates, items };
}

function isHit(item: ChecklistItem, { rules, gates, items }: NotSo): boolean {
  const named = { rule: rules, gate: gates, fact: new Set<string>() };
  return items.has(item.id) || item.checks.some(({ kind, name }) => named[kind].has(name));
}

function cutsBy({ checks }: ChecklistItem, refusedCuts: readonly RefusedCut[]): number {
  return refusedCuts.filter(({ rules }) =>
    checks.some(({ kind, name }) => kind === 'rule' && rules.includes(name)),
  ).length;
}
