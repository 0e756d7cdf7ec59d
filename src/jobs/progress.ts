import type { ReleaseId } from '../domain/ids.ts';
import type { Progress } from '../domain/release/progress.ts';
import type { Scratch } from '../ports/scratch.ts';

/** A board that was not looked at for this long shows only facts. */
const KEEP_MS = 24 * 3600 * 1000;

export async function saveProgress(
  scratch: Pick<Scratch, 'put'>,
  id: ReleaseId,
  progress: Progress,
): Promise<void> {
  await scratch.put(`progress:${id}`, progress, KEEP_MS);
}

/** Absent when nobody looked yet. */
export async function readProgress(
  scratch: Pick<Scratch, 'get'>,
  id: ReleaseId,
): Promise<Progress | undefined> {
  return (await scratch.get(`progress:${id}`)) as Progress | undefined;
}
