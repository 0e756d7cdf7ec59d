/**
 * Lets everybody who asks for the same thing at the same time share one answer that was begun after they asked: at most one run
 * under way and one to come for each key. Joining a run that has already begun would answer with a past from before the question.
 */
export function coalesce<T>(run: (key: string) => Promise<T>): (key: string) => Promise<T> {
  const running = new Map<string, Promise<unknown>>();
  const coming = new Map<string, Promise<T>>();

  const begin = (key: string): Promise<T> => {
    coming.delete(key);
    const answer = run(key);
    const ended = answer.then(
      () => undefined,
      () => undefined,
    );
    running.set(key, ended);
    void ended.then(() => {
      if (running.get(key) === ended) running.delete(key);
    });
    return answer;
  };

  return (key) => {
    const next = coming.get(key);
    if (next) return next;
    const current = running.get(key);
    if (current === undefined) return begin(key);
    const after = current.then(() => begin(key));
    coming.set(key, after);
    return after;
  };
}
