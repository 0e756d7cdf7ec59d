import type { ReleaseName } from '../ids.ts';

/** The train of a release name: everything before its date. */
export function trainOf(name: ReleaseName): string {
  return name.replace(/-\d{4}-\d{2}-\d{2}\.\d+$/, '');
}

/**
 * The next free name of a train for a day: `checkout-2026-11-20.3`. `now` is in milliseconds since 1970; the day is the day in
 * UTC, so that two people in two time zones get consecutive names. Names taken in any environment count.
 */
export function nextReleaseName(asked: {
  train: string;
  now: number;
  taken: Iterable<ReleaseName>;
}): ReleaseName {
  const prefix = `${asked.train}-${new Date(asked.now).toISOString().slice(0, 10)}.`;
  const numbers = [...asked.taken]
    .filter((name) => name.startsWith(prefix))
    .map((name) => Number(name.slice(prefix.length)))
    .filter(Number.isInteger);
  return `${prefix}${Math.max(0, ...numbers) + 1}`;
}
