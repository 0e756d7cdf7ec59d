import { versionOf } from '../content.ts';
import { own } from '../document/own.ts';
import type { EnvironmentState } from '../environment/environment-state.ts';
import type { ReleaseId, ServiceName } from '../ids.ts';
import type { ReleaseFact } from '../ledger/fact.ts';
import { CUT_EFFECT, type ReleaseState } from '../release/release-state.ts';

/** Something that happened to a service. */
export interface ServiceChange {
  at: string;
  environment: string;
  /** Absent for what no release did. */
  release?: ReleaseId | undefined;
  /** A person's or policy's id; for what came by a push, whoever Git names. */
  who?: string | undefined;
  /** What happened, without markup. */
  says: string;
  /** Done past this program, by hand. */
  byHand: boolean;
  commit?: { repository: string; commit: string } | undefined;
}

/**
 * What the facts of a release say happened to one of its services, oldest first: what was asked, decided and done, not every step
 * of a canary. Empty for a release without the service.
 */
export function changesIn(
  { state, facts }: { state: ReleaseState; facts: readonly ReleaseFact[] },
  service: ServiceName,
): ServiceChange[] {
  if (own(state.plan.services, service) === undefined) return [];
  return facts.flatMap((fact) => {
    const told = wordsOf(fact, { state, service });
    if (told === undefined) return [];
    const { who = fact.actor.id, ...rest } = told;
    return [
      { at: fact.occurredAt, environment: state.environment, release: state.id, who, byHand: false, ...rest },
    ];
  });
}

/** What was found by hand at first sight: it has no release, and nobody knows who did it. */
export function foundAtFirstSight(
  state: Pick<EnvironmentState, 'name' | 'known' | 'disagreements'>,
  service: ServiceName,
): ServiceChange[] {
  const found = own(state.known, service)?.findLast((known) => known.release === undefined);
  if (found === undefined) return [];
  const disagreement = own(state.disagreements, service);
  const differs = disagreement === undefined ? '' : `; ${disagreement}`;
  return [
    {
      at: found.at,
      environment: state.name,
      says: `found running ${versionOf(found.content)}${differs}`,
      byHand: disagreement !== undefined,
    },
  ];
}

/** What others did while an environment was only observed, oldest first. */
export function changesObserved(
  { name, changes }: Pick<EnvironmentState, 'name' | 'changes'>,
  service: ServiceName,
): ServiceChange[] {
  return changes
    .filter((change) => change.service === service)
    .flatMap(({ id, seenAt, version, commits, judgements, ended }): ServiceChange[] => {
      const common = { environment: name, byHand: true };
      const [newest] = commits;
      const what = version === undefined ? 'a change in Git' : version;
      return [
        {
          ...common,
          at: seenAt,
          says: `${id}: seen, not a release of mine: ${what}${newest ? `, ${newest.subject}` : ''}`,
          ...(newest && { who: newest.author, commit: newest }),
        },
        ...judgements
          .filter(({ verdict }) => verdict !== 'pass')
          .map(({ gate, verdict, measurements }) => ({
            ...common,
            at: measurements.at(-1)?.at ?? seenAt,
            says: `${id}: gate ${gate}: ${verdict}`,
          })),
        ...(ended ? [{ ...common, at: ended.at, says: `${id}: ${ended.how}` }] : []),
      ];
    });
}

interface About {
  state: ReleaseState;
  service: ServiceName;
}

type Told = Pick<ServiceChange, 'says'> & Partial<Pick<ServiceChange, 'who' | 'byHand' | 'commit'>>;

function wordsOf(fact: ReleaseFact, about: About): Told | undefined {
  switch (fact.kind) {
    case 'release.cut':
      return cutWords(fact, about.service);
    case 'approvals.voided':
      return {
        says: `its manifest was pushed to by hand: ${fact.data.head.slice(0, 8)}`,
        byHand: true,
        ...(fact.data.author && { who: fact.data.author }),
      };
    case 'manifest.adopted':
      return { says: 'the pushed manifest was taken over' };
    case 'approval.granted':
      return { says: 'approved' };
    case 'approval.rejected':
      return { says: reasoned('rejected', fact.data.reason) };
    case 'release.started':
      return about.state.plan.type === 'rollback' ? undefined : { says: 'began' };
    case 'effect.done':
      return commitWords(fact, about);
    case 'gate.judged': {
      const { gate, service, verdict } = fact.data;
      return service === about.service && verdict !== 'pass'
        ? { says: `gate ${gate}: ${verdict}` }
        : undefined;
    }
    case 'release.held':
      return { says: 'held, waits for a person' };
    case 'release.resumed':
      return { says: fact.data.reason ?? 'let go on' };
    case 'release.takenBack':
      return fact.data.services.includes(about.service)
        ? { says: reasoned('taken back', fact.data.reason) }
        : undefined;
    case 'service.proved':
      return fact.data.service === about.service
        ? { says: `serving, proved on ${fact.data.proof.pods} pods` }
        : undefined;
    case 'recovery.reached':
      return recoveryWords(fact, about);
    case 'release.ended':
      return { says: reasoned(fact.data.outcome, fact.data.reason) };
    default:
      return undefined;
  }
}

function cutWords({ data }: Extract<ReleaseFact, { kind: 'release.cut' }>, service: ServiceName): Told {
  const planned = own(data.plan.services, service);
  const move = planned
    ? `${planned.from ? versionOf(planned.from) : 'new'} → ${versionOf(planned.to)}`
    : service;
  const verb =
    data.plan.type === 'rollback' ? 'rollback' : data.promotedFrom === undefined ? 'cut' : 'promoted';
  return { says: reasoned(`${verb} ${move}`, data.reason), who: data.requestedBy };
}

/** Commits that wrote the service's values; the one that put the manifest on its own branch changed nothing yet. */
function commitWords(
  { data }: Extract<ReleaseFact, { kind: 'effect.done' }>,
  { state, service }: About,
): Told | undefined {
  const intent = own(state.effects, data.effect)?.intent;
  const { git } = data.receipt;
  if (git === undefined || intent?.effect.kind !== 'git.commit' || data.effect === CUT_EFFECT)
    return undefined;
  const files = (own(state.plan.services, service)?.to.keys ?? []).map(({ file }) => file);
  if (!intent.effect.keys.some(({ file }) => files.includes(file))) return undefined;
  return {
    says: 'committed',
    commit: { repository: intent.effect.repository, commit: git.commit },
    who: intent.onBehalfOf.id,
  };
}

function recoveryWords(
  { data }: Extract<ReleaseFact, { kind: 'recovery.reached' }>,
  { state, service }: About,
): Told {
  const files = (own(state.plan.services, service)?.to.keys ?? []).map(({ file }) => file);
  const left = data.keysLeftAlone.filter(({ file }) => files.includes(file));
  const says = data.stage === 'clean' ? 'clean: Git and cluster agree' : 'the old content serves';
  if (left.length === 0) return { says };
  const keys = left.map(({ file, path }) => `${file} ${path.join('.')}`).join(', ');
  return { says: `${says}; changed by hand and left alone: ${keys}`, byHand: true };
}

function reasoned(says: string, reason: string | undefined): string {
  return reason === undefined ? says : `${says}: ${reason}`;
}
