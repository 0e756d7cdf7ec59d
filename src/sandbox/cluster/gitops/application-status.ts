import { APPLICATIONS } from '../api/resources.ts';
import { type ControllerContext, change } from '../controllers/controller.ts';
import { sameJson } from '../rollout/merge-patch.ts';
import type { KubeObject } from '../rollout/objects.ts';
import { timestamp } from '../rollout/time.ts';
import type { Application, ApplicationStatus } from './application-object.ts';
import type { Comparison } from './compare.ts';
import type { TargetObjects } from './target.ts';

/** The status of an Application whose target is known. */
export function comparedStatus(
  { spec, status }: Application,
  at: { comparison: Comparison; target: TargetObjects; lookedAt: number },
): ApplicationStatus {
  const { comparison, target, lookedAt } = at;
  const last = status?.operationState;
  const hasFailed = last?.phase === 'Failed' && last.syncResult?.revision === target.revision;
  const message = `Failed last sync attempt to [${target.revision}]: ${last?.message ?? ''}`;
  return {
    ...status,
    sync: {
      status: comparison.isSynced ? 'Synced' : 'OutOfSync',
      revision: target.revision,
      comparedTo: { source: spec.source, destination: spec.destination },
    },
    health: { status: comparison.health },
    resources: comparison.resources,
    conditions: hasFailed && !comparison.isSynced ? [{ type: 'SyncError', message }] : undefined,
    reconciledAt: timestamp(lookedAt),
    sourceType: target.sourceType,
    summary: { images: imagesOf(target.objects) },
  };
}

/** The status of an Application whose target cannot be told: sync `Unknown`, health as it was. */
export function unknownStatus(
  { spec, status }: Application,
  at: { message: string; lookedAt: number },
): ApplicationStatus {
  const { message, lookedAt } = at;
  const before = status?.conditions?.find(({ type }) => type === 'ComparisonError');
  const lastTransitionTime = before?.message === message ? before.lastTransitionTime : timestamp(lookedAt);
  return {
    ...status,
    sync: { status: 'Unknown', comparedTo: { source: spec.source, destination: spec.destination } },
    health: { status: status?.health?.status ?? 'Unknown' },
    conditions: [{ type: 'ComparisonError', message, lastTransitionTime }],
    reconciledAt: timestamp(lookedAt),
  };
}

function imagesOf(objects: readonly KubeObject[]): string[] {
  const found = [...JSON.stringify(objects).matchAll(/"image":"([^"]+)"/g)].map(([, image = '']) => image);
  return [...new Set(found)].sort();
}

/** Writes the status of an Application; one that says the same makes no new version. */
export function writeStatus(
  context: ControllerContext,
  { metadata }: Application,
  status: ApplicationStatus,
): void {
  const { namespace, name } = metadata;
  const next = JSON.parse(JSON.stringify(status)) as ApplicationStatus;
  const to = (app: Application): Application => (sameJson(app.status, next) ? app : { ...app, status: next });
  change(context, APPLICATIONS, { namespace, name, part: 'main', to });
}
