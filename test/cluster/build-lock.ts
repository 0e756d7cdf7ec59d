import { link, readFile, rename, rm, writeFile } from 'node:fs/promises';
import { identifyProcess, isRunning, ProcessIdentity } from './process-identity.ts';
import { waitUntil } from './wait-until.ts';

/** Twice the slowest cold build that was seen: whoever waits longer waits for a builder that hangs. */
const DEADLINE_MS = 3_600_000;

/**
 * Runs `work` while holding the lock file at `path`; waits while another process that still runs holds it.
 * `onWait` is called once, with the holder's process number, when there is something to wait for.
 *
 * The lock only saves double work: what is built is renamed into place whole, so two builders that both believe to hold it do no harm.
 */
export async function withBuildLock<T>(
  path: string,
  { work, onWait }: { work: () => Promise<T>; onWait: (holderPid: number) => void },
): Promise<T> {
  const self = identifyProcess(process.pid);
  // A name of its own for each claim, so that two builders in one process don't share one.
  const claim = `${path}.${process.pid}.${performance.now()}`;
  await writeFile(claim, JSON.stringify(self));
  try {
    let told = false;
    const tellOnce = (pid: number): void => {
      if (!told) onWait(pid);
      told = true;
    };
    const look = (): Promise<boolean> => tryLock({ path, claim, onHeld: tellOnce });
    await waitUntil(look, {
      what: `the builder that holds ${path}`,
      deadlineMs: DEADLINE_MS,
      intervalMs: 250,
    });
  } finally {
    await rm(claim, { force: true });
  }
  try {
    return await work();
  } finally {
    await rm(path, { force: true });
  }
}

/** Linking a file that is already written makes the lock appear whole: nobody ever reads half a holder. */
async function tryLock(options: {
  path: string;
  claim: string;
  onHeld: (pid: number) => void;
}): Promise<boolean> {
  const { path, claim, onHeld } = options;
  try {
    await link(claim, path);
    return true;
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'EEXIST')) throw error;
  }
  const holder = await readHolder(path);
  if (holder !== undefined && isRunning(holder)) {
    onHeld(holder.pid);
    return false;
  }
  // Its holder was killed: out of the way with it, and the next look takes the lock.
  const stale = `${claim}.stale`;
  await rename(path, stale).catch(() => undefined);
  await rm(stale, { force: true });
  return false;
}

async function readHolder(path: string): Promise<ProcessIdentity | undefined> {
  try {
    return ProcessIdentity.parse(JSON.parse(await readFile(path, 'utf8')));
  } catch {
    return undefined;
  }
}
