import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, it, vi } from 'vitest';
import { TerminalError, UnavailableError } from '../../src/errors.ts';
import { buildPrograms, findPrograms } from './build.ts';
import { commandOutput, runCommand } from './command.ts';
import { findGo } from './go.ts';
import { identifyProcess } from './process-identity.ts';
import type { ProgramModule } from './programs.ts';

let directory: string;
let cacheDirectory: string;
let module: ProgramModule;

beforeEach(async () => {
  directory = await mkdtemp(join(tmpdir(), 'cluster-build-'));
  cacheDirectory = join(directory, 'cache');
  module = await writeModule('hello', 'package main\n\nfunc main() { println("hello") }\n');
});

afterEach(async () => {
  vi.unstubAllEnvs();
  // Go writes about itself into its home for a moment after it has ended.
  await rm(directory, { recursive: true, force: true, maxRetries: 10, retryDelay: 100 });
});

async function writeModule(name: string, source: string, requires = ''): Promise<ProgramModule> {
  const folder = join(directory, name);
  await mkdir(folder);
  await writeFile(join(folder, 'go.mod'), `module example.invalid/${name}\n\ngo 1.26.0\n${requires}`);
  await writeFile(join(folder, 'go.sum'), '');
  await writeFile(join(folder, 'main.go'), source);
  return { name, directory: folder, programs: { [name]: '.' }, linkerFlags: '-s -w' };
}

/** Port 1 refuses at once; a module cache of its own, so that nothing is there already, and one that can be removed again. */
function proxyAway(): NodeJS.ProcessEnv {
  return { GOPROXY: 'http://127.0.0.1:1', GOFLAGS: '-modcacherw', GOMODCACHE: join(directory, 'modules') };
}

/** Every file under the cache, without the folder that is named after the hash. */
async function cached(): Promise<string[]> {
  const entries = await readdir(cacheDirectory, { recursive: true, withFileTypes: true });
  return entries.filter((entry) => entry.isFile()).map((entry) => entry.name);
}

describe('building the programs', () => {
  it('builds a program that runs, and takes nothing the second time', async () => {
    const built = await buildPrograms({ modules: [module], cacheDirectory });
    expect(await commandOutput('sh', ['-c', `${built.program('hello')} 2>&1`])).toBe('hello\n');
    const lines: string[] = [];
    const go = '/nowhere/go';
    const again = await buildPrograms({
      modules: [module],
      cacheDirectory,
      go,
      progress: (line) => lines.push(line),
    });
    expect(again.program('hello')).toBe(built.program('hello'));
    expect(lines).toEqual([]);
  });

  it('builds anew when go.sum changes', async () => {
    const before = await buildPrograms({ modules: [module], cacheDirectory });
    await writeFile(join(module.directory, 'go.sum'), '\n');
    const after = await buildPrograms({ modules: [module], cacheDirectory });
    expect(after.program('hello')).not.toBe(before.program('hello'));
  });

  it('builds anew when a source of our own changes', async () => {
    const own = { ...module, sources: ['main.go'] };
    const before = await buildPrograms({ modules: [own], cacheDirectory });
    await writeFile(join(module.directory, 'main.go'), 'package main\n\nfunc main() { println("again") }\n');
    const after = await buildPrograms({ modules: [own], cacheDirectory });
    expect(await commandOutput('sh', ['-c', `${after.program('hello')} 2>&1`])).toBe('again\n');
    expect(before.program('hello')).not.toBe(after.program('hello'));
  });

  it('builds once when two want the same at the same time, and the second says whom it waits for', async () => {
    const lines: string[] = [];
    const options = { modules: [module], cacheDirectory, progress: (line: string) => lines.push(line) };
    const [first, second] = await Promise.all([buildPrograms(options), buildPrograms(options)]);
    expect(first.program('hello')).toBe(second.program('hello'));
    expect(lines.filter((line) => line.includes('building'))).toHaveLength(1);
    expect(lines).toContain(`hello: waiting for process ${process.pid}, which builds it`);
    expect(await cached()).toEqual(['hello']);
  });

  it('takes over from a builder that was killed, and never uses what it left half built', async () => {
    const killed = spawn('sleep', ['60']);
    await once(killed, 'spawn');
    const holder = identifyProcess(killed.pid ?? 0);
    killed.kill('SIGKILL');
    await once(killed, 'exit');
    const built = await buildPrograms({ modules: [module], cacheDirectory });
    const folder = join(built.program('hello'), '..');
    await rm(built.program('hello'));
    await writeFile(join(folder, '.building-hello'), 'half');
    await writeFile(`${folder}.lock`, JSON.stringify(holder));
    await expect(findPrograms({ modules: [module], cacheDirectory })).rejects.toThrow(
      /hello is not built yet/,
    );
    const again = await buildPrograms({ modules: [module], cacheDirectory });
    expect(await commandOutput('sh', ['-c', `${again.program('hello')} 2>&1`])).toBe('hello\n');
    expect(await cached()).toEqual(['hello']);
  });

  it('says that Go is missing', () => {
    vi.stubEnv('PATH', directory);
    expect(() => findGo({ usualFolder: directory })).toThrow(
      new TerminalError('Go 1.26 or later is needed to build the control plane: https://go.dev/doc/install'),
    );
  });

  it('ends with one line and exit code 1 when the command line cannot build', async () => {
    const script = new URL('run.ts', import.meta.url).pathname;
    const env = { PATH: process.env['PATH'], HOME: directory, ...proxyAway() };
    const { exitCode, stderr } = await runCommand(process.execPath, [script, '--build-only'], { env });
    expect(stderr).toMatch(/^go list: the Go module proxy is away: [^\n]+\n$/);
    expect(exitCode).toBe(1);
  });

  it('says in one line that the module proxy is away, and leaves nothing half built', async () => {
    const away = await writeModule(
      'away',
      'package main\n\nimport _ "example.invalid/other"\n\nfunc main() {}\n',
      '\nrequire example.invalid/other v1.0.0\n',
    );
    await writeFile(
      join(away.directory, 'go.sum'),
      `example.invalid/other v1.0.0 h1:${'A'.repeat(43)}=\nexample.invalid/other v1.0.0/go.mod h1:${'A'.repeat(43)}=\n`,
    );
    const build = buildPrograms({ modules: [away], cacheDirectory, goEnv: proxyAway() });
    await expect(build).rejects.toThrow(UnavailableError);
    await expect(build).rejects.toThrow(/^go list: the Go module proxy is away: [^\n]+connection refused$/);
    expect(await cached()).toEqual([]);
  });

  it('says what does not compile', async () => {
    const broken = await writeModule('broken', 'package main\n\nfunc main() { undefined() }\n');
    const build = buildPrograms({ modules: [broken], cacheDirectory });
    await expect(build).rejects.toThrow(TerminalError);
    await expect(build).rejects.toThrow(/undefined: undefined/);
    expect(await cached()).toEqual([]);
  });
});
