import { UnavailableError } from '../../errors.ts';

/** Waits for work that cannot be ended itself, but no longer than the turn lasts. */
export async function unlessStopped<T>(signal: AbortSignal, act: string, work: Promise<T>): Promise<T> {
  const stopped = Promise.withResolvers<never>();
  const stop = () => stopped.reject(new UnavailableError(`${act}: gave way to recovery`));
  if (signal.aborted) stop();
  signal.addEventListener('abort', stop, { once: true });
  try {
    return await Promise.race([work, stopped.promise]);
  } finally {
    signal.removeEventListener('abort', stop);
  }
}
