/**
 * Every kind of message that a phase can have, as `<phase>: <message>` without what is particular to one Rollout.
 * Source: `GetRolloutPhase` and `CalculateRolloutPhase` of argoproj/argo-rollouts utils/rollout/rolloututil.go, `PauseReason` of types.go.
 */
export const MESSAGE_CLASSES = [
  'Healthy',
  'Progressing: waiting for rollout spec update to be observed',
  'Progressing: waiting for rollout spec update to be observed for the reference workload',
  'Progressing: waiting for rollout to unpause',
  'Progressing: rollout is restarting',
  'Progressing: more replicas need to be updated',
  'Progressing: updated replicas are still becoming available',
  'Progressing: active service cutover pending',
  'Progressing: waiting for analysis to complete',
  'Progressing: waiting for post-promotion verification to complete',
  'Progressing: old replicas are pending termination',
  'Progressing: waiting for all steps to complete',
  'Paused: manually paused',
  'Paused: CanaryPauseStep',
  'Paused: BlueGreenPause',
  'Paused: InconclusiveAnalysisRun',
  'Paused: InconclusiveExperiment',
  'Degraded: InvalidSpec',
  'Degraded: RolloutAborted',
  'Degraded: ProgressDeadlineExceeded',
] as const;

export type MessageClass = (typeof MESSAGE_CLASSES)[number];

/** Which kind of message this is. Those of a fault go on with the fault's own words. */
export function messageClass({ phase, message }: { phase: string; message: string }): string {
  const head = phase === 'Degraded' ? message.slice(0, message.indexOf(':')) : message;
  return head === '' ? phase : `${phase}: ${head}`;
}
