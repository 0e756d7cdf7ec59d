import { AnalysisRunObject } from '../../../src/domain/rollout/objects/analysis-run-object.ts';
import { PodObject } from '../../../src/domain/rollout/objects/pod-object.ts';
import { ReplicaSetObject } from '../../../src/domain/rollout/objects/replica-set-object.ts';
import { RolloutObject } from '../../../src/domain/rollout/objects/rollout-object.ts';
import type { RolloutParts } from '../../../src/domain/rollout/read-rollout.ts';
import type { AnalysisPhase } from '../../../src/sandbox/cluster/rollout/analysis-object.ts';
import type { Container, ReplicaSet } from '../../../src/sandbox/cluster/rollout/objects.ts';
import type { Rollout, RolloutSpec } from '../../../src/sandbox/cluster/rollout/rollout-object.ts';
import {
  type SmallWorld,
  settle,
  smallWorld,
  withSpec,
} from '../../../src/sandbox/cluster/rollout/small-world.ts';
import type { Scheduler } from './memory-bells.ts';

/** How pods of a cluster behave. */
export interface PodLife {
  /** Milliseconds from a pod's making to its being ready; infinite for a version that never starts. */
  startMs(images: Readonly<Record<string, string>>): number;
  /** What a pod reports for an image that is pinned to a digest: the digest of its platform, or the same. */
  platformDigest(digest: string): string;
}

/** One Rollout in virtual time, with the controller at work on it. */
export interface MemoryRollout {
  rollout(): Rollout;
  /** As an API server gives them. */
  replicaSets(): readonly ReplicaSet[];
  pods(): readonly object[];
  analysisRuns(): readonly object[];
  /** Everything that belongs to it, as the product reads it. */
  parts(): RolloutParts;
  /** The same as it is now, worked out when somebody asks for it: most of what a watch tells is outdated before anybody looks. */
  partsNow(): () => RolloutParts;
  /** As a write to the object or to its status leaves it; the controller looks at it a moment later. */
  write(rollout: Rollout): void;
  changeSpec(change: Partial<RolloutSpec>): void;
  /** Ends every AnalysisRun that is not over. */
  finishAnalysis(phase: AnalysisPhase, message?: string): void;
}

/** Milliseconds from a change to the controller's look at it, as measured on the real one (a few). */
const REACTION_MS = 5;

export function createMemoryRollout(
  spec: RolloutSpec,
  at: { name: string; namespace: string; uid: string },
  { scheduler, pods, onChanged }: { scheduler: Scheduler; pods: PodLife; onChanged: () => void },
): MemoryRollout {
  const { name, namespace, uid } = at;
  let version = 1;
  let world = smallWorld({
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'Rollout',
    metadata: { name, namespace, uid, resourceVersion: '1' },
    spec,
  });
  let parts: (() => RolloutParts) | undefined;
  let due = Number.POSITIVE_INFINITY;

  const take = (next: SmallWorld): void => {
    if (next === world) return;
    version += 1;
    const { rollout } = next;
    const metadata = { ...rollout.metadata, resourceVersion: String(version) };
    world = { ...next, rollout: { ...rollout, metadata } };
    parts = undefined;
    onChanged();
  };
  const partsNow = (): (() => RolloutParts) => {
    parts ??= whenAsked(world, { now: scheduler.now(), life: pods });
    return parts;
  };
  const lookAt = (moment: number): void => {
    if (moment >= due) return;
    due = moment;
    scheduler.at(moment, () => {
      if (due !== moment) return;
      due = Number.POSITIVE_INFINITY;
      control();
    });
  };
  const control = (): void => {
    const now = scheduler.now();
    const settled = settle(world, { now, podStart: (replicaSet) => pods.startMs(imagesOf(replicaSet)) });
    take(settled.world);
    if (settled.wakeAfterMs !== undefined) lookAt(now + Math.max(1, settled.wakeAfterMs));
  };
  const change = (next: SmallWorld): void => {
    take(next);
    lookAt(scheduler.now() + REACTION_MS);
  };
  lookAt(scheduler.now() + REACTION_MS);
  return {
    rollout: () => world.rollout,
    replicaSets: () => world.replicaSets,
    pods: () => podsOf(world, { now: scheduler.now(), life: pods }),
    analysisRuns: () => runsOf(world),
    parts: () => partsNow()(),
    partsNow,
    write: (rollout) => change({ ...world, rollout }),
    changeSpec: (spec) => change(withSpec(world, spec)),
    finishAnalysis: (phase, message) => {
      const analysisRuns = world.analysisRuns.map((run) =>
        isOver(run.status?.phase) ? run : { ...run, status: { ...run.status, phase, message } },
      );
      change({ ...world, analysisRuns });
    },
  };
}

function isOver(phase: AnalysisPhase | undefined): boolean {
  return phase !== undefined && !['', 'Pending', 'Running'].includes(phase);
}

function imagesOf(replicaSet: ReplicaSet): Record<string, string> {
  const { containers } = replicaSet.spec.template.spec;
  return Object.fromEntries(containers.map(({ name, image }: Container) => [name, image ?? '']));
}

/** The objects through the product's own schemas: what they cannot read here, they could not read in a cluster either. */
function partsOf(world: SmallWorld, at: { now: number; life: PodLife }): RolloutParts {
  return {
    rollout: RolloutObject.parse(world.rollout),
    replicaSets: world.replicaSets.map((each) => ReplicaSetObject.parse(each)),
    pods: podsOf(world, at).map((each) => PodObject.parse(each)),
    analysisRuns: runsOf(world).map((each) => AnalysisRunObject.parse(each)),
  };
}

function whenAsked(world: SmallWorld, at: { now: number; life: PodLife }): () => RolloutParts {
  let parts: RolloutParts | undefined;
  return () => {
    parts ??= partsOf(world, at);
    return parts;
  };
}

function podsOf(world: SmallWorld, { now, life }: { now: number; life: PodLife }): object[] {
  const byName = new Map(world.replicaSets.map((each) => [each.metadata.name, each]));
  return world.pods.flatMap(({ name, replicaSet, readyAt }) => {
    const owner = byName.get(replicaSet);
    if (owner === undefined) return [];
    const { uid, namespace } = owner.metadata;
    const containerStatuses = Object.entries(imagesOf(owner)).map(([container, image]) => ({
      name: container,
      imageID: reported(image, life),
    }));
    return {
      metadata: {
        name,
        namespace,
        uid: `uid-${name}`,
        ownerReferences: [{ kind: 'ReplicaSet', uid, controller: true }],
      },
      status: {
        conditions: [{ type: 'Ready', status: readyAt <= now ? 'True' : 'False' }],
        containerStatuses,
      },
    };
  });
}

function runsOf({ analysisRuns }: SmallWorld): object[] {
  return analysisRuns.map((run) => ({
    ...run,
    metadata: { uid: `uid-${run.metadata.name}`, ...run.metadata },
  }));
}

/** The image id that a kubelet reports: the repository with the digest of the platform's manifest. */
function reported(image: string, life: PodLife): string {
  const [repository, digest] = image.split('@');
  return digest === undefined ? '' : `${repository}@${life.platformDigest(digest)}`;
}
