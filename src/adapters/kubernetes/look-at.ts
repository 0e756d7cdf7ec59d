import { z } from 'zod';
import type { Placement } from '../../domain/catalog/placement.ts';
import { AnalysisRunObject } from '../../domain/rollout/objects/analysis-run-object.ts';
import { ApplicationObject } from '../../domain/rollout/objects/application-object.ts';
import { PodObject } from '../../domain/rollout/objects/pod-object.ts';
import { POD_HASH_LABEL, ReplicaSetObject } from '../../domain/rollout/objects/replica-set-object.ts';
import { RolloutObject } from '../../domain/rollout/objects/rollout-object.ts';
import { WorkloadObject } from '../../domain/rollout/objects/workload-object.ts';
import { type RolloutParts, rolloutView } from '../../domain/rollout/read-rollout.ts';
import type { RolloutObserved } from '../../domain/rollout/rollout-view.ts';
import type { ApiClient } from './api-client.ts';
import { type ApplicationSeen, unseenApplication } from './application-watch.ts';
import { type NotRead, readListNow, readObjectNow, unknown } from './read-now.ts';
import { readObject } from './read-object.ts';
import { ANALYSIS_RUNS, APPLICATIONS, DEPLOYMENTS, PODS, REPLICA_SETS, ROLLOUTS } from './resources.ts';

type Client = Pick<ApiClient, 'send'>;

/** Reads a Rollout with everything that belongs to it from the API server now. Never throws. */
export async function lookAt(client: Client, placement: Placement): Promise<RolloutObserved> {
  const read = await readRollout(client, placement);
  if (read.kind !== 'read') return read;
  const belongings = await readParts(client, { ...read, namespace: placement.namespace });
  if (belongings.kind !== 'parts') return belongings;
  const application = placement.argocd && (await readApplication(client, placement.argocd));
  const rollout = rolloutView({ ...belongings.parts, ...(application && { application }) });
  return { kind: 'seen', rollout, staleMs: 0 };
}

/** A Rollout alone, with the label selector of its ReplicaSets and pods. */
export type ReadRollout = { kind: 'read'; rollout: RolloutObject; selector: string } | NotRead;

/** The labels by which the controller itself finds what belongs to a Rollout. */
const Selected = z.object({
  spec: z.object({
    selector: z.object({ matchLabels: z.record(z.string(), z.string()).nullish() }).nullish(),
  }),
});

/** Reads one Rollout. Never throws. */
export async function readRollout(
  client: Client,
  { namespace, rollout: name }: Pick<Placement, 'namespace' | 'rollout'>,
): Promise<ReadRollout> {
  const answer = await readObjectNow(client, { kind: ROLLOUTS, namespace, name });
  if (answer.kind !== 'answered') return answer;
  const rollout = readObject(RolloutObject, answer.body);
  if (rollout.kind === 'unreadable') return unknown(`the Rollout cannot be read: ${rollout.reason}`);
  const labels = Selected.safeParse(answer.body).data?.spec.selector?.matchLabels ?? {};
  const terms = Object.entries(labels).map(([key, value]) => `${key}=${value}`);
  return { kind: 'read', rollout: rollout.value, selector: [POD_HASH_LABEL, ...terms].join(',') };
}

/** Reads what belongs to a Rollout, all at once. Never throws. */
export async function readParts(
  client: Client,
  { rollout, selector, namespace }: { rollout: RolloutObject; selector: string; namespace: string },
): Promise<{ kind: 'parts'; parts: RolloutParts } | NotRead> {
  const selected = { namespace, labelSelector: selector };
  const [replicaSets, pods, analysisRuns, workload] = await Promise.all([
    readListNow(client, { ...selected, kind: REPLICA_SETS, schema: ReplicaSetObject }),
    readListNow(client, { ...selected, kind: PODS, schema: PodObject }),
    readAnalysisRuns(client, { rollout, namespace }),
    readWorkload(client, { rollout, namespace }),
  ]);
  if (replicaSets.kind !== 'listed') return replicaSets;
  if (pods.kind !== 'listed') return pods;
  if (workload.kind === 'unknown') return workload;
  return {
    kind: 'parts',
    parts: {
      rollout,
      replicaSets: replicaSets.items,
      pods: pods.items,
      analysisRuns,
      ...(workload.value && { workload: workload.value }),
    },
  };
}

/** A cluster without AnalysisRuns, or without the right to see them, still shows its Rollouts. */
async function readAnalysisRuns(
  client: Client,
  { rollout, namespace }: { rollout: RolloutObject; namespace: string },
): Promise<AnalysisRunObject[]> {
  const { currentPodHash, stableRS } = rollout.status;
  const hashes = [...new Set([currentPodHash, stableRS])].filter(Boolean);
  if (hashes.length === 0) return [];
  const labelSelector = `${POD_HASH_LABEL} in (${hashes.join(',')})`;
  const read = await readListNow(client, {
    kind: ANALYSIS_RUNS,
    namespace,
    labelSelector,
    schema: AnalysisRunObject,
  });
  return read.kind === 'listed' ? read.items : [];
}

/** The Deployment of a `workloadRef`; without a value where there is none. */
async function readWorkload(
  client: Client,
  { rollout, namespace }: { rollout: RolloutObject; namespace: string },
): Promise<{ kind: 'read'; value?: WorkloadObject } | Extract<NotRead, { kind: 'unknown' }>> {
  const { workloadRef } = rollout.spec;
  if (workloadRef?.kind !== 'Deployment') return { kind: 'read' };
  const answer = await readObjectNow(client, { kind: DEPLOYMENTS, namespace, name: workloadRef.name });
  if (answer.kind === 'missing') return { kind: 'read' };
  if (answer.kind === 'unknown') return answer;
  const workload = readObject(WorkloadObject, answer.body);
  if (workload.kind === 'unreadable') return unknown(`the Deployment cannot be read: ${workload.reason}`);
  return { kind: 'read', value: workload.value };
}

async function readApplication(
  client: Client,
  { namespace, application: name }: NonNullable<Placement['argocd']>,
): Promise<ApplicationSeen> {
  const answer = await readObjectNow(client, { kind: APPLICATIONS, namespace, name });
  if (answer.kind === 'missing') {
    return unseenApplication('Missing', `there is no Application ${namespace}/${name}`);
  }
  if (answer.kind === 'unknown') return unseenApplication('Unknown', answer.reason);
  const read = readObject(ApplicationObject, answer.body);
  return read.kind === 'kept' ? read.value : unseenApplication('Unknown', read.reason);
}
