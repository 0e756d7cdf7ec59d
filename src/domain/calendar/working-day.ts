const DAY_MS = 86_400_000;

/** The same time on the next working day, Monday to Friday by UTC; both in milliseconds since 1970. */
export function nextWorkingDay(at: number): number {
  let next = at + DAY_MS;
  while ([0, 6].includes(new Date(next).getUTCDay())) next += DAY_MS;
  return next;
}
