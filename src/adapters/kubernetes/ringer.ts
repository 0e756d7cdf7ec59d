import type { Logger } from 'pino';

/** Tells listeners the names of what changed: many changes of one thing in one moment ring once. */
export interface Ringer {
  ring(name: string): void;
  /** Answers how to stop listening. */
  listen(listener: (name: string) => void): () => void;
  /** Nothing rings any more. */
  close(): void;
}

export function createRinger(log: Pick<Logger, 'error'>): Ringer {
  const listeners = new Set<(name: string) => void>();
  let names = new Set<string>();
  let planned: NodeJS.Immediate | undefined;
  const flush = (): void => {
    planned = undefined;
    const all = names;
    names = new Set();
    for (const name of all) {
      for (const listener of listeners) {
        try {
          listener(name);
        } catch (err) {
          log.error({ name, err }, 'a listener of cluster changes failed');
        }
      }
    }
  };
  return {
    ring: (name) => {
      names.add(name);
      planned ??= setImmediate(flush);
    },
    listen: (listener) => {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    close: () => {
      listeners.clear();
      if (planned !== undefined) clearImmediate(planned);
    },
  };
}
