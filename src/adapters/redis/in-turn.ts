/** Lets one at a time through for each name, in the order in which they came. */
export type InTurn = <T>(names: readonly string[], act: () => Promise<T>) => Promise<T>;

/** Turns within this process. Whoever waits for several names waits for all of them at once, so nobody waits in a circle. */
export function createTurns(): InTurn {
  const last = new Map<string, Promise<unknown>>();
  return (names, act) => {
    const before = Promise.all(names.map((name) => last.get(name)));
    const mine = before.then(act);
    const over = mine.then(
      () => undefined,
      () => undefined,
    );
    for (const name of names) last.set(name, over);
    void over.then(() => {
      for (const name of names) if (last.get(name) === over) last.delete(name);
    });
    return mine;
  };
}
