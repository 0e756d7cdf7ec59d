import type { Misunderstood, Verb, Vocabulary } from '../../src/domain/command.ts';
import type { DiffSide } from '../../src/domain/request.ts';
import { looksLikeRelease, type Meant, misunderstood, usageOf } from '../grammar.ts';

/** What an environment can be looked at in, besides the ledger. */
const VIEWS: ReadonlySet<string> = new Set(['git', 'cluster']);

/** `/release diff`: between releases, environments, or what Git and the cluster of one environment say. */
export const diff: Verb = {
  name: 'diff',
  usage: '<release or env> <release or env> | <env> git cluster',
  summary: 'Show what differs: versions, digests, charts, keys; drift with git and cluster',
  examples: ['diff dev prod', 'diff .3 .4', 'diff .3 prod', 'diff prod git cluster'],
  understand(words, vocabulary) {
    const sides = sidesOf(words, vocabulary);
    if (sides.kind === 'misunderstood') return { ...sides, usage: usageOf(diff, vocabulary) };
    return { kind: 'understood', request: { kind: 'diff', ...sides.value } };
  },
};

function sidesOf(words: readonly string[], vocabulary: Vocabulary): Meant<{ a: DiffSide; b: DiffSide }> {
  const views = words.map((word) => word.toLowerCase()).filter((word) => VIEWS.has(word));
  if (views.length > 0) return withinOne(words, vocabulary);
  const [first, second, ...more] = words;
  if (first === undefined || second === undefined) return tooFew(first, vocabulary);
  if (more.length > 0) return misunderstood(`I don't understand "${more.join(' ')}"`, []);
  const a = sideOf(first, vocabulary);
  const b = sideOf(second, vocabulary);
  if ('wrong' in a) return a;
  return 'wrong' in b ? b : { kind: 'meant', value: { a, b } };
}

/** An environment with `git`, `cluster` or both: one of them alone is compared with what the ledger trusts. */
function withinOne(
  words: readonly string[],
  { environments }: Vocabulary,
): Meant<{ a: DiffSide; b: DiffSide }> {
  const lower = words.map((word) => word.toLowerCase());
  const named = lower.filter((word) => environments.includes(word));
  const views = lower.filter((word) => VIEWS.has(word));
  const strange = lower.filter((word) => !environments.includes(word) && !VIEWS.has(word));
  const [environment] = named;
  const suggestions = environments.map((name) => `diff ${name} git cluster`);
  if (strange.length > 0) return misunderstood(`I don't understand "${strange.join(' ')}"`, suggestions);
  if (environment === undefined || named.length > 1)
    return misunderstood('Git and the cluster are compared in one environment', suggestions);
  if (views.length > 2 || new Set(views).size < views.length)
    return misunderstood('There are only git and cluster to compare', suggestions);
  const [a, b] = views.map((word): DiffSide => ({ kind: word === 'git' ? 'git' : 'cluster', environment }));
  if (a === undefined) return misunderstood('Compare it with what?', suggestions);
  return { kind: 'meant', value: b ? { a, b } : { a: { kind: 'environment', environment }, b: a } };
}

function sideOf(word: string, { environments }: Vocabulary): DiffSide | Misunderstood {
  const name = word.toLowerCase();
  if (environments.includes(name)) return { kind: 'environment', environment: name };
  if (looksLikeRelease(name)) return { kind: 'release', release: name };
  return misunderstood(`${word} is neither a release nor an environment`, [...environments]);
}

function tooFew(first: string | undefined, { environments }: Vocabulary): Misunderstood {
  const pair = environments.slice(-2).join(' ');
  const suggestions = [`diff ${pair}`, `diff ${first ?? environments.at(-1)} git cluster`];
  return misunderstood(first === undefined ? 'Compare what?' : `Compare ${first} with what?`, suggestions);
}
