import type { Understood, Verb, Vocabulary } from '../../src/domain/command.ts';
import { FlagKey } from '../../src/domain/request.ts';
import { atMost, misunderstood, pickEnvironment, usageOf } from '../grammar.ts';

/** `/release flag`: shows flags, turns them up, and turns them off at once. */
export const flag: Verb = {
  name: 'flag',
  usage: '[key] | on <key> | off <key> | ramp <key> [percent] [env]',
  summary: 'Show feature flags, turn one up by its steps, or off at once',
  examples: [
    'flag',
    'flag prod',
    'flag checkout-tax-v2 prod',
    'flag ramp checkout-tax-v2 prod',
    'flag ramp checkout-tax-v2 10 prod',
    'flag on checkout-tax-v2 prod',
    'flag off checkout-tax-v2 prod',
  ],
  understand: (words, vocabulary) => understandFlag(words, vocabulary, usageOf(flag, vocabulary)),
};

/** The words that say what is to be done; `show` may be left out. */
const ACTS = ['show', 'on', 'off', 'ramp'] as const;

function understandFlag(words: readonly string[], vocabulary: Vocabulary, usage: string): Understood {
  const [first, ...others] = words;
  const act = ACTS.find((each) => each === first?.toLowerCase());
  const { environment, rest } = pickEnvironment(act === undefined ? words : others, vocabulary);
  const [key, share] = rest;
  const tooMany = atMost(rest, act === 'ramp' ? 2 : 1, usage);
  if (tooMany) return tooMany;
  const named = { ...(environment && { environment }) };
  if (key === undefined) {
    return act === undefined || act === 'show'
      ? { kind: 'understood', request: { kind: 'flags', ...named } }
      : misunderstood(`Which flag is to be turned ${act === 'ramp' ? 'up' : act}?`, [], usage);
  }
  if (!FlagKey.safeParse(key).success) return misunderstood(`${key} is no key of a flag`, [], usage);
  switch (act) {
    case 'off':
      return { kind: 'understood', request: { kind: 'flagOff', key, ...named } };
    case 'on':
      return { kind: 'understood', request: { kind: 'flagTurn', key, percent: 100, ...named } };
    case 'ramp': {
      const percent = share === undefined ? undefined : percentOf(share);
      if (share !== undefined && percent === undefined)
        return misunderstood(`${share} is no percentage from 0 to 100`, [`flag ramp ${key} 10`], usage);
      return {
        kind: 'understood',
        request: { kind: 'flagTurn', key, ...(percent !== undefined && { percent }), ...named },
      };
    }
    default:
      return { kind: 'understood', request: { kind: 'flags', key, ...named } };
  }
}

/** `10`, `10%` or `0.5`; absent for anything else. */
function percentOf(word: string): number | undefined {
  if (!/^\d{1,3}(\.\d{1,3})?%?$/.test(word)) return undefined;
  const percent = Number(word.replace('%', ''));
  return percent <= 100 ? percent : undefined;
}
