import { createHash } from 'node:crypto';
import { existsSync } from 'node:fs';
import { copyFile, mkdir, readdir, readFile, rename, rm, stat } from 'node:fs/promises';
import { homedir } from 'node:os';
import { join } from 'node:path';
import { TerminalError } from '../../src/errors.ts';
import { withBuildLock } from './build-lock.ts';
import { findGo, runGo } from './go.ts';
import type { ProgramModule } from './programs.ts';

/** Every half-built thing has this prefix until it is renamed into place. */
const UNFINISHED = '.building-';

/** Where the built programs and the manifests that came with them are. */
export interface BuiltPrograms {
  /** Path of a program. Throws `TerminalError` for a name that none of the modules builds. */
  program(name: string): string;
  /** Path of a folder of manifests. Throws `TerminalError` for a name that none of the modules ships. */
  manifests(name: string): string;
}

/** What to build, and where to keep it. */
export interface BuildOptions {
  readonly modules: readonly ProgramModule[];
  /** Absent: `~/.cache/signalbox/cluster`. */
  readonly cacheDirectory?: string;
  /** Told one line for everything that takes time. Absent: nobody is told. */
  readonly progress?: (line: string) => void;
  /** The `go` program. Absent: looked for, but only when something has to be built. */
  readonly go?: string;
  /** Environment of `go` on top of our own. */
  readonly goEnv?: NodeJS.ProcessEnv;
}

/**
 * Builds what is not in the cache yet. Each module has a folder named after the hash of its `go.mod`, its `go.sum`, sources of our own and how it is built, so
 * a change of a version builds anew and a second run takes nothing. A program is in the cache whole or not at all.
 *
 * Throws `TerminalError` when Go is missing, too old or refuses, and `UnavailableError` when the module proxy is away.
 */
export async function buildPrograms(options: BuildOptions): Promise<BuiltPrograms> {
  for (const module of options.modules) {
    const folder = await cacheFolder(module, options.cacheDirectory);
    if (missingParts(module, folder).length === 0) continue;
    await mkdir(folder, { recursive: true });
    await withBuildLock(`${folder}.lock`, {
      work: () => buildModule(module, { ...options, folder }),
      onWait: (pid) => options.progress?.(`${module.name}: waiting for process ${pid}, which builds it`),
    });
  }
  return findPrograms(options);
}

/** What an earlier build left in the cache; never builds. Throws `TerminalError` when something is missing. */
export async function findPrograms(
  options: Pick<BuildOptions, 'modules' | 'cacheDirectory'>,
): Promise<BuiltPrograms> {
  const programs = new Map<string, string>();
  const manifests = new Map<string, string>();
  for (const module of options.modules) {
    const folder = await cacheFolder(module, options.cacheDirectory);
    const [missing] = missingParts(module, folder);
    if (missing !== undefined) {
      throw new TerminalError(
        `${missing} is not built yet: run "node src/bootstrap.mjs test/cluster/run.ts --build-only"`,
      );
    }
    for (const name of Object.keys(module.programs)) programs.set(name, join(folder, name));
    for (const { name } of module.manifests ?? []) manifests.set(name, join(folder, name));
  }
  return { program: (name) => pick(programs, name), manifests: (name) => pick(manifests, name) };
}

async function buildModule(module: ProgramModule, options: BuildOptions & { folder: string }): Promise<void> {
  const { folder, progress = () => undefined } = options;
  // Whoever held the lock before us has built it, or was killed half-way.
  await removeUnfinished(folder);
  if (missingParts(module, folder).length === 0) return;
  const run = {
    go: options.go ?? findGo(),
    directory: module.directory,
    ...(options.goEnv && { env: options.goEnv }),
  };
  progress(`${module.name}: fetching the modules`);
  // Loading the packages downloads what they need and no more, and tells a network that is away from code that is wrong.
  await runGo(['list', '-mod=readonly', '-deps', '-f', '', ...Object.values(module.programs)], run);
  for (const { name, goModule, folder: inModule } of module.manifests ?? []) {
    const source = (await runGo(['list', '-mod=readonly', '-m', '-f', '{{.Dir}}', goModule], run)).trim();
    await intoPlace(folder, name, (unfinished) => copyFolder(join(source, inModule), unfinished));
  }
  for (const [name, goPackage] of Object.entries(module.programs)) {
    if (existsSync(join(folder, name))) continue;
    progress(`${module.name}: building ${name}`);
    const startedAt = performance.now();
    const flags = ['-mod=readonly', '-buildvcs=false', '-trimpath', `-ldflags=${module.linkerFlags}`];
    await intoPlace(folder, name, async (unfinished) => {
      await runGo(['build', ...flags, '-o', unfinished, goPackage], run);
    });
    const { size } = await stat(join(folder, name));
    const seconds = Math.round((performance.now() - startedAt) / 1000);
    progress(`${module.name}: built ${name} in ${seconds} s, ${Math.round(size / 2 ** 20)} MiB`);
  }
}

/** Makes something under a name that nobody looks for, then renames it: it is there whole, or it is not there. */
async function intoPlace(
  folder: string,
  name: string,
  make: (unfinished: string) => Promise<void>,
): Promise<void> {
  const unfinished = join(folder, `${UNFINISHED}${name}`);
  await make(unfinished);
  await rm(join(folder, name), { recursive: true, force: true });
  await rename(unfinished, join(folder, name));
}

/** File by file, because Go's module cache is read-only, and a copy of a read-only folder could not be removed again. */
async function copyFolder(from: string, to: string): Promise<void> {
  await mkdir(to);
  for (const name of await readdir(from)) await copyFile(join(from, name), join(to, name));
}

async function removeUnfinished(folder: string): Promise<void> {
  for (const name of await readdir(folder)) {
    if (name.startsWith(UNFINISHED)) await rm(join(folder, name), { recursive: true, force: true });
  }
}

function missingParts(module: ProgramModule, folder: string): string[] {
  const names = [...Object.keys(module.programs), ...(module.manifests ?? []).map(({ name }) => name)];
  return names.filter((name) => !existsSync(join(folder, name)));
}

async function cacheFolder(module: ProgramModule, root = defaultCacheDirectory()): Promise<string> {
  const hash = createHash('sha256');
  const files = ['go.mod', 'go.sum', ...(module.sources ?? [])];
  for (const file of files) hash.update(await readFile(join(module.directory, file)));
  const { programs, linkerFlags, manifests = [] } = module;
  hash.update(JSON.stringify([process.platform, process.arch, programs, linkerFlags, manifests]));
  return join(root, hash.digest('hex').slice(0, 16));
}

function defaultCacheDirectory(): string {
  return join(homedir(), '.cache', 'signalbox', 'cluster');
}

function pick(paths: ReadonlyMap<string, string>, name: string): string {
  const path = paths.get(name);
  if (path === undefined)
    throw new TerminalError(`unknown name ${name}; known are ${[...paths.keys()].join(', ')}`);
  return path;
}
