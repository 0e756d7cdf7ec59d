import type { Part } from '../api/objects.ts';
import { ANALYSIS_RUNS, PODS, REPLICA_SETS, type Resource, ROLLOUTS, SERVICES } from '../api/resources.ts';
import { applyMergePatch } from '../rollout/merge-patch.ts';
import type { KubeObject } from '../rollout/objects.ts';
import type { Rollout } from '../rollout/rollout-object.ts';
import { changedReplicaSet, selecting } from '../rollout/small-world.ts';
import type { Write } from '../rollout/writes.ts';
import { type ControllerContext, change, create, remove } from './controller.ts';

/** Makes one of the Rollout machine's writes in the store. */
export function makeWrite(context: ControllerContext, rollout: Rollout, write: Write): void {
  const { namespace } = rollout.metadata;
  switch (write.kind) {
    case 'rollout.scale':
    case 'rollout.annotate':
    case 'rollout.status': {
      const part: Part = write.kind === 'rollout.status' ? 'status' : 'main';
      const to = (stored: Rollout): Rollout => changedRollout(stored, write);
      change(context, ROLLOUTS, { namespace, name: rollout.metadata.name, part, to });
      break;
    }
    case 'replicaSet.create':
      create(context, REPLICA_SETS, write.replicaSet);
      break;
    case 'analysisRun.create':
      create(context, ANALYSIS_RUNS, write.run);
      break;
    case 'replicaSet.delete':
    case 'analysisRun.delete':
    case 'pod.evict':
      remove(context, DELETED[write.kind], { namespace, name: write.name });
      break;
    default:
      changeOther(context, namespace, write);
  }
}

const DELETED: Readonly<Record<'replicaSet.delete' | 'analysisRun.delete' | 'pod.evict', Resource>> = {
  'replicaSet.delete': REPLICA_SETS,
  'analysisRun.delete': ANALYSIS_RUNS,
  'pod.evict': PODS,
};

type RolloutWrite = Extract<Write, { kind: `rollout.${string}` }>;

type OtherChange = Extract<Write, { kind: 'replicaSet.update' | 'service.select' | 'analysisRun.terminate' }>;

function changedRollout(stored: Rollout, write: RolloutWrite): Rollout {
  switch (write.kind) {
    case 'rollout.scale':
      return { ...stored, spec: { ...stored.spec, replicas: write.replicas } };
    case 'rollout.annotate': {
      const annotations = { ...stored.metadata.annotations, ...write.annotations };
      const spec = write.template === undefined ? stored.spec : { ...stored.spec, template: write.template };
      return { ...stored, spec, metadata: { ...stored.metadata, annotations } };
    }
    case 'rollout.status':
      return { ...stored, status: applyMergePatch(stored.status ?? {}, write.patch) as Rollout['status'] };
  }
}

function changeOther(context: ControllerContext, namespace: string | undefined, write: OtherChange): void {
  const at = <T extends KubeObject>(resource: Resource<T>, to: (stored: T) => T): void =>
    change(context, resource, { namespace, name: write.name, part: 'main', to });
  switch (write.kind) {
    case 'replicaSet.update':
      at(REPLICA_SETS, (stored) => changedReplicaSet(stored, write.change));
      break;
    case 'service.select':
      at(SERVICES, (stored) => selecting(stored, write));
      break;
    case 'analysisRun.terminate':
      at(ANALYSIS_RUNS, (stored) => ({ ...stored, spec: { ...stored.spec, terminate: true } }));
      break;
  }
}
