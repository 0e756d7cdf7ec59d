import { UnavailableError } from '../../../errors.ts';

/** The promise's outcome, or `UnavailableError` after `ms` milliseconds; then it may still come true, unseen. */
export async function withDeadline<T>(promise: Promise<T>, ms: number, act: string): Promise<T> {
  const { promise: late, reject } = Promise.withResolvers<never>();
  const giveUp = () => reject(new UnavailableError(`${act}: no answer within ${ms} ms`, { ambiguous: true }));
  const timer = setTimeout(giveUp, Math.max(0, ms));
  try {
    return await Promise.race([promise, late]);
  } finally {
    clearTimeout(timer);
  }
}
