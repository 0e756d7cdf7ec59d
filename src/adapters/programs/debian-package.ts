import { hash } from 'node:crypto';
import { mkdir, mkdtemp, readdir, rename, rm, symlink } from 'node:fs/promises';
import { basename, dirname, join } from 'node:path';
import { TerminalError } from '../../errors.ts';
import { findOnPath, isProgram } from './find-on-path.ts';
import { runCommand } from './run-command.ts';

/** A program as Debian packages it. */
export interface DebianProgram {
  /** What it is called when it runs. */
  name: string;
  package: string;
  /** Where the package puts it, below its root. */
  file: string;
  /** Whether the package's own dependencies are fetched where the machine does not have them; false for a static program. */
  needsLibraries: boolean;
}

/** A program that can be run, and the environment it needs. */
export interface UnpackedProgram {
  command: string;
  /** Empty when the machine has every library. */
  libraryPath: string;
}

interface UnpackOptions {
  /** Folder that lasts, such as `~/.cache/signalbox/programs`. */
  cacheDirectory: string;
  /** The PATH variable. */
  path: string;
  /** Settings handed to every apt command, such as `Dir::State::lists=…`. */
  aptSettings?: readonly string[];
}

/** Fetching a package list and some packages over a slow line. */
const FETCH_DEADLINE_MS = 180_000;

/**
 * The program out of the cache, or fetched with apt and unpacked there: nothing is installed, and root is not needed. Absent on a
 * machine that is no Debian or Ubuntu. Throws `TerminalError` with apt's own words when the packages cannot be had.
 */
export async function unpackProgram(
  program: DebianProgram,
  options: UnpackOptions,
): Promise<UnpackedProgram | undefined> {
  const key = hash('sha256', JSON.stringify([program, process.arch, options.aptSettings ?? []])).slice(0, 12);
  const root = join(options.cacheDirectory, `${program.name}-${key}`);
  if (!(await isProgram(join(root, program.file)))) {
    const tools = await Promise.all(['apt-get', 'dpkg-deb'].map((tool) => findOnPath([tool], options.path)));
    if (tools.includes(undefined)) return undefined;
    await fetchInto(root, program, options);
  }
  return {
    command: await namedAs(program.name, join(root, program.file)),
    libraryPath: (await libraryFolders(root)).join(':'),
  };
}

/** Unpacks beside the final place and moves it there, so that what has the final name is whole. */
async function fetchInto(root: string, program: DebianProgram, options: UnpackOptions): Promise<void> {
  await mkdir(dirname(root), { recursive: true, mode: 0o700 });
  const work = await mkdtemp(`${root}-`);
  try {
    const packages = join(work, 'packages');
    const unpacked = join(work, 'root');
    await Promise.all([mkdir(packages), mkdir(unpacked)]);
    await downloadPackages(program, { ...options, directory: packages, lists: join(work, 'lists') });
    for (const file of await readdir(packages)) {
      if (file.endsWith('.deb')) await succeed(['dpkg-deb', '-x', join(packages, file), unpacked], program);
    }
    await rm(root, { recursive: true, force: true });
    await rename(unpacked, root).catch(async (error) => {
      // Another process unpacked the same while we did.
      if (!(await isProgram(join(root, program.file)))) throw error;
    });
  } finally {
    await rm(work, { recursive: true, force: true });
  }
}

interface DownloadOptions extends UnpackOptions {
  /** Where the packages go. */
  directory: string;
  /** Where package lists go when the machine has none of its own. */
  lists: string;
}

async function downloadPackages(program: DebianProgram, options: DownloadOptions): Promise<void> {
  const settings = (options.aptSettings ?? []).flatMap((setting) => ['-o', setting]);
  const first = await tryDownload(program, { directory: options.directory, settings });
  if (first === 'done') return;
  // Containers come without package lists, and updating the machine's own would need root.
  await mkdir(join(options.lists, 'partial'), { recursive: true });
  const own = [
    ...settings,
    '-o',
    `Dir::State::lists=${options.lists}`,
    '-o',
    'Dir::Cache::pkgcache=',
    '-o',
    'Dir::Cache::srcpkgcache=',
  ];
  await succeed(['apt-get', 'update', '-q', ...own], program);
  const second = await tryDownload(program, { directory: options.directory, settings: own });
  if (second !== 'done') throw new TerminalError(`Could not fetch ${program.package}: ${second.says}`);
}

async function tryDownload(
  program: DebianProgram,
  { directory, settings }: { directory: string; settings: readonly string[] },
): Promise<'done' | { says: string }> {
  const packages = program.needsLibraries ? await packagesToInstall(program, settings) : [program.package];
  if (packages === undefined) return { says: `apt does not know ${program.package}.` };
  const got = await apt(['apt-get', 'download', '-q', ...settings, ...packages], directory);
  return got.code === 0 ? 'done' : { says: lastLine(got.stderr) };
}

/** What apt would install for it here: the program itself, and of its libraries those the machine does not have. */
async function packagesToInstall(
  program: DebianProgram,
  settings: readonly string[],
): Promise<string[] | undefined> {
  const { code, stdout } = await apt([
    'apt-get',
    'install',
    '--simulate',
    '--reinstall',
    '--no-install-recommends',
    ...settings,
    program.package,
  ]);
  const names = [...stdout.matchAll(/^Inst (\S+)/gm)].map(([, name]) => name ?? '');
  return code === 0 && names.includes(program.package) ? names : undefined;
}

/** In English, so that what apt would install can be read, and without questions. */
const PLAIN = ['env', 'LC_ALL=C', 'DEBIAN_FRONTEND=noninteractive'];

function apt(command: readonly string[], directory?: string) {
  return runCommand([...PLAIN, ...command], {
    timeoutMs: FETCH_DEADLINE_MS,
    ...(directory && { directory }),
  });
}

async function succeed(command: readonly string[], program: DebianProgram): Promise<void> {
  const { code, stderr } = await apt(command);
  if (code !== 0) throw new TerminalError(`Could not fetch ${program.package}: ${lastLine(stderr)}`);
}

function lastLine(text: string): string {
  return text.trim().split('\n').at(-1) ?? '';
}

/** Redis is one file that looks at its own name: as `redis-server` it serves, as `redis-check-rdb` it checks. */
async function namedAs(name: string, file: string): Promise<string> {
  if (basename(file) === name) return file;
  const alias = join(dirname(file), name);
  await symlink(basename(file), alias).catch(async (error) => {
    if (!(await isProgram(alias))) throw error;
  });
  return alias;
}

/** Folders such as `usr/lib/x86_64-linux-gnu`. */
async function libraryFolders(root: string): Promise<string[]> {
  const folders = [];
  for (const base of ['usr/lib', 'lib']) {
    const names = await readdir(join(root, base)).catch(() => []);
    folders.push(
      ...names.filter((name) => name.includes('-linux-gnu')).map((name) => join(root, base, name)),
    );
  }
  return folders;
}
