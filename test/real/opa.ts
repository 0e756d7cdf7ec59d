import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { findGo, runGo } from '../cluster/go.ts';

/** The newest when this was written; the checksum database of Go vouches for its content. */
const VERSION = 'v1.22.2';
const PACKAGE = `github.com/open-policy-agent/opa@${VERSION}`;

/**
 * The Open Policy Agent: a server, and the compiler from Rego to wasm. Built when it is not in the cache. Throws `TerminalError`
 * without Go, `UnavailableError` without its module proxy.
 */
export async function findOpa(): Promise<string> {
  const folder = join(homedir(), '.cache', 'signalbox', 'real', `opa-${VERSION}`);
  const opa = join(folder, 'opa');
  if (existsSync(opa)) return opa;
  const go = findGo();
  await mkdir(folder, { recursive: true });
  const unfinished = await mkdtemp(join(folder, 'building-'));
  try {
    await runGo(['install', '-trimpath', PACKAGE], { go, directory: folder, env: { GOBIN: unfinished } });
    await rename(join(unfinished, 'opa'), opa);
  } finally {
    await rm(unfinished, { recursive: true, force: true });
  }
  return opa;
}
