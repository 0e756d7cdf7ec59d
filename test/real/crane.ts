import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { TerminalError } from '../../src/errors.ts';
import { findProgram } from '../cluster/find-program.ts';
import { runGo } from '../cluster/go.ts';

/** The newest when this was written; the checksum database of Go vouches for its content. */
const VERSION = 'v0.22.1';
const PACKAGE = `github.com/google/go-containerregistry/cmd/crane@${VERSION}`;

/** Go's own installer puts it there and leaves PATH to the reader: https://go.dev/doc/install */
const USUAL_GO = '/usr/local/go/bin';

/**
 * Google's tool for images, which is also a registry (`crane registry serve`; the program `registry` beside it can only listen on
 * every address). Built when it is not in the cache. Throws `TerminalError` without Go, `UnavailableError` without its module proxy.
 */
export async function findCrane(): Promise<string> {
  const folder = join(homedir(), '.cache', 'signalbox', 'real', `crane-${VERSION}`);
  const crane = join(folder, 'crane');
  if (existsSync(crane)) return crane;
  const go = findProgram(['go'], [USUAL_GO]);
  if (go === undefined)
    throw new TerminalError('crane is needed, and is built with Go: https://go.dev/doc/install');
  await mkdir(folder, { recursive: true });
  const unfinished = await mkdtemp(join(folder, 'building-'));
  try {
    await runGo(['install', '-trimpath', PACKAGE], { go, directory: folder, env: { GOBIN: unfinished } });
    await rename(join(unfinished, 'crane'), crane);
  } finally {
    await rm(unfinished, { recursive: true, force: true });
  }
  return crane;
}
