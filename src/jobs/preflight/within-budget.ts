import type { Ports } from '../../ports/ports.ts';

/**
 * How long one check may keep the others waiting, in milliseconds: longer than the deadline that an adapter has of its own, which says
 * better what is wrong.
 */
const BUDGET_MS = 20_000;

/** What a check comes to, or what stands for it when it hangs: the others are shown, and it is not known. */
export async function withinBudget<T>(
  { patience }: Pick<Ports, 'patience'>,
  check: { what: string; work: Promise<T>; late: (says: string) => T },
): Promise<T> {
  const waited = await patience.within(BUDGET_MS, check.work);
  if (waited.kind === 'done') return waited.value;
  return check.late(`${check.what} gave no answer within ${BUDGET_MS / 1000} s`);
}
