/** Things by key that are begun when somebody wants them and disposed of when nobody does any more. */
export interface Kept<T> extends AsyncDisposable {
  /** Begins what is wanted and not there, ends what is there and not wanted. */
  keepOnly(keys: readonly string[]): void;
  get(key: string): T | undefined;
  all(): T[];
}

export function createKept<T extends AsyncDisposable>(begin: (key: string) => T): Kept<T> {
  const present = new Map<string, T>();
  const ending = new Set<PromiseLike<void>>();
  const end = (one: T): void => {
    const ended = one[Symbol.asyncDispose]();
    ending.add(ended);
    ended.then(() => ending.delete(ended));
  };
  const keepOnly = (keys: readonly string[]): void => {
    for (const [key, one] of [...present]) {
      if (keys.includes(key)) continue;
      present.delete(key);
      end(one);
    }
    for (const key of keys) if (!present.has(key)) present.set(key, begin(key));
  };
  return {
    keepOnly,
    get: (key) => present.get(key),
    all: () => [...present.values()],
    [Symbol.asyncDispose]: async () => {
      keepOnly([]);
      // Also what was ended before and is still at it.
      await Promise.all(ending);
    },
  };
}
