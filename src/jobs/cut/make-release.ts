import type { Actor } from '../../domain/actor.ts';
import {
  incidentStream,
  type ReleaseId,
  type ReleaseName,
  releaseId,
  type ServiceName,
} from '../../domain/ids.ts';
import type { ReleaseNotes } from '../../domain/notes/release-notes.ts';
import type { Plan } from '../../domain/plan/plan.ts';
import type { ShownRow } from '../../domain/policy/exemption.ts';
import type { Risk } from '../../domain/policy/risk.ts';
import { UnavailableError } from '../../errors.ts';
import type { Write } from '../../ports/ledger.ts';
import type { Answer } from '../../ports/message.ts';
import { onlyObserved } from '../../views/answers.ts';
import { judgedFacts } from '../preflight/judged-facts.ts';
import { stamp } from '../record.ts';
import type { Desk } from '../requests/asked.ts';
import { gatherNotes } from './gather-notes.ts';
import { type Prepared, prepareRelease, type Wish } from './prepare-release.ts';
import { nextName, recordCut } from './record-cut.ts';
import { recordRefusal } from './record-refusal.ts';

/** Cuts in the same moment take names one after the other; more than this many at once is a storm. */
const MAX_TRIES = 10;

/** Who makes a release, and what led to it: the id of a request, or of a train's departure. */
export interface Maker {
  id: string;
  actor: Actor;
}

/** A release that would be recorded next. */
export interface Ready {
  name: ReleaseName;
  prepared: Extract<Prepared, { kind: 'ready' }>;
  notes: ReleaseNotes;
}

export type Made =
  | { kind: 'recorded'; id: ReleaseId; shown: readonly ShownRow[]; risk: Risk }
  /** Everything in it runs already. */
  | { kind: 'nothing' }
  | { kind: 'refused'; shown: readonly ShownRow[] }
  /** Nobody can tell who wrote what is new in these. */
  | { kind: 'unread'; unread: ServiceName[]; notes: ReleaseNotes }
  /** It comes under its own name, which is there already. */
  | { kind: 'there'; name: ReleaseName }
  /** Whoever looked at it before it was recorded had something else to say. */
  | { kind: 'stopped'; answer: Answer };

/**
 * Prepares, judges and records a release. `before` sees what would be recorded, and stops it with an answer. Without a `train` the
 * wish has its name already; `rehearsal`: nothing gets as far as being recorded, and what cannot be read is shown, not refused.
 */
export async function makeRelease(
  { ports, rules }: Pick<Desk, 'ports' | 'rules'>,
  maker: Maker,
  making: {
    wish: Omit<Wish, 'name'> & { name?: ReleaseName };
    train?: string | undefined;
    rehearsal?: boolean;
    before?: (ready: Ready) => Promise<Answer | undefined>;
  },
): Promise<Made> {
  const { wish, train = rules.defaultTrain, rehearsal = false, before } = making;
  const { environment } = wish;
  // Policies are nobody whom a right could be refused to: trains and tags stop here.
  if (environment.observeOnly && !rehearsal)
    return { kind: 'stopped', answer: onlyObserved(environment.name) };
  const { notes, contents, unread } = await gatherNotes(ports, rules, wish);
  // Forward fails closed: who wrote it may not approve it, so that must be known before anybody is asked.
  if (unread.length > 0 && !rehearsal) return { kind: 'unread', unread, notes };
  for (let i = 0; i < MAX_TRIES; i++) {
    const name = wish.name ?? (await nextName(ports, train));
    const prepared = await prepareRelease(ports, rules, { ...wish, contents, name, notes });
    if (prepared.kind === 'refused' && !rehearsal)
      await recordRefusal(ports, maker, { environment: environment.name, shown: prepared.shown });
    if (prepared.kind !== 'ready') return prepared;
    const answer = await before?.({ name, prepared, notes });
    if (answer) return { kind: 'stopped', answer };
    const { plan, planHash, manifest, shown, risk } = prepared;
    const branch = rules.repositories[environment.repository]?.branch ?? 'main';
    const cut = {
      name,
      environment: environment.name,
      plan,
      planHash,
      manifest: { ...manifest, repository: environment.repository, branch },
      requestedBy: wish.requestedBy,
      notes,
      ...(wish.origins && Object.keys(wish.origins).length > 0 && { origins: wish.origins }),
      ...(wish.promotedFrom && { promotedFrom: wish.promotedFrom }),
    };
    const recorded = await recordCut(ports, maker, cut, {
      writes: linkTo(ports.clock, { maker, plan, release: releaseId(environment.name, name) }),
      facts: judgedFacts(prepared),
    });
    if (recorded.kind === 'recorded') {
      await ports.bells.ring({ kind: 'release', release: recorded.id });
      if (plan.hotfix) await ports.bells.ring({ kind: 'incident', incident: plan.hotfix.incident });
      return { kind: 'recorded', id: recorded.id, shown, risk };
    }
    if (wish.name !== undefined) return { kind: 'there', name };
  }
  throw new UnavailableError('releases are cut faster than they can be named', { retryAfterMs: 1000 });
}

/** A hotfix is part of the story of what it mends. */
function linkTo(
  clock: Desk['ports']['clock'],
  { maker, plan, release }: { maker: Maker; plan: Plan; release: ReleaseId },
): Write[] {
  if (plan.hotfix === undefined) return [];
  const { incident } = plan.hotfix;
  const fact = stamp(clock, {
    kind: 'incident.linked',
    actor: maker.actor,
    cause: maker.id,
    data: { release },
  });
  return [{ stream: incidentStream(incident), facts: [fact], correlation: incident }];
}
