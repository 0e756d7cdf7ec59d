import { type EnvironmentName, type ReleaseId, splitReleaseId } from '../ids.ts';
import { didYouMean } from './nearest.ts';

/** A release that could be meant. */
export interface Candidate {
  id: ReleaseId;
  /** Not ended. Of several that fit, one that is open is meant rather than one that is over. */
  open: boolean;
}

export type FoundRelease =
  | { kind: 'one'; release: ReleaseId }
  /** More than one could be meant: the person chooses. */
  | { kind: 'several'; releases: ReleaseId[] }
  /** `says` ends a sentence such as "There is no release .7: …". */
  | { kind: 'none'; says: string };

/**
 * Which release a person means. `word` is a whole name, a name's end (`.3`, `20.3`), a name with its environment
 * (`prod/checkout-2026-11-20.3`), or absent where only one can be meant. `environment` absent: any.
 */
export function findRelease(
  word: string | undefined,
  among: { candidates: readonly Candidate[]; environment?: EnvironmentName | undefined },
): FoundRelease {
  const here = among.candidates.filter(
    ({ id }) => among.environment === undefined || splitReleaseId(id).environment === among.environment,
  );
  const wanted = word?.trim().toLowerCase() ?? '';
  const fitting = wanted === '' ? here : bestFit(wanted, here);
  const open = fitting.filter((candidate) => candidate.open);
  const meant = fitting.length > 1 && open.length > 0 ? open : fitting;
  const [first, ...others] = meant;
  if (first === undefined) return { kind: 'none', says: noneSays(wanted, here) };
  if (others.length > 0) return { kind: 'several', releases: meant.map(({ id }) => id) };
  return { kind: 'one', release: first.id };
}

/** Whole names first: an end of a name never hides the release that is called exactly so. */
function bestFit(wanted: string, candidates: readonly Candidate[]): Candidate[] {
  const whole = candidates.filter(({ id }) => id === wanted || splitReleaseId(id).name === wanted);
  if (whole.length > 0) return whole;
  const end = /^\d/.test(wanted) ? `-${wanted}` : wanted;
  // `20.3` and `.3` are ends at a boundary; `3` alone is the number after the dot.
  const ends = /^\d+$/.test(wanted) ? `.${wanted}` : end;
  return /^[-.]/.test(ends) ? candidates.filter(({ id }) => id.endsWith(ends)) : [];
}

function noneSays(wanted: string, candidates: readonly Candidate[]): string {
  if (wanted === '' || candidates.length === 0) return 'there is none that this could be about';
  return didYouMean(
    wanted,
    candidates.map(({ id }) => splitReleaseId(id).name),
  );
}
