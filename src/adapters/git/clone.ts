import { mkdir, readdir, rm } from 'node:fs/promises';
import { join } from 'node:path';
import { type CloneSource, cloneRunner, outputOf } from './clone-runner.ts';
import { type ObjectReader, readObjects } from './object-reader.ts';
import { type OriginBranches, originBranches } from './origin-branches.ts';
import type { GitRun } from './run-git.ts';

/** How long the parts may take, in milliseconds. */
export interface Deadlines {
  /** Work on the local disk. */
  localMs: number;
  fetchMs: number;
  /** The first fetch of a repository brings its whole history. */
  firstFetchMs: number;
  pushMs: number;
  /** How long a turn may have lasted before recovery ends it. A healthy push to a hosting service takes about 2 s. */
  hungMs: number;
}

/** A bare clone: objects on a local disk, and what is known of the branches of its origin. */
export interface Clone extends OriginBranches, AsyncDisposable {
  /** What messages call the repository. */
  name: string;
  objects: ObjectReader;
  /** Runs git without the network. */
  local(args: readonly string[], input?: Buffer): Promise<GitRun>;
  push(refspec: string, options?: { dryRun?: boolean; signal?: AbortSignal }): Promise<GitRun>;
  /** Packs loose objects where they have become many: each commit leaves about four. */
  tidy(signal: AbortSignal): Promise<void>;
  /** Whether git complained about the disk: the clone has to be made again. */
  isDamaged(): boolean;
}

/** Loose objects from which on they are packed; Git's own default is 6700. Source: https://git-scm.com/docs/git-gc */
const MANY_OBJECTS = 2000;

/** Opens a clone, making it where there is none. */
export async function openClone(source: CloneSource, deadlines: Deadlines): Promise<Clone> {
  const { dir, name, url } = source;
  await mkdir(dir, { recursive: true });
  await removeLocks(dir);
  const git = cloneRunner(source);
  let isBroken = false;
  const onBroken = () => {
    isBroken = true;
  };
  const objects = readObjects({ dir, env: git.env, onBroken });
  const local: Clone['local'] = (args, input) =>
    git.local({ args, deadlineMs: deadlines.localMs, ...(input && { input }) });
  outputOf(await local(['init', '--quiet', '--bare', '--template=', '.']), `Opening the clone of ${name}`);
  const branches = originBranches({ source, git, objects, deadlines });
  return {
    ...branches,
    name,
    objects,
    local,
    push(refspec, { dryRun = false, signal } = {}) {
      const args = [
        'push',
        '--porcelain',
        ...(dryRun ? ['--dry-run'] : []),
        '--end-of-options',
        url,
        refspec,
      ];
      return git.remote({ args, deadlineMs: deadlines.pushMs, ...(signal && { signal }) });
    },
    async tidy(signal) {
      await branches.keep();
      const args = ['-c', `gc.auto=${MANY_OBJECTS}`, '-c', 'gc.autoDetach=false', 'gc', '--auto', '--quiet'];
      outputOf(
        await git.local({ args, deadlineMs: deadlines.firstFetchMs, signal }),
        `Packing the clone of ${name}`,
      );
    },
    isDamaged: () => isBroken || git.isDamaged(),
    [Symbol.asyncDispose]: () => objects[Symbol.asyncDispose](),
  };
}

/** A process that was killed leaves locks behind, and no other one may be working here. */
async function removeLocks(dir: string): Promise<void> {
  const files = await readdir(dir, { recursive: true });
  await Promise.all(
    files.filter((file) => file.endsWith('.lock')).map((file) => rm(join(dir, file), { force: true })),
  );
}
