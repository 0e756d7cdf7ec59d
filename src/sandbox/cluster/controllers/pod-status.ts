import { createHash } from 'node:crypto';
import type { ContainerStatus, Pod, PodCondition } from '../rollout/objects.ts';
import { timestamp } from '../rollout/time.ts';

/** Annotation of a pod template: `never-ready` or `crash`. Absent: the pod serves. */
export const POD_FATE = 'signalbox.test/pods';

/** Annotation of a pod template: after what time its pods serve, as a Go duration. */
export const READY_AFTER = 'signalbox.test/ready-after';

/**
 * Annotation of a pod template: the digest its pods report instead of the one asked for; with `.<container>` behind it, for
 * that container only.
 */
export const IMAGE_DIGEST = 'signalbox.test/image-digest';

/** What becomes of a pod's containers. */
export type PodFate = 'ready' | 'never-ready' | 'crash';

/** Digest of an image index to the digest that the node's platform runs. */
export type PlatformDigests = ReadonlyMap<string, string>;

/** Whether a pod serves. */
export function isReady(pod: Pod): boolean {
  return readyCondition(pod)?.status === 'True' && pod.metadata.deletionTimestamp === undefined;
}

/** Since when, in milliseconds since 1970; not a number for a pod that never did. */
export function readySince(pod: Pod): number {
  return Date.parse(readyCondition(pod)?.lastTransitionTime ?? '');
}

function readyCondition(pod: Pod): PodCondition | undefined {
  return pod.status?.conditions?.find(({ type }) => type === 'Ready');
}

/** The status of a pod that has been given to a node and has not started. */
export function pendingStatus(now: number): NonNullable<Pod['status']> {
  const conditions = [condition('PodScheduled', true, now)];
  return { phase: 'Pending', conditions, qosClass: 'BestEffort' };
}

/** The status of a pod whose containers have started, or try to. */
export function runningStatus(
  pod: Pod,
  options: { fate: PodFate; now: number; platforms: PlatformDigests },
): NonNullable<Pod['status']> {
  const { fate, now } = options;
  const ready = fate === 'ready';
  const conditions = [
    condition('PodScheduled', true, now),
    condition('Initialized', true, now),
    { ...condition('Ready', ready, now), ...(ready ? {} : { reason: 'ContainersNotReady' }) },
    { ...condition('ContainersReady', ready, now), ...(ready ? {} : { reason: 'ContainersNotReady' }) },
  ];
  const containerStatuses = pod.spec.containers.map(({ name, image = '' }) =>
    containerStatus(pod, { name, image }, options),
  );
  return {
    phase: 'Running',
    conditions,
    containerStatuses,
    startTime: timestamp(now),
    qosClass: 'BestEffort',
  };
}

function condition(type: string, holds: boolean, now: number): PodCondition {
  return { type, status: holds ? 'True' : 'False', lastTransitionTime: timestamp(now) };
}

function containerStatus(
  pod: Pod,
  container: { name: string; image: string },
  options: { fate: PodFate; now: number; platforms: PlatformDigests },
): ContainerStatus {
  const { fate, now, platforms } = options;
  const at = timestamp(now);
  const waiting = { reason: 'CrashLoopBackOff', message: 'back-off 10s restarting failed container' };
  const terminated = { exitCode: 1, reason: 'Error', startedAt: at, finishedAt: at };
  const crashes = fate === 'crash';
  return {
    ...container,
    imageID: imageId(pod, container, platforms),
    ready: fate === 'ready',
    started: !crashes,
    restartCount: crashes ? 1 : 0,
    state: crashes ? { waiting } : { running: { startedAt: at } },
    lastState: crashes ? { terminated } : {},
  };
}

/** `repository@digest`, as containerd reports what runs. */
function imageId(pod: Pod, container: { name: string; image: string }, platforms: PlatformDigests): string {
  const { annotations = {} } = pod.metadata;
  const { image, name } = container;
  const repository = image.replace(/@sha256:[0-9a-f]+$/, '').replace(/:[^:/@]+$/, '');
  const [asked] = /sha256:[0-9a-f]{64}$/.exec(image) ?? [];
  const told = annotations[`${IMAGE_DIGEST}.${name}`] ?? annotations[IMAGE_DIGEST];
  const derived = `sha256:${createHash('sha256').update(image).digest('hex')}`;
  return `${repository}@${told ?? platforms.get(asked ?? '') ?? asked ?? derived}`;
}
