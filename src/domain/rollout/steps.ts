import type { CanaryStepObject, RolloutObject } from './objects/rollout-object.ts';
import type { CanaryStep } from './rollout-view.ts';

/** The steps of a Rollout's canary in words of our own; empty for blue-green and for a canary without steps. */
export function canarySteps(rollout: RolloutObject): CanaryStep[] {
  return (rollout.spec.strategy?.canary?.steps ?? []).map(readStep);
}

const OTHER_STEPS = [
  'experiment',
  'analysis',
  'setCanaryScale',
  'plugin',
  'setHeaderRoute',
  'setMirrorRoute',
] as const;

function readStep(step: CanaryStepObject): CanaryStep {
  if (typeof step.setWeight === 'number') return { kind: 'setWeight', weight: step.setWeight };
  if (step.pause) return readPause(step.pause.duration);
  return { kind: 'other', name: OTHER_STEPS.find((name) => step[name] !== undefined) ?? 'invalid' };
}

function readPause(duration: string | number | null | undefined): CanaryStep {
  if (duration === undefined || duration === null) return { kind: 'pause' };
  const durationSeconds = typeof duration === 'number' ? duration : durationInSeconds(duration);
  return durationSeconds === undefined
    ? { kind: 'other', name: 'invalid' }
    : { kind: 'pause', durationSeconds };
}

/** Go's units, in seconds. Source: https://pkg.go.dev/time#ParseDuration */
const UNIT_SECONDS: Record<string, number> = { h: 3600, m: 60, s: 1, ms: 1e-3, us: 1e-6, µs: 1e-6, ns: 1e-9 };

/** Seconds of `30`, `90s` or `1h30m`, cut to whole ones as Argo does; absent when it is no duration. */
function durationInSeconds(text: string): number | undefined {
  if (/^\d+$/.test(text)) return Number(text);
  if (!/^(\d+(\.\d+)?(h|ms|m|s|us|µs|ns))+$/.test(text)) return undefined;
  const parts = [...text.matchAll(/(\d+(?:\.\d+)?)(h|ms|m|s|us|µs|ns)/g)];
  const seconds = parts.map(([, count, unit]) => Number(count) * (UNIT_SECONDS[unit ?? ''] ?? 0));
  return Math.trunc(seconds.reduce((sum, part) => sum + part, 0));
}

/** Where a canary stands: absent `step` means that it has none or has done them all. */
export interface StepStanding {
  step?: CanaryStep;
  /** Index of the current step; absent for a Rollout without steps. */
  index?: number;
}

/** `GetCurrentCanaryStep` of argoproj/argo-rollouts utils/replicaset/canary.go: a missing index is step 0. */
export function currentStep(rollout: RolloutObject): StepStanding {
  const steps = canarySteps(rollout);
  if (steps.length === 0) return {};
  const index = rollout.status.currentStepIndex ?? 0;
  const step = steps[index];
  return step === undefined ? { index } : { step, index };
}
