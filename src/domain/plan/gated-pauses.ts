import type { WrittenStep } from '../manifest/rollout-schema.ts';

/** Which pauses of a canary wait for which gates. */
export interface GatedPauses {
  /** Gate name to indexes of the Rollout's own steps. */
  byGate: ReadonlyMap<string, readonly number[]>;
  /** Indexes, in the written list, of gate entries with no pause beside them. */
  lonely: readonly number[];
}

/**
 * Reads the `gate` entries of written steps. They are no steps of the Rollout, so indexes count without them. An entry belongs
 * to the pause right before it and its other gates, and else to the pause right after.
 */
export function gatedPauses(steps: readonly WrittenStep[]): GatedPauses {
  const byGate = new Map<string, number[]>();
  const lonely: number[] = [];
  steps.forEach((step, index) => {
    if (step.gate === undefined) return;
    const pause = neighbours(steps, index).find((at) => steps[at]?.pause !== undefined);
    if (pause === undefined) lonely.push(index);
    else byGate.set(step.gate, [...(byGate.get(step.gate) ?? []), rolloutIndex(steps, pause)]);
  });
  return { byGate, lonely };
}

/** The Rollout's own steps: written ones without the entries that only bind a gate. */
export function rolloutSteps(steps: readonly WrittenStep[]): WrittenStep[] {
  return steps.filter((step) => step.gate === undefined);
}

/** The nearest entries before and after that are no gates. */
function neighbours(steps: readonly WrittenStep[], index: number): number[] {
  const isStep = (at: number) => steps[at]?.gate === undefined;
  const before = steps.findLastIndex((_, at) => at < index && isStep(at));
  const after = steps.findIndex((_, at) => at > index && isStep(at));
  return [before, after].filter((at) => at >= 0);
}

function rolloutIndex(steps: readonly WrittenStep[], at: number): number {
  return rolloutSteps(steps.slice(0, at)).length;
}
