import { type FlagSetting, shareOf } from './flag-setting.ts';
import type { PlannedFlag } from './planned-flag.ts';

export type Step =
  /** `isUp`: more people get it than now, which gates have to allow. */
  { kind: 'step'; share: number; isUp: boolean } | { kind: 'refused'; says: string; remedy: string };

/**
 * The percentage a flag is turned to next. Up, it goes by the steps of its plan and skips none; down it goes anywhere. Without a
 * plan any percentage is a step, and none is next.
 */
export function nextStep(
  setting: FlagSetting,
  { asked, steps }: { asked: number | undefined; steps: PlannedFlag['steps'] },
): Step {
  const now = shareOf(setting);
  const next = steps.find((share) => share > now);
  if (asked === undefined) {
    if (next !== undefined) return { kind: 'step', share: next, isUp: true };
    const says = steps.length === 0 ? 'no release planned steps for it' : 'it is at its last step';
    return { kind: 'refused', says, remedy: 'Name a percentage, such as 10.' };
  }
  if (asked <= now || steps.length === 0) return { kind: 'step', share: asked, isUp: asked > now };
  if (asked === next) return { kind: 'step', share: asked, isUp: true };
  return {
    kind: 'refused',
    says: `its plan is ${stepsWords(steps)}, and it is at ${now} %`,
    remedy: next === undefined ? 'It is at its last step.' : `The next step is ${next} %.`,
  };
}

export function stepsWords(steps: readonly number[]): string {
  return steps.map((share) => `${share} %`).join(' → ');
}
