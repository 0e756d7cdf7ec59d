/** A share as people read it: `25 %`, `0.31 %`. */
export function percent(value: number): string {
  return `${trim(value)} %`;
}

/** A number with at most three digits that mean something. */
export function trim(value: number): string {
  if (value === 0 || Math.abs(value) >= 100) return String(Math.round(value));
  return String(Number(value.toPrecision(3)));
}
