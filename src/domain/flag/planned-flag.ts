import { z } from 'zod';
import { ServiceName } from '../ids.ts';
import type { WrittenFlag } from '../manifest/evidence-schema.ts';
import type { Manifest } from '../manifest/manifest.ts';
import { type FlagBook, placeFlag } from './flag-book.ts';
import { FlagRef, flagId } from './flag-ref.ts';
import { type FlagAnswer, FlagSetting } from './flag-setting.ts';

/** A flag that a release brings, as its plan holds it. */
export const PlannedFlag = FlagRef.extend({
  /** The value that had to be live before. */
  default: z.json(),
  /** Who may get it before it is turned up; empty: nobody was named. */
  audience: z.array(z.string()),
  /** Percentages it is turned up by, rising; empty: all at once. */
  steps: z.array(z.number()),
  /** Services that read it. */
  services: z.array(ServiceName),
  /** What is done with it when the release is taken back, in words. */
  rollbackPlan: z.string(),
  /** What it gave when the plan was made: where a rollback brings it back to. Absent when that could not be read. */
  before: FlagSetting.optional(),
});
export type PlannedFlag = z.infer<typeof PlannedFlag>;

/** The flags of a manifest that can be placed, with what they give now. What can't be is judged by a rule. */
export function plannedFlags(
  { spec }: Manifest,
  { book, answers }: { book: FlagBook; answers: Readonly<Record<string, FlagAnswer>> },
): PlannedFlag[] {
  return (spec.flags ?? []).flatMap((flag) => {
    const placed = placeFlag(flag, { book, environment: spec.environment });
    if (placed.kind === 'faulty') return [];
    const answer = answers[flagId(placed.ref)];
    const read = z.json().safeParse(flag.default);
    return [
      {
        ...placed.ref,
        default: read.success ? read.data : null,
        audience: audienceOf(flag),
        steps: flag.rollout ?? [],
        services: flag.services ?? Object.keys(spec.services),
        rollbackPlan:
          typeof flag.rollbackPlan === 'string' ? flag.rollbackPlan : JSON.stringify(flag.rollbackPlan ?? ''),
        ...(answer?.kind === 'seen' && { before: answer.seen.setting }),
      },
    ];
  });
}

/** Names of an audience: one name, or the texts of a list or an object such as `{segments: [internal]}`. */
export function audienceOf({ audience }: Pick<WrittenFlag, 'audience'>): string[] {
  return textsIn(audience);
}

function textsIn(value: unknown): string[] {
  if (typeof value === 'string') return [value];
  if (value === null || typeof value !== 'object') return [];
  return Object.values(value).flatMap(textsIn);
}
