import type { PersonId, ReleaseId, ServiceName } from '../ids.ts';
import { RULE_IDS, type RuleId } from './finding.ts';
import { type PreflightRow, worstFirst } from './row.ts';
import { RULE_BOOK } from './rule-book.ts';

/**
 * Rules of which somebody may be let off for a while. All others protect the record, the approval or the plan itself: without a
 * digest nobody knows what runs, without a checker nobody has checked, and what cannot be planned cannot be done.
 */
export const EXEMPTIBLE: readonly RuleId[] = RULE_IDS.filter(
  (rule) => RULE_BOOK[rule].exemptible && RULE_BOOK[rule].judged === 'cut',
);

export function isExemptible(rule: string): boolean {
  return EXEMPTIBLE.some((each) => each === rule);
}

/** Longest time for which a rule may be passed over, in milliseconds. Whoever needs more changes the rule. */
export const LONGEST_EXEMPTION_MS = 30 * 24 * 3600 * 1000;

/** A person's word that a rule is passed over for a while; it counts when a second person has granted it. */
export interface Exemption {
  /** `E<n>`, counted in its environment. */
  id: string;
  rule: string;
  /** One of the two: this release, or this service in whatever release. */
  release?: ReleaseId | undefined;
  service?: ServiceName | undefined;
  /** The first moment at which it no longer counts. */
  until: string;
  reason: string;
  asked: { by: PersonId; at: string };
  granted?: { by: PersonId; at: string } | undefined;
  refused?: { by: PersonId; at: string } | undefined;
  /** The requests that asked and decided, so that each is carried out once. */
  causes: string[];
}

/** A row as people see it: with the exemption that lets it pass, if there is one. */
export type ShownRow = Omit<PreflightRow, 'outcome'> & {
  outcome: PreflightRow['outcome'] | 'exempted';
  exemption?: Exemption;
};

/** What is counted, and for whom. */
interface Among {
  exemptions: readonly Exemption[];
  release: ReleaseId;
  makers: readonly PersonId[];
  /** Milliseconds since 1970. */
  now: number;
}

/**
 * What rows come to with the exemptions that count now: granted by a second person who did not make the release, and not over.
 * Judged anew at each look, so that nothing goes forward on one that has ended meanwhile.
 */
export function withExemptions(rows: readonly PreflightRow[], among: Among): ShownRow[] {
  const counting = countingNow(among);
  return worstFirst(
    rows.map((row): ShownRow => {
      const exemption = row.refuses
        ? counting.find((each) => each.rule === row.rule && isAbout(each, row, among.release))
        : undefined;
      return exemption ? { ...row, outcome: 'exempted', refuses: false, exemption } : row;
    }),
  );
}

/** Whether a release, or every one of its services, is exempted from a rule at this moment. */
export function exemptedFrom(rule: string, services: readonly ServiceName[], among: Among): boolean {
  const counting = countingNow(among).filter((each) => each.rule === rule);
  return (
    counting.some(({ release }) => release === among.release) ||
    services.every((service) =>
      counting.some((each) => each.release === undefined && each.service === service),
    )
  );
}

function countingNow({ exemptions, makers, now }: Among): Exemption[] {
  return exemptions.filter(
    ({ granted, refused, asked, until, rule }) =>
      granted !== undefined &&
      refused === undefined &&
      granted.by !== asked.by &&
      !makers.includes(granted.by) &&
      now < Date.parse(until) &&
      isExemptible(rule),
  );
}

function isAbout({ release, service }: Exemption, row: PreflightRow, of: ReleaseId): boolean {
  return release === undefined ? service !== undefined && service === row.service : release === of;
}
