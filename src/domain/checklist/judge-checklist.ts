import { placementId } from '../catalog/placement.ts';
import type { KnownContent } from '../content.ts';
import { own } from '../document/own.ts';
import type { ServiceName } from '../ids.ts';
import { wayBack } from '../plan/way-back.ts';
import type { ShownRow } from '../policy/exemption.ts';
import type { ReleaseState } from '../release/release-state.ts';
import {
  type ChecklistAnswer,
  type ChecklistCheck,
  type ChecklistItem,
  itemsOf,
  RECORDED,
  type Recorded,
} from './checklist.ts';

/** What an item came to; the same four ends as a row of a preflight, and `exempted` where two people let its rule pass. */
export interface ItemRow {
  item: ChecklistItem;
  outcome: 'pass' | 'exempted' | 'warn' | 'refuse' | 'unknown';
  /** What is so, in words. */
  says: string;
  /** What its owner said; absent for an item that is checked, and before. */
  answer?: ChecklistAnswer | undefined;
}

/** What items are judged on. All of it is recorded; nothing is asked for. */
export interface ChecklistBasis {
  release: ReleaseState;
  /** Rows of its preflight with the exemptions that count. */
  rows: readonly ShownRow[];
  /** Trusted contents of its environment, newest first. */
  known: Readonly<Record<ServiceName, readonly KnownContent[]>>;
}

type Judged = Pick<ItemRow, 'outcome' | 'says'>;

/** Every item of a release's checklists, in the order of the files. Empty for a release without one. */
export function judgeChecklist(basis: ChecklistBasis): ItemRow[] {
  const { checklist } = basis.release;
  return checklist === undefined ? [] : itemsOf(checklist).map((item) => judgeItem(item, basis));
}

/** Whether an item is as it should be: what only warns is, what nobody knows is not. */
export function isMet({ outcome }: Pick<ItemRow, 'outcome'>): boolean {
  return outcome === 'pass' || outcome === 'exempted' || outcome === 'warn';
}

/** Items that keep this from happening. What keeps a wave back keeps the end back too. */
export function openItems(rows: readonly ItemRow[], before: 'start' | 'wave' | 'end'): ItemRow[] {
  return rows.filter(({ item, ...row }) => {
    const blocks = item.blocks === before || (before === 'end' && item.blocks === 'wave');
    return blocks && !isMet(row);
  });
}

function judgeItem(item: ChecklistItem, basis: ChecklistBasis): ItemRow {
  const { checklist } = basis.release;
  if (item.when !== undefined && (own(checklist?.states ?? {}, item.when) ?? 0) === 0)
    return { item, outcome: 'pass', says: `does not apply: this release states no ${item.when}` };
  if (item.checks.length > 0) {
    const worst = worstOf(item.checks.map((check) => judgeCheck(check, basis)));
    return { item, ...worst };
  }
  const answer = own(checklist?.answers ?? {}, item.id);
  if (answer === undefined)
    return { item, outcome: 'unknown', says: `waits for somebody of ${item.owner ?? 'nobody'}` };
  return answer.met
    ? { item, outcome: 'pass', says: answer.link ?? 'said to be so', answer }
    : { item, outcome: 'refuse', says: answer.says ?? 'said not to be so', answer };
}

const WORST_FIRST = ['refuse', 'unknown', 'warn', 'exempted', 'pass'] as const;

function worstOf(judged: readonly Judged[]): Judged {
  const rank = ({ outcome }: Judged) => WORST_FIRST.indexOf(outcome);
  const [worst] = judged.toSorted((a, b) => rank(a) - rank(b));
  return worst ?? { outcome: 'unknown', says: 'is checked by nothing' };
}

function judgeCheck({ kind, name }: ChecklistCheck, basis: ChecklistBasis): Judged {
  switch (kind) {
    case 'rule':
      return judgeRule(name, basis);
    case 'gate':
      return judgeGate(name, basis);
    case 'fact':
      return Object.hasOwn(RECORDED, name)
        ? judgeRecord(name as Recorded, basis)
        : { outcome: 'unknown', says: `${name} is nothing that this version can tell` };
  }
}

/** What the preflight said of a rule. A rule that was not judged is no pass. */
function judgeRule(rule: string, { rows }: ChecklistBasis): Judged {
  const said = rows
    .filter((row) => row.rule === rule)
    .map(
      ({ outcome, service, says }): Judged => ({
        outcome,
        says: `${rule}: ${service === undefined ? '' : `${service} `}${says}`,
      }),
    );
  return said.length > 0
    ? worstOf(said)
    : { outcome: 'unknown', says: `${rule} was not judged for this release` };
}

/** What a gate said where the release has come to. A person who let the release go on past it answered for it by name. */
function judgeGate(name: string, { release }: ChecklistBasis): Judged {
  const places = Object.entries(release.plan.services).flatMap(([service, { gates, placements }]) =>
    gates.some((gate) => gate.name === name)
      ? placements.map((placement) => ({ service, id: placementId(placement) }))
      : [],
  );
  if (places.length === 0)
    return { outcome: 'warn', says: `no service of this release has the gate ${name}: nothing is asked` };
  return worstOf(
    places.map(({ service, id }): Judged => {
      const last = release.judgements.findLast((said) => said.gate === name && said.moment.placement === id);
      if (last === undefined)
        return { outcome: 'unknown', says: `${name} of ${service} has not been judged yet` };
      const says = `${name} of ${service}: ${last.verdict}`;
      if (last.verdict === 'pass') return { outcome: 'pass', says };
      const goneOn = release.resumed.find((each) => each.at >= last.at);
      return goneOn
        ? { outcome: 'exempted', says: `${says}, and a person let it go on` }
        : { outcome: last.verdict === 'fail' ? 'refuse' : 'unknown', says };
    }),
  );
}

function judgeRecord(name: Recorded, { release, known }: ChecklistBasis): Judged {
  switch (name) {
    case 'way-back': {
      const { returns, none } = wayBack(release.plan, known);
      const ready = Object.keys(returns).length;
      if (release.started !== undefined) return { outcome: 'pass', says: 'planned when it began' };
      return none.length > 0
        ? { outcome: 'warn', says: `nothing to go back to for ${none.join(', ')}: nothing ran before` }
        : { outcome: 'pass', says: `${ready} of ${ready} have trusted content to go back to` };
    }
    case 'serving-proved': {
      const places = Object.values(release.plan.services).flatMap(({ placements }) =>
        placements.map(placementId),
      );
      const proved = places.filter((id) => own(release.proofs, id) !== undefined).length;
      const says = `${proved} of ${places.length} placements proved`;
      return { outcome: proved === places.length ? 'pass' : 'unknown', says };
    }
    case 'timeline': {
      const effects = Object.keys(release.effects).length;
      const says = `the record holds ${release.approvals.length} approvals, ${release.judgements.length} verdicts and ${effects} effects`;
      return { outcome: 'pass', says };
    }
    case 'taken-back':
      return takenBack(release);
  }
}

function takenBack({ ended, takenBack }: ReleaseState): Judged {
  if (ended?.outcome === 'rolled-back')
    return { outcome: 'pass', says: 'the old content serves and is proved' };
  if (ended?.outcome === 'partially-rolled-back')
    return { outcome: 'warn', says: 'a part of it was taken back, and is proved' };
  return {
    outcome: 'unknown',
    says: takenBack ? `${takenBack.by} is not at its end yet` : 'nobody has taken it back',
  };
}
