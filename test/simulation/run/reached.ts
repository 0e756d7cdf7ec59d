import type { Fact } from '../../../src/domain/ledger/fact.ts';
import { type Entry, entriesOf } from '../world/history.ts';
import type { Played } from '../world/play.ts';

/** How often something came about, by its name; what never did is absent. */
export type Reached = Map<string, number>;

/** Adds what came about in a world: how releases ended, what held them, what was done to the targets, where workers died. */
export function addReached(reached: Reached, { history }: Pick<Played, 'history'>): void {
  for (const entry of history.entries) {
    const name = nameOf(entry);
    if (name !== undefined) reached.set(name, (reached.get(name) ?? 0) + 1);
  }
}

/** Distinct calls of ports before or after which a worker died. */
export function crashPoints(reached: Reached): string[] {
  return [...reached.keys()].filter((name) => name.startsWith('crash '));
}

/** How many releases were cut, rollbacks among them. */
export function releasesIn({ history }: Pick<Played, 'history'>): number {
  return entriesOf(history, 'fact').filter(({ fact }) => fact.kind === 'release.cut').length;
}

function nameOf(entry: Entry): string | undefined {
  switch (entry.kind) {
    case 'crash':
      return `crash ${entry.when} ${entry.call}`;
    case 'overtaken':
      return `append ${entry.how}`;
    case 'write':
      return entry.isEffective ? entry.effect.kind : undefined;
    case 'commit':
      return entry.operation === undefined ? 'commit by hand' : 'commit';
    case 'fact':
      return nameOfFact(entry.fact as Fact);
    default:
      return undefined;
  }
}

function nameOfFact(fact: Fact): string | undefined {
  switch (fact.kind) {
    case 'release.cut':
      if (fact.data.plan.type !== 'rollback') return fact.data.promotedFrom ? 'promotion' : 'release';
      return `rollback by ${fact.actor.kind}`;
    case 'release.ended':
      return `ended ${fact.data.outcome}`;
    case 'release.held':
      return `held ${fact.data.reason.kind}`;
    case 'gate.judged':
      return `gate ${fact.data.verdict}`;
    case 'effect.refused':
      return `refused ${fact.data.why}`;
    case 'effect.done':
      return fact.data.receipt.how === 'found' ? 'found done' : undefined;
    default:
      return fact.kind;
  }
}
