/** Enough to be quick, few enough for an API server's fair share. */
const AT_ONCE = 8;

/** Maps over a list with a few under way at once, in the order of the list. Rejects with the first failure. */
export async function fewAtOnce<T, R>(list: readonly T[], act: (one: T) => Promise<R>): Promise<R[]> {
  const results: R[] = [];
  const entries = list.entries();
  const work = async (): Promise<void> => {
    for (const [index, one] of entries) results[index] = await act(one);
  };
  await Promise.all(Array.from({ length: Math.min(AT_ONCE, list.length) }, work));
  return results;
}
