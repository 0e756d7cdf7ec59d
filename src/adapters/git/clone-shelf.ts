import { rename, rm } from 'node:fs/promises';
import type { Logger } from 'pino';
import { TerminalError } from '../../errors.ts';
import { type Operations, operationsOf } from './branch-log.ts';
import { type Clone, type Deadlines, openClone } from './clone.ts';
import type { CloneSource } from './clone-runner.ts';

/** A clone with what is remembered of its branches. */
export interface Shelved {
  clone: Clone;
  operations: Operations;
}

/**
 * The clone of one repository, opened when it is first needed and made again when its disk turns out broken. Disposal waits for the
 * work that is under way: whoever disposes ends it first, by the source's `closing`.
 */
export interface CloneShelf extends AsyncDisposable {
  /** Runs the work; when the clone was found broken meanwhile, once more in a new one. */
  with<T>(work: (shelved: Shelved) => Promise<T>): Promise<T>;
}

export interface ShelfOptions {
  deadlines: Deadlines;
  log: Pick<Logger, 'warn'>;
}

/** Makes the shelf; nothing is opened yet. */
export function cloneShelf(source: CloneSource, options: ShelfOptions): CloneShelf {
  let current: Promise<Shelved> | undefined;
  const keep = (opening: Promise<Shelved>): Promise<Shelved> => {
    current = opening;
    opening.catch(() => {
      if (current === opening) current = undefined;
    });
    return opening;
  };
  const withClone: CloneShelf['with'] = async (work) => {
    const taken = current ?? keep(open(source, options));
    const shelved = await taken;
    try {
      return await work(shelved);
    } catch (error) {
      if (!shelved.clone.isDamaged() || source.closing.aborted) throw error;
      // Whoever comes first throws the broken one away; the others find the new one.
      const next =
        current === taken || current === undefined ? keep(replace(shelved, source, options)) : current;
      return work(await next);
    }
  };
  const underway = new Set<Promise<unknown>>();
  return {
    with(work) {
      const result = withClone(work);
      underway.add(result);
      return result.finally(() => underway.delete(result));
    },
    async [Symbol.asyncDispose]() {
      await Promise.allSettled(underway);
      const shelved = await current?.catch(() => undefined);
      await shelved?.clone[Symbol.asyncDispose]();
    },
  };
}

/** A folder that cannot even be opened is broken too. */
async function open(source: CloneSource, options: ShelfOptions): Promise<Shelved> {
  try {
    return await shelve(source, options);
  } catch (error) {
    if (source.closing.aborted || error instanceof TerminalError) throw error;
    warn(source, options);
    await removeClone(source.dir);
    return shelve(source, options);
  }
}

async function replace({ clone }: Shelved, source: CloneSource, options: ShelfOptions): Promise<Shelved> {
  warn(source, options);
  await clone[Symbol.asyncDispose]();
  await removeClone(source.dir);
  return shelve(source, options);
}

async function shelve(source: CloneSource, { deadlines }: ShelfOptions): Promise<Shelved> {
  const clone = await openClone(source, deadlines);
  return { clone, operations: operationsOf(clone) };
}

function warn({ name }: CloneSource, { log }: ShelfOptions): void {
  log.warn({ repository: name }, 'the local clone was broken and is made again');
}

/** Moved away first, so that a program that still writes there writes into nothing. */
async function removeClone(dir: string): Promise<void> {
  const aside = `${dir}.broken`;
  await rm(aside, { recursive: true, force: true, maxRetries: 3 });
  await rename(dir, aside).catch(() => undefined);
  await rm(aside, { recursive: true, force: true, maxRetries: 3 });
}
