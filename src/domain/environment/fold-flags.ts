import type { EffectRecord } from '../effect-record.ts';
import { type FlagChange, type FlagsState, isOpenChange } from '../flag/flag-change.ts';
import { flagId } from '../flag/flag-ref.ts';
import type { EnvironmentFact } from '../ledger/fact.ts';

/** As much of an environment as this is about. */
interface Flagged {
  flags: FlagsState;
  effects: Record<string, EffectRecord>;
}

type FactOf<K extends EnvironmentFact['kind']> = Extract<EnvironmentFact, { kind: K }>;
type FlagFact = FactOf<'flags.brought' | 'flag.asked' | 'flag.overtaken'>;
type EffectFact = FactOf<'effect.intended' | 'effect.done' | 'effect.refused'>;

/** Changes kept in memory; the ledger has all of them. */
const CHANGES_KEPT = 200;

export const NO_FLAGS: FlagsState = { brought: {}, changes: [], count: 0 };

export function foldFlags(state: Flagged, fact: FlagFact): Partial<Flagged> {
  const { flags } = state;
  switch (fact.kind) {
    case 'flags.brought': {
      const { release } = fact.data;
      const brought = fact.data.flags.map((flag) => [flagId(flag), { flag, release, at: fact.occurredAt }]);
      return { flags: { ...flags, brought: { ...flags.brought, ...Object.fromEntries(brought) } } };
    }
    case 'flag.asked': {
      const { actor, occurredAt: at, cause } = fact;
      const change: FlagChange = { ...fact.data, at, by: actor.id, ...(cause !== undefined && { cause }) };
      return kept({
        ...state,
        flags: { ...flags, count: flags.count + 1, changes: [...flags.changes, change] },
      });
    }
    case 'flag.overtaken': {
      const { change: overtaken, by } = fact.data;
      const changes = flags.changes.map((each) =>
        each.change === overtaken ? { ...each, overtakenBy: by } : each,
      );
      return { flags: { ...flags, changes } };
    }
  }
}

/** What an environment does by itself: sets flags, and tells of them. */
export function foldEffects(
  { effects }: Pick<Flagged, 'effects'>,
  fact: EffectFact,
): Pick<Flagged, 'effects'> {
  if (fact.kind === 'effect.intended') {
    const record: EffectRecord = { intent: fact.data, at: fact.occurredAt, status: { kind: 'open' } };
    return { effects: { ...effects, [fact.data.id]: record } };
  }
  const record = effects[fact.data.effect];
  // The first receipt stands: a second one tells of a resent append, not of a second act.
  if (record === undefined || record.status.kind === 'done') return { effects };
  const status: EffectRecord['status'] =
    fact.kind === 'effect.done'
      ? { kind: 'done', receipt: fact.data.receipt }
      : { kind: 'refused', why: fact.data.why, says: fact.data.says };
  return { effects: { ...effects, [fact.data.effect]: { ...record, status } } };
}

/** Forgets the oldest that are settled, with everything that was said of them. */
function kept(state: Flagged): Flagged {
  const { flags, effects } = state;
  const forgotten = flags.changes
    .slice(0, Math.max(0, flags.changes.length - CHANGES_KEPT))
    .filter((change) => !isOpenChange(change, effects))
    .map(({ change }) => change);
  if (forgotten.length === 0) return { flags, effects };
  const gone = new Set(forgotten.flatMap((change) => [`flag/${change}`, `say/flag/${change}`]));
  return {
    flags: { ...flags, changes: flags.changes.filter(({ change }) => !forgotten.includes(change)) },
    effects: Object.fromEntries(Object.entries(effects).filter(([id]) => !gone.has(id))),
  };
}
