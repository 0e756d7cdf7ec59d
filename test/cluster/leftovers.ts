import { lstat, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { isRunning } from './process-identity.ts';
import { endRecordedProcesses, OWNER_ROLE, recordedProcesses } from './process-record.ts';

/** The folder of every run begins so; what follows is random. */
export const RUN_PREFIX = 'signalbox-cluster-';

/** A run notes its owner right after it made its folder: a folder without a record that is older than this will never have one. */
const OWNERLESS_AFTER_MS = 60_000;

/**
 * Ends what runs of ours left behind that were killed together with their watchdog, and removes their folders.
 * Runs whose owner still runs are left alone, and so are folders of other people.
 * Gives back one line for each run that was ended. `root` absent: the system's folder for temporary files.
 */
export async function endLeftovers(root = tmpdir()): Promise<string[]> {
  const lines: string[] = [];
  for (const name of await readdir(root)) {
    const directory = join(root, name);
    if (!name.startsWith(RUN_PREFIX) || !(await isLeftover(directory))) continue;
    const ended = await endRecordedProcesses(directory);
    await rm(directory, { recursive: true, force: true });
    lines.push(`ended what an earlier run left in ${directory}: ${ended.join(', ') || 'only files'}`);
  }
  return lines;
}

async function isLeftover(directory: string): Promise<boolean> {
  const found = await lstat(directory).catch(() => undefined);
  // In a folder that everybody may write to, a record of somebody else's could name any process of ours.
  if (!found?.isDirectory() || found.uid !== process.getuid?.()) return false;
  const recorded = recordedProcesses(directory);
  if (recorded.length === 0) return Date.now() - found.mtimeMs > OWNERLESS_AFTER_MS;
  return !recorded.some((process) => process.role === OWNER_ROLE && isRunning(process));
}
