import { PODS } from '../api/resources.ts';
import type { Pod } from '../rollout/objects.ts';
import { durationSeconds } from '../rollout/time.ts';
import { type Controller, type ControllerContext, change, keyOf } from './controller.ts';
import {
  type PlatformDigests,
  POD_FATE,
  type PodFate,
  pendingStatus,
  READY_AFTER,
  runningStatus,
} from './pod-status.ts';

/** How pods fare. */
export interface KubeletOptions {
  /** Milliseconds from a pod's creation to its first service, where it says nothing else. */
  podReadyMs: number;
  /** Digest of an index to the digest pods report for it. */
  platforms: PlatformDigests;
  /** Decides on a pod before its annotations do; absent answer: they do. */
  podFate?: ((pod: Pod) => { fate: PodFate; afterMs?: number } | undefined) | undefined;
}

/** Pretends to run pods, all on one node. */
export function startKubelet(context: ControllerContext, options: KubeletOptions): Controller {
  const timers = new Map<string, () => void>();
  const forget = (pod: Pod): void => {
    timers.get(keyOf(pod.metadata))?.();
    timers.delete(keyOf(pod.metadata));
  };
  const unsubscribe = context.store.subscribe(({ type, resource, object }) => {
    if (resource !== PODS) return;
    const pod = object as Pod;
    if (type === 'DELETED') forget(pod);
    if (type !== 'ADDED') return;
    const { fate, afterMs } = fateOf(pod, options);
    schedule(context, pod);
    timers.set(
      keyOf(pod.metadata),
      context.scheduler.after(afterMs, () => start(context, pod, { fate, platforms: options.platforms })),
    );
  });
  return {
    stop() {
      unsubscribe();
      for (const cancel of timers.values()) cancel();
      timers.clear();
    },
  };
}

function fateOf(pod: Pod, options: KubeletOptions): { fate: PodFate; afterMs: number } {
  const { annotations = {} } = pod.metadata;
  const decided = options.podFate?.(pod);
  const written = annotations[POD_FATE];
  const fate: PodFate = written === 'never-ready' || written === 'crash' ? written : 'ready';
  const after = annotations[READY_AFTER];
  const afterMs = after === undefined ? options.podReadyMs : durationSeconds(after) * 1000;
  return { fate: decided?.fate ?? fate, afterMs: decided?.afterMs ?? afterMs };
}

/** The node everything runs on. */
export const NODE_NAME = 'sandbox-node';

function schedule(context: ControllerContext, { metadata }: Pod): void {
  const { namespace, name } = metadata;
  const now = context.scheduler.now();
  change(context, PODS, {
    namespace,
    name,
    part: 'main',
    to: (pod) => ({ ...pod, spec: { nodeName: NODE_NAME, ...pod.spec } }),
  });
  change(context, PODS, {
    namespace,
    name,
    part: 'status',
    to: (pod) => ({ ...pod, status: pendingStatus(now) }),
  });
}

function start(
  context: ControllerContext,
  { metadata }: Pod,
  options: { fate: PodFate; platforms: PlatformDigests },
): void {
  const { namespace, name, uid } = metadata;
  const now = context.scheduler.now();
  const to = (pod: Pod): Pod =>
    pod.metadata.uid === uid ? { ...pod, status: runningStatus(pod, { ...options, now }) } : pod;
  change(context, PODS, { namespace, name, part: 'status', to });
}
