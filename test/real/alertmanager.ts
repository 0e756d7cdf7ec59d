import { existsSync } from 'node:fs';
import { mkdir, mkdtemp, rename, rm } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { findGo, runGo } from '../cluster/go.ts';

/** The checksum database of Go vouches for its content. */
const VERSION = 'v0.27.0';
const PACKAGE = `github.com/prometheus/alertmanager/cmd/alertmanager@${VERSION}`;

/**
 * Alertmanager, built when it is not in the cache: Debian's reads its templates from `/usr/share`, which only an installation makes.
 * Throws `TerminalError` without Go, `UnavailableError` without its module proxy.
 */
export async function findAlertmanager(): Promise<string> {
  const folder = join(homedir(), '.cache', 'signalbox', 'real', `alertmanager-${VERSION}`);
  const alertmanager = join(folder, 'alertmanager');
  if (existsSync(alertmanager)) return alertmanager;
  const go = findGo();
  await mkdir(folder, { recursive: true });
  const unfinished = await mkdtemp(join(folder, 'building-'));
  try {
    await runGo(['install', '-trimpath', PACKAGE], { go, directory: folder, env: { GOBIN: unfinished } });
    await rename(join(unfinished, 'alertmanager'), alertmanager);
  } finally {
    await rm(unfinished, { recursive: true, force: true });
  }
  return alertmanager;
}
