import { RULE_IDS } from '../../domain/policy/finding.ts';
import { RULE_BOOK } from '../../domain/policy/rule-book.ts';
import type { RuleEntry } from '../../domain/policy/rule-entry.ts';
import type { Answer } from './answer.ts';

/** Every rule that a release is judged by: what it asks, how severe it is for which tiers, and what to do about it. */
export function rulesAnswer(): Answer {
  const rules = RULE_IDS.map((id) => ({ id, ...RULE_BOOK[id] }));
  const blocks = rules.map(({ id, ...rule }) =>
    [`${id}  ${severityWords(rule)}`, `  ${rule.asks}`, `  → ${rule.remedy}`].join('\n'),
  );
  return {
    isFine: true,
    text: [...blocks, ...NOTES].join('\n\n'),
    json: { rules: rules.map(({ severity, ...rule }) => ({ ...rule, severity: byTier(severity) })) },
  };
}

const NOTES = [
  `error: the release is not cut. warn: those who approve see it. Tiers 0 and 1 are critical.
advice: judged by signalbox validate only, and told there as a warning.
firm: nobody may waive it. Of the others a release can be exempted for a while: /release help exempt.`,
];

function severityWords({ severity, except, judged, exemptible }: RuleEntry): string {
  const [critical, usual, internal] = severity;
  const isSame = critical === usual && usual === internal;
  const words = isSame ? critical : `tier 0 and 1 ${critical}, tier 2 ${usual}, tier 3 and 4 ${internal}`;
  const more = [except, judged === 'validate' ? 'advice' : undefined, exemptible ? undefined : 'firm'];
  return [words, ...more.filter((one) => one !== undefined)].join('; ');
}

function byTier([critical, usual, internal]: RuleEntry['severity']): Record<string, string> {
  return { 'tier-0': critical, 'tier-1': critical, 'tier-2': usual, 'tier-3': internal, 'tier-4': internal };
}
