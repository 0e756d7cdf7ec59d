import { resourceOfKind } from '../api/resources.ts';
import { type ControllerContext, remove } from '../controllers/controller.ts';
import type { KubeObject } from '../rollout/objects.ts';
import { timestamp } from '../rollout/time.ts';
import type { Application, ApplicationStatus } from './application-object.ts';
import { applyObject } from './apply.ts';
import type { Comparison } from './compare.ts';
import type { TargetObjects } from './target.ts';

/** Deployments an Application remembers (argo-cd `RevisionHistoryLimit`). */
const MOST_HISTORY = 10;

/** What a sync leaves in the status. */
export type SyncOutcome = Pick<ApplicationStatus, 'operationState' | 'history'>;

/**
 * What the sync policy makes of a comparison (argo-cd `autoSync`): a new revision is applied once; drift at a revision that was
 * applied is healed if the policy says so; a revision whose sync failed is not tried again.
 */
export function decideSync(
  { spec, status }: Application,
  at: { comparison: Comparison; revision: string },
): 'sync' | 'heal' | 'wait' {
  const automated = spec.syncPolicy?.automated;
  if (automated === undefined || at.comparison.isSynced) return 'wait';
  const isPruneOnly = at.comparison.resources.every(
    (resource) => resource.status === 'Synced' || resource.requiresPruning === true,
  );
  if (isPruneOnly && automated.prune !== true) return 'wait';
  const last = status?.operationState;
  if (last?.syncResult?.revision !== at.revision) return 'sync';
  return last.phase === 'Succeeded' && automated.selfHeal === true ? 'heal' : 'wait';
}

/** Applies everything that is wanted and, where the policy says so, deletes what is wanted no more. */
export function sync(
  context: ControllerContext,
  app: Application,
  at: { target: TargetObjects; comparison: Comparison },
): SyncOutcome {
  const { revision, objects } = at.target;
  const failures = objects.map((object) => apply(context, object)).filter((failure) => failure !== undefined);
  if (app.spec.syncPolicy?.automated?.prune === true) prune(context, at.comparison.surplus);
  const time = timestamp(context.scheduler.now());
  const isGood = failures.length === 0;
  const bad = `one or more objects failed to apply, reason: ${failures.join(', ')}`;
  const operationState = {
    phase: isGood ? 'Succeeded' : 'Failed',
    message: isGood ? 'successfully synced (all tasks run)' : bad,
    startedAt: time,
    finishedAt: time,
    operation: { initiatedBy: { automated: true }, sync: { revision } },
    syncResult: { revision, source: app.spec.source },
  };
  const history = app.status?.history ?? [];
  const last = history.at(-1);
  if (!isGood || last?.revision === revision) return { operationState };
  const entry = { id: (last?.id ?? -1) + 1, revision, deployedAt: time, source: app.spec.source };
  return { operationState, history: [...history, entry].slice(-MOST_HISTORY) };
}

function apply(context: ControllerContext, object: KubeObject): string | undefined {
  const resource = resourceOfKind(object.apiVersion, object.kind);
  if (resource === undefined) return `the server could not find the requested resource (${object.kind})`;
  const applied = applyObject(context.store, resource, object);
  return applied.kind === 'failure' ? applied.failure.message : undefined;
}

function prune(context: ControllerContext, surplus: readonly KubeObject[]): void {
  for (const { apiVersion, kind, metadata } of surplus) {
    const resource = resourceOfKind(apiVersion, kind);
    if (resource !== undefined)
      remove(context, resource, { namespace: metadata.namespace, name: metadata.name });
  }
}
