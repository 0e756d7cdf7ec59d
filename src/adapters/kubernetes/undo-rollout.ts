import type { Effect } from '../../domain/effect.ts';
import { restoreRollout, restoreWorkload, templateOf } from '../../domain/rollout/change/undo.ts';
import { type RolloutParts, rolloutView } from '../../domain/rollout/read-rollout.ts';
import { undoTarget } from '../../domain/rollout/undo-target.ts';
import { TerminalError, UnavailableError } from '../../errors.ts';
import type { ClusterDone } from '../../ports/cluster.ts';
import type { Identity } from './identity.ts';
import { readParts, readRollout } from './look-at.ts';
import { type Patch, type Patched, type PatchTarget, patchObject } from './patch-object.ts';
import { readObjectNow } from './read-now.ts';
import { type Conflict, recorder } from './receipts.ts';
import { DEPLOYMENTS, REPLICA_SETS } from './resources.ts';
import { seeTakenUp } from './see-taken-up.ts';
import { rolloutTarget, type WriteContext } from './write-context.ts';

type Undo = Extract<Effect, { kind: 'rollout.undo' }>;

/**
 * Puts back the pod template of the ReplicaSet that runs the wanted images, on the Rollout or on the Deployment it refers
 * to. Doing it again finds it done, unlike the plugin's undo, which goes back to the bad version the second time.
 */
export async function undoRollout(
  context: WriteContext,
  { effect, as }: { effect: Undo; as: Identity },
): Promise<ClusterDone | Conflict> {
  const { namespace } = effect;
  const record = recorder(context, rolloutTarget(effect));
  const read = await readRollout(context.client, effect);
  if (read.kind === 'missing') return record.missing();
  if (read.kind === 'unknown') throw new UnavailableError(read.reason);
  const belongings = await readParts(context.client, { ...read, namespace });
  if (belongings.kind !== 'parts')
    throw new UnavailableError(`${namespace}/${effect.rollout} cannot be looked at`);
  const { parts } = belongings;
  const target = undoTarget(rolloutView(parts), effect.images);
  if (target.kind === 'current') return record.found(read.rollout.metadata.resourceVersion);
  if (target.kind === 'none') return { kind: 'missing', reason: target.reason };
  const name = parts.replicaSets.find(({ podHash }) => podHash === target.podHash)?.name ?? '';
  const replicaSet = await readObjectNow(context.client, { kind: REPLICA_SETS, namespace, name });
  if (replicaSet.kind === 'missing') return { kind: 'missing', reason: `the ReplicaSet ${name} is gone` };
  if (replicaSet.kind === 'unknown') throw new UnavailableError(replicaSet.reason);
  const [where, patch] = restore(effect, parts, templateOf(replicaSet.body));
  const patched: Patched = await patchObject(context.client, { target: where, patch, as });
  const { resourceVersion } = patched.kind === 'applied' && !read.rollout.spec.workloadRef ? patched : {};
  if (resourceVersion !== undefined) await seeTakenUp(context, { rollout: effect, resourceVersion, as });
  return recorder(context, where).patched(patched, as);
}

function restore(effect: Undo, { rollout, workload }: RolloutParts, template: unknown): [PatchTarget, Patch] {
  const { workloadRef } = rollout.spec;
  if (!workloadRef)
    return [rolloutTarget(effect), { strategy: 'json', operations: restoreRollout(rollout, template) }];
  const { kind, name } = workloadRef;
  if (kind !== 'Deployment')
    throw new TerminalError(`an undo through a ${kind} is not supported, only through a Deployment`);
  if (workload === undefined) throw new UnavailableError(`the Deployment ${name} cannot be read`);
  const operations = restoreWorkload({ generation: workload.generation }, template);
  return [
    { kind: DEPLOYMENTS, namespace: effect.namespace, name },
    { strategy: 'json', operations },
  ];
}
