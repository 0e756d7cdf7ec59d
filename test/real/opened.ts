import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';

/**
 * Makes something that needs other things opened first, and gives it with what closes them all. When it cannot be made, what was
 * opened on the way is closed again.
 */
export async function opened<T extends object>(
  make: (open: AsyncDisposableStack) => Promise<T>,
): Promise<T & AsyncDisposable> {
  const open = new AsyncDisposableStack();
  try {
    const made = await make(open);
    return { ...made, [Symbol.asyncDispose]: async () => open.disposeAsync() };
  } catch (error) {
    await open.disposeAsync();
    throw error;
  }
}

/** A folder that is removed with the rest. `what` becomes part of its name. */
export async function temporaryFolder(open: AsyncDisposableStack, what: string): Promise<string> {
  return open.adopt(await mkdtemp(join(tmpdir(), `signalbox-${what}-`)), (folder) =>
    rm(folder, { recursive: true, force: true }),
  );
}
