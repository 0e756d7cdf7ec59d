import { mkdtemp, readdir, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it } from 'vitest';
import { type CommandResult, runCommand } from '../command.ts';

let directory: string;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'cluster-sandbox-'));
});

afterEach(() => rm(directory, { recursive: true, force: true }));

/** As a person does who has nothing built yet, and whose module proxy is away: port 1 refuses at once. */
function sandbox(...args: readonly string[]): Promise<CommandResult> {
  const main = new URL('../../../src/sandbox/main.ts', import.meta.url).pathname;
  const env = {
    PATH: process.env['PATH'],
    HOME: join(directory, 'home'),
    TMPDIR: directory,
    GOPROXY: 'http://127.0.0.1:1',
    // A module cache of its own, so that nothing is there already, and one that can be removed again.
    GOFLAGS: '-modcacherw',
    GOMODCACHE: join(directory, 'modules'),
  };
  return runCommand(process.execPath, [main, ...args], { env });
}

describe('the sandbox on a real cluster', () => {
  it('says in one line why it cannot build one, after what it was doing, and leaves no run behind', async () => {
    const { exitCode, stdout, stderr } = await sandbox('--cluster', 'real', '--story');
    expect(stderr).toMatch(/^kwok: fetching the modules\ngo list: the Go module proxy is away: [^\n]+\n$/);
    expect(stdout).toBe('');
    expect(exitCode).toBe(1);
    expect((await readdir(directory)).filter((name) => name.startsWith('signalbox-'))).toEqual([]);
  });

  it('refuses a cluster that it does not know', async () => {
    const { exitCode, stderr } = await sandbox('--cluster', 'imaginary');
    expect(stderr).toMatch(/^--cluster is simulated or real, not imaginary\n/);
    expect(exitCode).toBe(1);
  });
});
