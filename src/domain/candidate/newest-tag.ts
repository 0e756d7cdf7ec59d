import { RE2JS } from 're2js';
import { compare, satisfies, valid } from 'semver';
import type { CandidateRule } from './candidate-rule.ts';

export type TagRule = Extract<CandidateRule, { from: 'registry' }>;

/** The tag that a rule puts first; absent when it fits none. Of tags that are equal to it, the last by letters. */
export function newestTag(tags: readonly string[], rule: TagRule): string | undefined {
  const ranked = 'semver' in rule ? versions(tags, rule.semver) : matches(tags, rule);
  const [first] = ranked.toSorted((a, b) => b.by(a) || (a.tag < b.tag ? 1 : -1));
  return first?.tag;
}

/** In words, as the plan shows it. */
export function tagRuleWords(rule: TagRule): string {
  return 'semver' in rule ? `semver ${rule.semver}` : `pattern ${rule.pattern}, ${rule.order}`;
}

/** A tag that can be put in order; `by` compares another with it, less than 0 when that one comes before. */
interface Ranked {
  tag: string;
  key: string;
  by(other: Ranked): number;
}

/** `v1.8.0` is version 1.8.0. Pre-releases only where the range names one: as node-semver has it. */
function versions(tags: readonly string[], range: string): Ranked[] {
  return tags.flatMap((tag): Ranked[] => {
    const version = valid(tag);
    if (version === null || !satisfies(version, range)) return [];
    return [{ tag, key: version, by: (other) => compare(version, other.key) }];
  });
}

function matches(
  tags: readonly string[],
  { pattern, order }: Extract<TagRule, { pattern: string }>,
): Ranked[] {
  const compiled = RE2JS.compile(pattern);
  return tags.flatMap((tag): Ranked[] => {
    const matcher = compiled.matcher(tag);
    if (!matcher.matches()) return [];
    const key = (matcher.groupCount() > 0 ? matcher.group(1) : tag) ?? '';
    if (order === 'alphabetic')
      return [{ tag, key, by: (other) => (key === other.key ? 0 : key < other.key ? -1 : 1) }];
    if (!/^\d{1,30}$/.test(key)) return [];
    return [{ tag, key, by: (other) => Number(BigInt(key) - BigInt(other.key)) }];
  });
}
