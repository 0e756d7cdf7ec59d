import type { NewFact } from '../../src/domain/ledger/fact.ts';
import type { MigrationHistory } from '../../src/domain/migration/migration-history.ts';
import type { RolloutObserved, RolloutView } from '../../src/domain/rollout/rollout-view.ts';
import type { Batch, Write } from '../../src/ports/ledger.ts';
import { approvalsAreOthers } from './invariants/approvals.ts';
import { nothingIsClaimedBeforeItIsSo } from './invariants/claims.ts';
import { effectsAreIntended, effectsHappenOnce } from './invariants/effects.ts';
import { everyReleaseEnds } from './invariants/endings.ts';
import type { Law } from './invariants/law.ts';
import { nothingMovesBeforeItsMigrations } from './invariants/migrations.ts';
import { acceptedIsCarriedOut, oneActIsDoneOnce, onlyThoseWhoMay } from './invariants/requests.ts';
import { nothingUnderAnOldEpoch, trackIsHeldByOne } from './invariants/tracks.ts';
import { createMemoryMigrations } from './ports/memory-migrations.ts';
import { ROLES } from './world/people.ts';
import type { Sabotage } from './world/world.ts';

/** A safeguard that is taken away on purpose, and the law that must be seen broken for it. */
export interface Removal {
  safeguard: string;
  law: Law;
  sabotage: Sabotage;
  /** Another safeguard that mostly meets the same trouble first. It is missing too, and without it alone the law still holds. */
  besides?: Sabotage;
}

/** What a database says that is asked too early and answers what one would like to hear. */
function everythingApplied(): MigrationHistory {
  const rows = ['1', '2', '3', '4'].map((id, order) => ({
    id,
    order,
    at: '2026-11-20T09:00:00.000Z',
    outcome: 'applied' as const,
    script: `V${id}__x.sql`,
  }));
  return { kind: 'rows', rows };
}

/** Every safeguard whose loss the simulation must notice. */
export const REMOVALS: readonly Removal[] = [
  {
    safeguard: 'the epoch check',
    law: nothingUnderAnOldEpoch,
    sabotage: appending((batch) => ({ ...unconditional(batch), fences: {} })),
    besides: appending(unconditional),
  },
  {
    safeguard: 'the check that nobody appended since',
    law: trackIsHeldByOne,
    sabotage: appending((batch) => ({
      ...batch,
      writes: batch.writes.map(atTheEnd),
      raises: {},
      fences: {},
    })),
  },
  {
    safeguard: 'the rise of the epochs that recovery takes',
    law: everyReleaseEnds,
    sabotage: appending((batch) => ({ ...batch, raises: {} })),
  },
  {
    safeguard: 'the dedupe of what people send',
    law: oneActIsDoneOnce,
    sabotage: acceptingAll,
  },
  {
    safeguard: 'the intent',
    law: effectsAreIntended,
    sabotage: appending((batch) => without(batch, 'effect.intended')),
  },
  {
    safeguard: 'the receipt',
    law: everyReleaseEnds,
    sabotage: appending((batch) => without(batch, 'effect.done')),
  },
  {
    safeguard: 'the search for a message whose answer was lost',
    law: effectsHappenOnce,
    sabotage: (ports) => ({ ...ports, chat: { ...ports.chat, find: async () => undefined } }),
  },
  {
    safeguard: 'the word of the database',
    law: nothingMovesBeforeItsMigrations,
    sabotage: (ports) => ({ ...ports, migrations: createMemoryMigrations({ history: everythingApplied }) }),
  },
  {
    safeguard: 'the proof',
    law: nothingIsClaimedBeforeItIsSo,
    sabotage: (ports) => ({
      ...ports,
      cluster: {
        ...ports.cluster,
        observe: (placement) => asIfServing(ports.cluster.observe(placement)),
        look: async (placement) => asIfServing(await ports.cluster.look(placement)),
      },
    }),
  },
  {
    safeguard: 'the look at the API server before a claim',
    law: nothingIsClaimedBeforeItIsSo,
    sabotage: (ports) => ({
      ...ports,
      cluster: { ...ports.cluster, look: async (placement) => ports.cluster.observe(placement) },
    }),
  },
  { safeguard: 'the approval check', law: approvalsAreOthers, sabotage: everybodyMay },
  { safeguard: 'the check of rights', law: onlyThoseWhoMay, sabotage: everybodyMay },
  {
    safeguard: 'the sweep of what was accepted',
    law: acceptedIsCarriedOut,
    sabotage: (ports) => ({ ...ports, inbox: { ...ports.inbox, waiting: async () => [] } }),
  },
  {
    safeguard: 'the sweep of what is unfinished',
    law: everyReleaseEnds,
    sabotage: (ports) => ({ ...ports, ledger: { ...ports.ledger, unfinished: async () => [] } }),
  },
];

function appending(change: (batch: Batch) => Batch): Sabotage {
  return (ports) => ({
    ...ports,
    ledger: { ...ports.ledger, append: (batch) => ports.ledger.append(change(batch)) },
  });
}

/** What a holder of tracks appends, wherever its stream has come to since. */
function unconditional(batch: Batch): Batch {
  const isHolder = Object.keys(batch.fences).length > 0;
  return isHolder ? { ...batch, writes: batch.writes.map(atTheEnd) } : batch;
}

function atTheEnd({ stream, facts, correlation }: Write): Write {
  return { stream, facts, correlation };
}

function without(batch: Batch, kind: NewFact['kind']): Batch {
  const writes = batch.writes.map((write) => ({
    ...write,
    facts: write.facts.filter((fact) => fact.kind !== kind),
  }));
  return { ...batch, writes };
}

/** Every request is a new one. */
function acceptingAll(ports: Parameters<Sabotage>[0]): ReturnType<Sabotage> {
  let count = 0;
  const accept: typeof ports.inbox.accept = (request) => {
    count += 1;
    return ports.inbox.accept({ ...request, id: `${request.id}/${count}` });
  };
  return { ...ports, inbox: { ...ports.inbox, accept } };
}

/** Members have every role, and guests are members. */
function everybodyMay(ports: Parameters<Sabotage>[0]): ReturnType<Sabotage> {
  return {
    ...ports,
    directory: {
      members: (role) => ports.directory.members(role),
      byEmail: (email) => ports.directory.byEmail(email),
      byLogin: (login) => ports.directory.byLogin(login),
      nameOf: (id) => ports.directory.nameOf(id),
      person: async (id) => ({ kind: 'member', id, name: id, roles: new Set(ROLES) }),
    },
  };
}

/** The present ReplicaSet as the stable one, all pods ready. */
function asIfServing(observed: RolloutObserved): RolloutObserved {
  if (observed.kind !== 'seen') return observed;
  return { ...observed, rollout: served(observed.rollout) };
}

function served(rollout: RolloutView): RolloutView {
  const { currentPodHash, images, desiredReplicas } = rollout;
  const digests = Object.fromEntries(
    Object.entries(images).map(([container, image]) => [container, image.split('@')[1]]),
  );
  const readyPods = Array.from({ length: desiredReplicas }, (_, at) => ({ name: `pod-${at}`, digests }));
  const replicaSets = rollout.replicaSets.map((each) =>
    each.podHash === currentPodHash ? { ...each, leaving: false, readyPods } : each,
  );
  return {
    ...rollout,
    observed: true,
    phase: 'Healthy',
    abort: false,
    pauses: [],
    stablePodHash: currentPodHash,
    replicaSets,
  };
}
