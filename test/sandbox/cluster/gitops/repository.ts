import { execFile } from 'node:child_process';
import { mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { dirname, join } from 'node:path';
import { promisify } from 'node:util';

const run = promisify(execFile);

/** A Git repository with a work tree in a folder of its own. */
export interface Repository extends AsyncDisposable {
  url: string;
  /** Writes files (null removes one) and commits. Answers the commit. */
  commit(files: Record<string, string | null>): Promise<string>;
}

export async function openRepository(): Promise<Repository> {
  const folder = await mkdtemp(join(tmpdir(), 'signalbox-repository-'));
  const git = async (...args: string[]): Promise<string> => {
    const identity = ['-c', 'user.name=Ana', '-c', 'user.email=ana@example.invalid'];
    return (await run('git', ['-C', folder, ...identity, ...args])).stdout.trim();
  };
  await git('init', '--quiet', '--initial-branch=main');
  return {
    url: folder,
    async commit(files) {
      for (const [path, text] of Object.entries(files)) {
        await mkdir(dirname(join(folder, path)), { recursive: true });
        if (text === null) await rm(join(folder, path));
        else await writeFile(join(folder, path), text);
      }
      await git('add', '--all');
      await git('commit', '--quiet', '--message', 'release');
      return git('rev-parse', 'HEAD');
    },
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  };
}
