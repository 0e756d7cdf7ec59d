import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { findGo, runGo } from '../cluster/go.ts';

/** A program that is built from its Go module; the checksum database of Go vouches for its content. */
export interface GoProgram {
  name: string;
  /** Path of the package within its module. */
  package: string;
  version: string;
}

/**
 * Where the program is, built when it is not in the cache. Throws `TerminalError` without Go, `UnavailableError` without its module
 * proxy.
 */
export async function goProgram({ name, package: path, version }: GoProgram): Promise<string> {
  const folder = join(homedir(), '.cache', 'signalbox', 'real', `${name}-${version}`);
  const program = join(folder, name);
  if (existsSync(program)) return program;
  const go = findGo();
  await mkdir(folder, { recursive: true });
  const unfinished = await mkdtemp(join(folder, 'building-'));
  try {
    const env = { GOBIN: unfinished };
    await runGo(['install', '-trimpath', `${path}@${version}`], { go, directory: folder, env });
    await rename(join(unfinished, name), program);
  } finally {
    await rm(unfinished, { recursive: true, force: true });
  }
  return program;
}
