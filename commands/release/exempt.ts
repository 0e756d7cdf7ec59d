import type { Understood, Verb, Vocabulary } from '../../src/domain/command.ts';
import { parseDuration } from '../../src/domain/gate/duration.ts';
import { nearest } from '../../src/domain/naming/nearest.ts';
import { EXEMPTIBLE } from '../../src/domain/policy/exemption.ts';
import { RULE_IDS } from '../../src/domain/policy/finding.ts';
import { atMost, misunderstood, pickEnvironment, usageOf } from '../grammar.ts';

/** Shortest and longest reason, in characters: a word is none, and a novel is no line of a record. */
const REASON = { least: 10, most: 500 } as const;

/** `/release exempt`: asks that a rule be passed over for a while. */
export const exempt: Verb = {
  name: 'exempt',
  usage: '<rule> <service or release> [env] --until 2h --reason "…"',
  summary: 'Ask that a rule be passed over for a while; a second person grants it',
  examples: ['exempt slo-gate-required web prod --until 2h --reason "no metrics before WEB-91"'],
  understand: (words, vocabulary) => understandExemption(words, vocabulary, usageOf(exempt, vocabulary)),
};

/** `<rule> <service or release> [env] --until 2h --reason "…"`, the options in either order. */
function understandExemption(words: readonly string[], vocabulary: Vocabulary, usage: string): Understood {
  const wrong = (says: string, suggestions: string[] = []) => misunderstood(says, suggestions, usage);
  const { plain, until, reason } = optionsOf(words);
  const { environment, rest } = pickEnvironment(plain, vocabulary);
  const [rule, target] = rest.map((word) => word.toLowerCase());
  const tooMany = atMost(rest, 2, usage);
  if (tooMany) return tooMany;
  if (rule === undefined) return wrong('Exempted from which rule?', [...EXEMPTIBLE]);
  if (!RULE_IDS.some((each) => each === rule)) {
    const near = nearest(rule, EXEMPTIBLE);
    return wrong(`There is no rule ${rule}`, near ? [near] : [...EXEMPTIBLE]);
  }
  if (target === undefined) return wrong(`Which service or release is exempted from ${rule}?`);
  if (until === undefined) return wrong('Until when? An exemption ends', ['--until 2h']);
  const forMs = parseDuration(until);
  if (forMs === undefined || forMs === 0)
    return wrong(`${until} is no duration`, ['--until 30m', '--until 2h', '--until 3d']);
  if (reason.length < REASON.least || reason.length > REASON.most)
    return wrong(`A reason has ${REASON.least} to ${REASON.most} characters, and this one ${reason.length}`, [
      '--reason "no metrics before WEB-91"',
    ]);
  return {
    kind: 'understood',
    request: { kind: 'exempt', rule, target, ...(environment && { environment }), forMs, reason },
  };
}

/** The reason is everything after `--reason` but for the other option. */
function optionsOf(words: readonly string[]): { plain: string[]; until?: string; reason: string } {
  const at = words.indexOf('--until');
  const until = at < 0 ? undefined : words[at + 1];
  const others = at < 0 ? words : words.filter((_, index) => index !== at && index !== at + 1);
  const because = others.indexOf('--reason');
  const plain = because < 0 ? others : others.slice(0, because);
  const reason = because < 0 ? '' : others.slice(because + 1).join(' ');
  return {
    plain: [...plain],
    ...(until !== undefined && { until }),
    reason: reason.replace(/^["']|["']$/g, '').trim(),
  };
}
