import { isDeepStrictEqual } from 'node:util';
import { z } from 'zod';
import { AnalysisRunObject } from '../../../src/domain/rollout/objects/analysis-run-object.ts';
import { PodObject } from '../../../src/domain/rollout/objects/pod-object.ts';
import { ReplicaSetObject } from '../../../src/domain/rollout/objects/replica-set-object.ts';
import { RolloutObject } from '../../../src/domain/rollout/objects/rollout-object.ts';
import { WorkloadObject } from '../../../src/domain/rollout/objects/workload-object.ts';
import { rolloutView } from '../../../src/domain/rollout/read-rollout.ts';
import type { RolloutView } from '../../../src/domain/rollout/rollout-view.ts';
import type { RolloutInfo, Snapshot } from './rollout-info.ts';

/** Our own reading of a snapshot. */
export function readSnapshot(snapshot: Snapshot): RolloutView {
  return rolloutView({
    rollout: RolloutObject.parse(snapshot.rollout),
    replicaSets: snapshot.replicaSets.map((each) => ReplicaSetObject.parse(each)),
    pods: snapshot.pods.map((each) => PodObject.parse(each)),
    analysisRuns: snapshot.analysisRuns.map((each) => AnalysisRunObject.parse(each)),
    ...(snapshot.workload && { workload: WorkloadObject.parse(snapshot.workload) }),
  });
}

/** A reading in the plugin's own form, as far as both have it. */
export interface Said {
  phase: string;
  message: string;
  strategy: string;
  /** `1/4`; empty where the controller has not said. */
  step: string;
  /** In percent; absent but for canaries. */
  setWeight?: number;
  actualWeight?: number;
  desired: number;
  updated: number;
  available: number;
  containers: Record<string, string>;
  replicaSets: Record<string, { revision: number; replicas: number; images: string[]; marks: string[] }>;
  analysisRuns: Record<string, string>;
}

const STRATEGIES = { canary: 'Canary', blueGreen: 'BlueGreen', none: '' };

/** What we say. */
export function ours(view: RolloutView): Said {
  return {
    phase: view.phase,
    message: view.message,
    strategy: STRATEGIES[view.strategy],
    step: view.stepIndex === undefined ? '' : `${view.stepIndex}/${view.steps.length}`,
    ...(view.desiredWeight !== undefined && { setWeight: view.desiredWeight }),
    ...(view.weight !== undefined && { actualWeight: view.weight }),
    desired: view.desiredReplicas,
    updated: view.updatedReplicas,
    available: view.availableReplicas,
    containers: view.images,
    replicaSets: Object.fromEntries(
      view.replicaSets.map((each) => [
        each.podHash,
        {
          revision: each.revision,
          replicas: each.replicas,
          images: Object.values(each.images),
          marks: [...marksOf(view, each.podHash), ...(each.leaving ? ['leaving'] : [])],
        },
      ]),
    ),
    analysisRuns: Object.fromEntries(view.analysisRuns.map(({ name, phase }) => [name, phase])),
  };
}

/** Which of the marks of `kubectl argo rollouts get rollout` a ReplicaSet has; the preview of a blue-green one is of no use to us. */
function marksOf(view: RolloutView, podHash: string): string[] {
  const isStable = podHash === view.stablePodHash;
  return [
    ...(view.strategy === 'canary' && !isStable && podHash === view.currentPodHash ? ['canary'] : []),
    ...(view.strategy !== 'none' && isStable ? ['stable'] : []),
    ...(view.activePodHash !== undefined && podHash === view.activePodHash ? ['active'] : []),
  ];
}

const HASH = 'rollouts-pod-template-hash';
const Labelled = z.object({
  metadata: z.object({ name: z.string(), labels: z.record(z.string(), z.string()).nullish() }),
});

/** What decides whether and how the plugin's numbers are to be read. */
const Standing = z.object({
  spec: z.object({
    strategy: z.object({
      canary: z
        .object({
          steps: z.array(z.unknown()).nullish(),
          trafficRouting: z.object({ maxTrafficWeight: z.int().nullish() }).nullish(),
        })
        .nullish(),
    }),
  }),
  status: z
    .object({
      abort: z.boolean().nullish(),
      currentPodHash: z.string().nullish(),
      stableRS: z.string().nullish(),
      currentStepIndex: z.int().nullish(),
      canary: z.object({ weights: z.object({ canary: z.object({ weight: z.int() }) }).nullish() }).nullish(),
    })
    .default({}),
});
type Standing = z.infer<typeof Standing>;

/** What the plugin says, told by its own rules also where it does not look: see `blindSpots`. */
export function theirs(info: RolloutInfo, snapshot: Snapshot): Said {
  const standing = Standing.parse(snapshot.rollout);
  const podHash = podHashes(snapshot);
  const present = [standing.status.currentPodHash, standing.status.stableRS];
  return {
    phase: info.resolved.status,
    message: info.resolved.message,
    strategy: info.strategy,
    step: info.step,
    ...(info.strategy === 'Canary' && weightsOf(info, standing)),
    desired: info.desired,
    updated: info.updated,
    available: info.available,
    containers: info.containers,
    replicaSets: Object.fromEntries(
      info.replicaSets.map((each) => [
        podHash(each.name),
        {
          revision: each.revision,
          replicas: each.replicas,
          images: each.images,
          marks: [
            ...(['canary', 'stable', 'active'] as const).filter((mark) => each[mark]),
            ...(each.scaleDownDeadline ? ['leaving'] : []),
          ],
        },
      ]),
    ),
    // Those of other versions are history to us; one without a phase was not looked at yet.
    analysisRuns: Object.fromEntries(
      info.analysisRuns
        .filter(({ name }) => present.includes(podHash(name)))
        .map(({ name, status }) => [name, status || 'Pending']),
    ),
  };
}

function podHashes(snapshot: Snapshot): (name: string) => string {
  const hashes = new Map(
    [...snapshot.replicaSets, ...snapshot.analysisRuns].map((each) => {
      const { metadata } = Labelled.parse(each);
      return [metadata.name, metadata.labels?.[HASH] ?? ''];
    }),
  );
  return (name) => hashes.get(name) ?? '';
}

function weightsOf(
  info: RolloutInfo,
  standing: Standing,
): Required<Pick<Said, 'setWeight' | 'actualWeight'>> {
  const max = standing.spec.strategy.canary?.trafficRouting?.maxTrafficWeight ?? 100;
  const percent = (weight: number): number => (weight * 100) / max;
  const actual = isAbortedWithoutStep(standing)
    ? weightAmongSteps(info, { standing, max })
    : Number(info.actualWeight);
  return { setWeight: percent(Number(info.setWeight)), actualWeight: percent(actual) };
}

function isAbortedWithoutStep({ spec, status }: Standing): boolean {
  const steps = spec.strategy.canary?.steps ?? [];
  return status.abort === true && steps.length <= (status.currentStepIndex ?? 0);
}

/** `ActualWeight` as `rollout_info.go` has it for a canary among its steps. */
function weightAmongSteps(
  info: RolloutInfo,
  { standing: { spec, status }, max }: { standing: Standing; max: number },
): number {
  if (info.available === 0) return 0;
  if (spec.strategy.canary?.trafficRouting) {
    return status.canary?.weights?.canary.weight ?? Number(info.setWeight);
  }
  const canary = info.replicaSets.find((each) => each.canary);
  return Math.trunc(((canary?.available ?? 0) * max) / info.available);
}

const OTHER_WORKLOAD = 'waiting for rollout spec update to be observed for the reference workload';

/**
 * Where the plugin says something that is not so. It does not know that a template comes from a workload, so it takes a Rollout
 * for settled whose workload has just changed; and it shows a canary that was aborted as having all the traffic when no step is
 * left to it, or none was ever there.
 */
export function blindSpots(info: RolloutInfo, snapshot: Snapshot): string[] {
  return [
    ...(info.resolved.message === OTHER_WORKLOAD && info.message !== OTHER_WORKLOAD ? ['workload'] : []),
    ...(info.strategy === 'Canary' && isAbortedWithoutStep(Standing.parse(snapshot.rollout))
      ? ['aborted without a step']
      : []),
  ];
}

/** What the two readings of a snapshot differ in, a line each. */
export function differences(view: RolloutView, info: RolloutInfo, snapshot: Snapshot): string[] {
  const [we, they] = [ours(view), theirs(info, snapshot)];
  const fields = [...new Set([...Object.keys(we), ...Object.keys(they)])] as (keyof Said)[];
  const lines = fields
    .filter((field) => !isDeepStrictEqual(we[field], they[field]))
    .map((field) => `${field}: we say ${JSON.stringify(we[field])}, they ${JSON.stringify(they[field])}`);
  const unresolved = info.resolved.message === OTHER_WORKLOAD ? info.resolved : info;
  if (unresolved.status !== info.resolved.status || unresolved.message !== info.resolved.message) {
    lines.push(`the plugin itself says ${info.status}: ${info.message}`);
  }
  return lines;
}
