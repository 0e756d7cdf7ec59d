import type { Moment } from '../gate/planned-gate.ts';

/** Effect ids: deterministic, so that deciding again after a crash finds the intent that was recorded before it. */
export const effectId = {
  wave: (wave: number, repository: string) => `wave-${wave + 1}@${repository}`,
  /** `times`: how often a person asked for it again, because somebody changed what was restored. */
  restore: (repository: string, times: number) => `restore@${repository}${again(times)}`,
  refresh: (after: string, application: string) => `refresh/${application}/${after}`,
  abort: (placement: string, podHash: string) => `abort/${placement}/${podHash}`,
  /** With the generation: holding a pause changes it, and letting go afterwards is another act. */
  resume: (moment: Moment, generation: number) =>
    `resume/${moment.placement}/${moment.podHash}/${moment.step}/${moment.since}/${generation}`,
  pause: (moment: Moment) => `pause/${moment.placement}/${moment.podHash}/${moment.step}/${moment.since}`,
  retry: (placement: string, podHash: string, time: number) => `retry/${placement}/${podHash}/${time}`,
  /** With the generation: what was meant for an older spec is meant anew for the present one. */
  promoteFull: (placement: string, podHash: string, generation: number) =>
    `full/${placement}/${podHash}/${generation}`,
  wake: (placement: string, generation: number, time: number) => `wake/${placement}/${generation}/${time}`,
  undo: (placement: string, times: number) => `undo/${placement}${again(times)}`,
  /** The same act again as an identity that the API server knows, after it refused the person. */
  glass: (id: string) => `${id}/glass`,
} as const;

function again(times: number): string {
  return times === 0 ? '' : `#${times}`;
}

/** Whether an effect was done by breaking glass. */
export function isGlass(id: string): boolean {
  return id.endsWith('/glass');
}
