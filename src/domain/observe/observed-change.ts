import type { Judgement } from '../gate/planned-gate.ts';
import type { ServiceName } from '../ids.ts';
import type { ChangeEnd, SeenCommit } from '../ledger/environment-facts.ts';
import type { EnvironmentFact } from '../ledger/fact.ts';

/** What somebody else did to a service, as far as it was seen. */
export interface ObservedChange {
  /** `S<n>` in its environment. */
  id: string;
  service: ServiceName;
  /** Instant. */
  seenAt: string;
  /** Container name to image reference; absent while only Git says anything. */
  images?: Readonly<Record<string, string>> | undefined;
  /** What people call it; absent while nobody knows. */
  version?: string | undefined;
  /** Newest first. */
  commits: SeenCommit[];
  judgements: Judgement[];
  ended?: { how: ChangeEnd; at: string } | undefined;
}

/** How many are remembered for an environment: more than anybody reads back. */
const KEPT = 100;

type ChangeFact = Extract<EnvironmentFact, { kind: `observed.${string}` }>;

/** The changes after one more fact. */
export function foldChange(changes: readonly ObservedChange[], fact: ChangeFact): ObservedChange[] {
  const known = changes.find(({ id }) => id === fact.data.change);
  if (known === undefined) {
    return fact.kind === 'observed.seen' ? [...changes, seen(fact)].slice(-KEPT) : [...changes];
  }
  return changes.map((change) => (change === known ? after(known, fact) : change));
}

/** The one that is under way for a service. */
export function openChange(
  changes: readonly ObservedChange[],
  service: ServiceName,
): ObservedChange | undefined {
  return changes.findLast((change) => change.service === service && change.ended === undefined);
}

/** The name of the next one. */
export function nextChangeId(changes: readonly ObservedChange[]): string {
  return `S${Number(changes.at(-1)?.id.slice(1) ?? 0) + 1}`;
}

function seen({ data, occurredAt }: Extract<ChangeFact, { kind: 'observed.seen' }>): ObservedChange {
  const { change: id, service, images, version, commits } = data;
  return {
    id,
    service,
    seenAt: occurredAt,
    ...(images && { images }),
    ...(version !== undefined && { version }),
    commits,
    judgements: [],
  };
}

function after(change: ObservedChange, fact: ChangeFact): ObservedChange {
  switch (fact.kind) {
    case 'observed.seen': {
      const { images, version, commits } = fact.data;
      const fresh = commits.filter(({ commit }) => !change.commits.some((one) => one.commit === commit));
      return {
        ...change,
        ...(images && { images }),
        ...(version !== undefined && { version }),
        commits: [...fresh, ...change.commits],
      };
    }
    case 'observed.judged':
      return { ...change, judgements: [...change.judgements, fact.data.judgement] };
    case 'observed.ended':
      return change.ended ? change : { ...change, ended: { how: fact.data.how, at: fact.occurredAt } };
  }
}
