import { mergePatchBetween } from './merge-patch.ts';
import type { RolloutStatus } from './rollout-object.ts';

/** Fields that Go keeps as pointers: their zero is a value (step 0), everything else's zero is absent. */
const KEEPS_ZERO = new Set(['currentStepIndex', 'weight', 'verified']);

/** A status as Go writes it: zero values left out, `canary` and `blueGreen` always there. */
export function tidyStatus(status: RolloutStatus): RolloutStatus {
  return { ...tidy(status), canary: tidy(status.canary ?? {}), blueGreen: tidy(status.blueGreen ?? {}) };
}

/** The merge patch between two statuses, the new one as Go writes it; absent when they say the same. */
export function statusPatch(
  before: RolloutStatus,
  after: RolloutStatus,
): Record<string, unknown> | undefined {
  const { canary, blueGreen, ...rest } = before;
  const known = {
    ...tidy(rest),
    ...(canary === undefined ? {} : { canary: tidy(canary) }),
    ...(blueGreen === undefined ? {} : { blueGreen: tidy(blueGreen) }),
  };
  return mergePatchBetween(known, { ...tidyStatus(after) });
}

function tidy<T extends object>(value: T): T {
  const kept = Object.entries(value).filter(([key, member]) => !isZero(member) || KEEPS_ZERO.has(key));
  return Object.fromEntries(kept.filter(([, member]) => member !== undefined && member !== null)) as T;
}

function isZero(value: unknown): boolean {
  return value === 0 || value === false || value === '' || (Array.isArray(value) && value.length === 0);
}
