import { newCondition, setCondition } from './conditions.ts';
import { podTemplateHash } from './hash.ts';
import {
  DESIRED_REPLICAS,
  LAST_APPLIED,
  POD_HASH_LABEL,
  REASON,
  REVISION,
  REVISION_HISTORY,
} from './names.ts';
import type { OwnerReference, PodTemplate, ReplicaSet } from './objects.ts';
import { respelled, withPodHash } from './pod-template.ts';
import { revisionOf } from './replica-sets.ts';
import type { Rollout, RolloutStatus } from './rollout-object.ts';
import { replicasOf } from './settings.ts';
import { statusPatch, tidyStatus } from './status-fields.ts';
import { timestamp } from './time.ts';
import { statusOf, type Turn, tell } from './turn.ts';

/** Annotations of a Rollout that do not go to its ReplicaSets (argo-rollouts `annotationsToSkip`). */
const NOT_COPIED = new Set([
  LAST_APPLIED,
  REVISION,
  REVISION_HISTORY,
  DESIRED_REPLICAS,
  'notified.notifications.argoproj.io',
]);

/** The owner reference under which a Rollout controls what it makes. */
export function controlledBy(rollout: Rollout): OwnerReference {
  const { name, uid } = rollout.metadata;
  return {
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'Rollout',
    name,
    uid: uid ?? '',
    controller: true,
    blockOwnerDeletion: true,
  };
}

/** The ReplicaSet for a pod template nobody has made one for yet: no pods, the next revision number. */
export function newReplicaSet(
  rollout: Rollout & { spec: { template: PodTemplate } },
  known: readonly ReplicaSet[],
  now: number,
): ReplicaSet {
  const podHash = podTemplateHash(rollout.spec.template);
  const template = withPodHash(rollout.spec.template, podHash);
  const { matchLabels, ...selector } = rollout.spec.selector ?? {};
  return {
    apiVersion: 'apps/v1',
    kind: 'ReplicaSet',
    metadata: {
      name: `${rollout.metadata.name}-${podHash}`,
      namespace: rollout.metadata.namespace,
      creationTimestamp: timestamp(now),
      labels: template.metadata?.labels,
      annotations: {
        ...copiedAnnotations(rollout),
        [REVISION]: String(highestRevision(known) + 1),
        [DESIRED_REPLICAS]: String(replicasOf(rollout)),
      },
      ownerReferences: [controlledBy(rollout)],
    },
    spec: {
      replicas: 0,
      minReadySeconds: rollout.spec.minReadySeconds,
      selector: { ...selector, matchLabels: { ...matchLabels, [POD_HASH_LABEL]: podHash } },
      template,
    },
  };
}

function copiedAnnotations(rollout: Rollout): Record<string, string> {
  const own = Object.entries(rollout.metadata.annotations ?? {});
  return Object.fromEntries(own.filter(([key]) => !NOT_COPIED.has(key)));
}

function highestRevision(replicaSets: readonly ReplicaSet[]): number {
  return Math.max(0, ...replicaSets.map(revisionOf));
}

/** Records that a new ReplicaSet was made: the write, the Rollout's own revision, the condition and the event. */
export function announceNewReplicaSet(turn: Turn): void {
  const { name, annotations } = turn.fresh.metadata;
  turn.writes.push({ kind: 'replicaSet.create', replicaSet: turn.fresh });
  setRevision(turn, annotations?.[REVISION] ?? '1');
  tell(turn, REASON.newReplicaSet, `Created ReplicaSet ${name} (revision ${revisionOf(turn.fresh)})`);
  writeProgressing(turn, REASON.newReplicaSet, `Created new replica set "${name}"`);
}

/**
 * Keeps the new ReplicaSet's number the highest: going back to an old one gives it a new number, and its old ones become
 * history. So revision numbers are no lasting names.
 */
export function syncRevision(turn: Turn): void {
  const { rollout, fresh } = turn;
  const had = fresh.metadata.annotations ?? {};
  const changed: Record<string, string> = {};
  for (const [key, value] of Object.entries(copiedAnnotations(rollout))) {
    if (had[key] !== value) changed[key] = value;
  }
  const next = highestRevision(turn.older) + 1;
  if (revisionOf(fresh) < next) changed[REVISION] = String(next);
  const isChanged = Object.keys(changed).length > 0;
  if (isChanged && had[REVISION] !== undefined) {
    changed[REVISION_HISTORY] = [had[REVISION_HISTORY] ?? '', had[REVISION]].filter(Boolean).join(',');
  }
  const minReadySeconds = rollout.spec.minReadySeconds ?? 0;
  if (isChanged || (fresh.spec.minReadySeconds ?? 0) !== minReadySeconds) {
    changeFresh(turn, changed, minReadySeconds);
  }
  setRevision(turn, turn.fresh.metadata.annotations?.[REVISION] ?? '');
  if (!statusOf(turn).conditions?.some(({ type }) => type === 'Progressing')) {
    writeProgressing(turn, REASON.foundNewReplicaSet, `Found new replica set "${fresh.metadata.name}"`);
  }
}

function changeFresh(turn: Turn, annotations: Record<string, string>, minReadySeconds: number): void {
  const { fresh } = turn;
  turn.writes.push({
    kind: 'replicaSet.update',
    name: fresh.metadata.name,
    change: { annotations, minReadySeconds },
  });
  turn.fresh = {
    ...fresh,
    metadata: { ...fresh.metadata, annotations: { ...fresh.metadata.annotations, ...annotations } },
    spec: { ...fresh.spec, minReadySeconds },
  };
}

function setRevision(turn: Turn, revision: string): void {
  const { metadata, spec } = turn.rollout;
  if (metadata.annotations?.[REVISION] === revision) return;
  const annotations = { [REVISION]: revision };
  const own = spec.workloadRef === undefined ? spec.template : undefined;
  const template = own === undefined ? undefined : respelled(own);
  turn.writes.push({
    kind: 'rollout.annotate',
    annotations,
    ...(template === undefined ? {} : { template }),
  });
  turn.rollout = {
    ...turn.rollout,
    metadata: {
      ...metadata,
      annotations: { ...metadata.annotations, ...annotations },
      generation: (metadata.generation ?? 0) + (template === undefined ? 0 : 1),
    },
    spec: template === undefined ? spec : { ...spec, template },
  };
  tell(turn, REASON.updated, `Rollout updated to revision ${revision}`);
}

/** Writes the Progressing condition at once, ahead of the status that ends the turn. */
function writeProgressing(turn: Turn, reason: string, message: string): void {
  const before = statusOf(turn);
  const status: RolloutStatus = tidyStatus(before);
  setCondition(status, newCondition('Progressing', 'True', { reason, message, now: turn.now }));
  const patch = statusPatch(before, status);
  if (patch !== undefined) turn.writes.push({ kind: 'rollout.status', patch });
  turn.rollout = { ...turn.rollout, status };
}
