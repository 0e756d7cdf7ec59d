import { z } from 'zod';

/** Milliseconds of each unit that a duration may be written in. */
const UNIT_MS: Readonly<Record<string, number>> = {
  ms: 1,
  s: 1_000,
  m: 60_000,
  h: 3_600_000,
  d: 86_400_000,
  w: 604_800_000,
};

/** One or more amounts with units (`1h30m`, `1.5h`), or digits alone, which are seconds as in a Rollout's pause. */
const DURATION_PATTERN = /^(\d+(\.\d+)?(ms|s|m|h|d|w))+$|^\d+$/;

const DURATION_WORDS = 'must be a duration such as 30s, 5m, 1h30m or 2d, or a whole number of seconds';

/** Longest duration anybody can mean, in milliseconds: ten years. Beyond it, adding to a date leaves what a date can hold. */
const LONGEST_MS = 10 * 366 * 86_400_000;

/** A duration as it stands in a document: text with units, or whole seconds. */
export const WrittenDuration = z
  .union(
    [z.int({ error: DURATION_WORDS }).min(0), z.string().regex(DURATION_PATTERN, { error: DURATION_WORDS })],
    { error: (issue) => (issue.input === undefined ? 'is missing' : DURATION_WORDS) },
  )
  .refine((written) => parseDuration(written) !== undefined, {
    error: 'is longer than ten years',
    params: { rule: 'longest-duration' },
  });
export type WrittenDuration = z.infer<typeof WrittenDuration>;

/** A duration of a document, in whole milliseconds. One that is too long was refused before. */
export const DurationMs = WrittenDuration.transform((written) => parseDuration(written) ?? z.NEVER);

/** Whole milliseconds of a written duration, rounded; absent when it is none or longer than ten years. */
export function parseDuration(written: string | number): number | undefined {
  const text = String(written);
  if (!DURATION_PATTERN.test(text)) return undefined;
  const ms = /^\d+$/.test(text) ? Number(text) * 1_000 : sumOfParts(text);
  return ms <= LONGEST_MS ? Math.round(ms) : undefined;
}

/** The shortest writing of a duration, for people: `5m`, `1h30m`, `0s`. */
export function durationInWords(ms: number): string {
  const parts: string[] = [];
  let rest = ms;
  for (const unit of ['d', 'h', 'm', 's', 'ms']) {
    const size = UNIT_MS[unit] ?? 1;
    const amount = Math.floor(rest / size);
    if (amount > 0) parts.push(`${amount}${unit}`);
    rest -= amount * size;
  }
  return parts.join('') || '0s';
}

function sumOfParts(text: string): number {
  return [...text.matchAll(/(\d+(?:\.\d+)?)(ms|s|m|h|d|w)/g)].reduce(
    (sum, [, amount, unit]) => sum + Number(amount) * (UNIT_MS[unit ?? ''] ?? 0),
    0,
  );
}
