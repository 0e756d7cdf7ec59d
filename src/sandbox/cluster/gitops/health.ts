import type { AnalysisRun } from '../rollout/analysis-object.ts';
import { WORKLOAD_GENERATION } from '../rollout/names.ts';
import type { KubeObject } from '../rollout/objects.ts';
import type { Rollout } from '../rollout/rollout-object.ts';
import type { ApplicationHealth } from './application-object.ts';

/** Better to worse (gitops-engine `healthOrder`). */
const ORDER: readonly ApplicationHealth['status'][] = [
  'Healthy',
  'Suspended',
  'Progressing',
  'Missing',
  'Degraded',
  'Unknown',
];

/** The health of an object as Argo CD judges it; absent for kinds that have none. */
export function healthOf(object: KubeObject): ApplicationHealth | undefined {
  if (object.kind === 'Rollout') return rolloutHealth(object as Rollout);
  if (object.kind === 'AnalysisRun') return runHealth(object as AnalysisRun);
  if (object.kind === 'Service' || object.kind === 'Ingress') return { status: 'Healthy' };
  return undefined;
}

/** The worst of several; nothing at all is healthy. */
export function worstHealth(
  healths: readonly (ApplicationHealth | undefined)[],
): ApplicationHealth['status'] {
  const ranks = healths.map((health) => (health === undefined ? 0 : ORDER.indexOf(health.status)));
  return ORDER[Math.max(0, ...ranks)] ?? 'Unknown';
}

/** `resource_customizations/argoproj.io/Rollout/health.lua` of argo-cd, for controllers that write a phase. */
function rolloutHealth({ metadata, spec, status }: Rollout): ApplicationHealth {
  const observed = Number(status?.observedGeneration ?? Number.NaN);
  const isNew = status === undefined || observed < (metadata.generation ?? 0);
  const workload = metadata.annotations?.[WORKLOAD_GENERATION];
  const isOld = spec.workloadRef !== undefined && workload !== status?.workloadObservedGeneration;
  if (isNew || isOld)
    return { status: 'Progressing', message: 'Waiting for rollout spec update to be observed' };
  const { phase, message } = status;
  if (phase === undefined) {
    return {
      status: 'Progressing',
      message: 'Waiting for rollout to finish: status has not been reconciled.',
    };
  }
  return { status: phase === 'Paused' ? 'Suspended' : phase, message };
}

function runHealth({ status }: AnalysisRun): ApplicationHealth {
  switch (status?.phase) {
    case 'Successful':
      return { status: 'Healthy', message: status.message ?? 'Analysis run completed successfully' };
    case 'Failed':
      return { status: 'Degraded', message: status.message ?? 'Analysis run failed' };
    case 'Error':
      return { status: 'Degraded', message: status.message ?? 'Analysis run had an error' };
    case 'Inconclusive':
      return { status: 'Unknown', message: status.message ?? 'Analysis run was inconclusive' };
    default:
      return { status: 'Progressing', message: 'Analysis run is running' };
  }
}
