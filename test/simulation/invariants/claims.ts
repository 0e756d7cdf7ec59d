import { placementId } from '../../../src/domain/catalog/placement.ts';
import { acceptableDigests, type Content } from '../../../src/domain/content.ts';
import type { ReleaseFact } from '../../../src/domain/ledger/fact.ts';
import type { Standing } from '../world/history.ts';
import { entriesOf } from '../world/history.ts';
import type { Played } from '../world/play.ts';
import type { Law } from './law.ts';
import { type FactEntry, factsIn, releaseOf, type Told, toldReleases } from './releases.ts';

/** How much a claim says. */
interface Claim {
  says: string;
  placements: { placement: string; service: string; to: Content }[];
  /** Also that nothing else is asked for: the Rollout's template and Git. */
  settled: boolean;
}

export const nothingIsClaimedBeforeItIsSo: Law = {
  name: 'nothing is said before it is proved',
  breaches(played) {
    const releases = toldReleases(played.history);
    return factsIn(played.history).flatMap((entry) => {
      const told = releases.get(releaseOf(entry.fact) ?? '');
      const claim = told && claimOf(entry.fact as ReleaseFact, told);
      if (claim === undefined) return [];
      return claim.placements.flatMap(({ placement, service, to }) => {
        const standing = entry.standings?.find((one) => one.placement === placement);
        if (standing === undefined || played.tampered.has(placement)) return [];
        const said = { service, to, settled: claim.settled };
        // A proof is as old as the ways of the look it rests on and of the append that tells it.
        const seen = entry.looked?.get(placement);
        const wrong = seen && !wrongWith(seen, said) ? undefined : wrongWith(standing, said);
        return wrong
          ? [`${told?.id} said ${claim.says}, and ${placement} ${wrong} (${timeOf(played, entry)})`]
          : [];
      });
    });
  },
};

function claimOf(fact: ReleaseFact, told: Told): Claim | undefined {
  const placements = Object.entries(told.plan.services).flatMap(([service, { placements: all, to }]) =>
    all.map((placement) => ({ placement: placementId(placement), service, to })),
  );
  switch (fact.kind) {
    case 'service.proved': {
      const { placement } = fact.data.proof;
      const own = placements.filter((one) => one.placement === placement);
      return { says: fact.kind, placements: own, settled: false };
    }
    case 'recovery.reached':
      return { says: fact.data.stage, placements, settled: fact.data.stage === 'clean' };
    case 'release.ended':
      return fact.data.outcome === 'released' || fact.data.outcome === 'restored'
        ? { says: fact.data.outcome, placements, settled: true }
        : undefined;
    default:
      return undefined;
  }
}

/** What is not as it is said to be; absent when all is. */
function wrongWith(
  standing: Standing,
  { service, to, settled }: { service: string; to: Content; settled: boolean },
): string | undefined {
  const image = to.images[service];
  const wanted: string[] = image ? acceptableDigests(image) : [];
  const odd = standing.serving.find((digest) => !wanted.includes(digest));
  if (odd !== undefined) return `serves ${short(odd)}`;
  if (standing.serving.length === 0) return 'has no ready pod';
  if (standing.others > 0) return `has ${standing.others} ready pods of another version`;
  if (!settled) return undefined;
  if (standing.asked !== image?.digest) return `is asked for ${short(standing.asked)}`;
  if (standing.inGit !== image?.digest) return `has ${short(standing.inGit)} in Git`;
  return standing.phase === 'Healthy' ? undefined : `is ${standing.phase}`;
}

function short(digest: string | undefined): string {
  return digest?.slice('sha256:'.length, 'sha256:'.length + 4) ?? 'nothing';
}

function timeOf({ began }: Played, { at }: FactEntry): string {
  return `second ${(at - began) / 1000}`;
}

/** Words that only a fact lets the program say. */
const WORDS: readonly (readonly [words: RegExp, fact: (fact: ReleaseFact) => boolean])[] = [
  [/· released ·/, (fact) => fact.kind === 'release.ended' && fact.data.outcome === 'released'],
  [/: Serving stable ·/, (fact) => fact.kind === 'recovery.reached'],
  [/: Clean ·/, (fact) => fact.kind === 'recovery.reached' && fact.data.stage === 'clean'],
];

export const nothingIsToldWithoutAFact: Law = {
  name: 'no message says more than the facts do',
  breaches({ history }) {
    const facts = new Map<string, ReleaseFact[]>();
    const releaseAt = new Map<string, string>();
    return history.entries.flatMap((entry) => {
      if (entry.kind === 'fact') {
        const release = releaseOf(entry.fact);
        if (release !== undefined)
          facts.set(release, [...(facts.get(release) ?? []), entry.fact as ReleaseFact]);
      }
      if (entry.kind !== 'post' && entry.kind !== 'edit') return [];
      if (entry.kind === 'post') releaseAt.set(entry.ts, entry.operation.split('#')[0] ?? '');
      const known = facts.get(releaseAt.get(entry.ts) ?? '') ?? [];
      return WORDS.filter(([words, isFact]) => words.test(entry.message.text) && !known.some(isFact)).map(
        () => `${releaseAt.get(entry.ts)}: "${entry.message.text}" before any fact says so`,
      );
    });
  },
};

export const boardsTellTheEnd: Law = {
  name: 'every board ends on how its release ended',
  breaches({ history }) {
    const boards = new Map<string, { ts: string; text: string }>();
    for (const { operation, ts, message } of entriesOf(history, 'post')) {
      const [release = '', key] = operation.split('#');
      if (key === 'say/board') boards.set(release, { ts, text: message.text });
    }
    const shown = new Map(entriesOf(history, 'edit').map(({ ts, message }) => [ts, message.text]));
    return [...toldReleases(history).values()].flatMap(({ id, outcomes }) => {
      const outcome = outcomes.at(-1);
      const board = boards.get(id);
      if (outcome === undefined) return [];
      if (board === undefined) return [`${id} has no board`];
      const text = shown.get(board.ts) ?? board.text;
      return text.includes(outcome === 'restored' ? 'Clean' : outcome)
        ? []
        : [`${id} ended ${outcome}, its board says "${text}"`];
    });
  },
};
