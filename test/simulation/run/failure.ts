import type { Breach } from '../invariants/laws.ts';
import { entriesOf } from '../world/history.ts';
import type { Played } from '../world/play.ts';
import { lineOf } from './line-of.ts';

/** Breaches that are told; the rest is counted. */
const TOLD = 5;
const LAST_FACTS = 12;

/** What went wrong in a world, for somebody who has only this: the law, the last facts, and how to see it again. */
export function describeFailure(played: Played, breaches: readonly Breach[]): string {
  const { seed, history, began } = played;
  const told = breaches.slice(0, TOLD).map(({ law, says }) => `  ${law}:\n    ${says}`);
  const more = breaches.length - told.length;
  const named = (fact: { stream: string }) =>
    breaches.some(({ says }) => says.includes(fact.stream.replace(/^release:/, '')));
  const facts = entriesOf(history, 'fact');
  const about = facts.filter(({ fact }) => named(fact));
  const last = (about.length > 0 ? about : facts).slice(-LAST_FACTS);
  return [
    `seed ${seed} breaks`,
    ...told,
    ...(more > 0 ? [`  and ${more} more`] : []),
    'the last facts about it:',
    ...last.map((entry) => `  ${lineOf(entry, began)}`),
    'replay it:',
    `  ${replayCommand(seed)}`,
  ].join('\n');
}

/** Plays one seed and prints everything that happens in its world. */
export function replayCommand(seed: number): string {
  return `node src/bootstrap.mjs test/simulation/replay.ts ${seed}`;
}
