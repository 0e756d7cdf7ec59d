import { mkdir, mkdtemp, readdir, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type DebianProgram, unpackProgram } from '../../../src/adapters/programs/debian-package.ts';
import { findOnPath } from '../../../src/adapters/programs/find-on-path.ts';
import { runCommand } from '../../../src/adapters/programs/run-command.ts';
import { TerminalError } from '../../../src/errors.ts';

const path = process.env['PATH'] ?? '';
const hasApt =
  (await findOnPath(['apt-get'], path)) !== undefined && (await findOnPath(['dpkg-deb'], path)) !== undefined;

/** Real packages in a real repository in a folder, so that nothing is asked of the network. */
describe.runIf(hasApt)('a program out of a Debian package', () => {
  let root: string;
  let aptSettings: string[];
  const program: DebianProgram = {
    name: 'sb-serve',
    package: 'sb-tools',
    file: 'usr/bin/sb-check',
    needsLibraries: true,
  };

  const build = async (name: string, file: string, text: string, depends = '') => {
    const folder = join(root, name);
    await mkdir(join(folder, 'DEBIAN'), { recursive: true });
    await mkdir(join(folder, file, '..'), { recursive: true });
    const control = [
      `Package: ${name}`,
      'Version: 1.0',
      'Architecture: all',
      'Maintainer: x <x@example.com>',
      'Description: x',
    ];
    await writeFile(
      join(folder, 'DEBIAN', 'control'),
      `${[...control, ...(depends ? [`Depends: ${depends}`] : [])].join('\n')}\n`,
    );
    await writeFile(join(folder, file), text, { mode: 0o755 });
    const built = await runCommand(
      ['dpkg-deb', '-b', '--root-owner-group', folder, join(root, 'repository', `${name}_1.0_all.deb`)],
      {
        timeoutMs: 20_000,
      },
    );
    if (built.code !== 0) throw new Error(built.stderr);
  };

  /** What `dpkg-scanpackages` would write, which is not installed everywhere. */
  const index = async () => {
    const entries = [];
    for (const file of await readdir(join(root, 'repository'))) {
      const deb = join(root, 'repository', file);
      const [fields, sum, size] = await Promise.all(
        [
          ['dpkg-deb', '-f', deb],
          ['sha256sum', deb],
          ['stat', '-c', '%s', deb],
        ].map((command) => runCommand(command, { timeoutMs: 5_000 })),
      );
      entries.push(
        `${fields?.stdout}Filename: ./${file}\nSize: ${size?.stdout.trim()}\nSHA256: ${sum?.stdout.slice(0, 64)}\n`,
      );
    }
    await writeFile(join(root, 'repository', 'Packages'), entries.join('\n'));
  };

  beforeAll(async () => {
    root = await mkdtemp(join(tmpdir(), 'signalbox-apt-'));
    await mkdir(join(root, 'repository'));
    await mkdir(join(root, 'no-lists', 'partial'), { recursive: true });
    await build('sb-lib', 'usr/lib/sb-linux-gnu/libsb.so', 'a library');
    await build(
      'sb-tools',
      'usr/bin/sb-check',
      '#!/bin/sh\necho "$(basename "$0") $LD_LIBRARY_PATH"\n',
      'sb-lib',
    );
    await index();
    await writeFile(join(root, 'sources.list'), `deb [trusted=yes] file:${join(root, 'repository')} ./\n`);
    aptSettings = [
      `Dir::Etc::sourcelist=${join(root, 'sources.list')}`,
      'Dir::Etc::sourceparts=-',
      `Dir::State::lists=${join(root, 'no-lists')}`,
      `Dir::Cache=${join(root, 'cache')}`,
      'APT::Sandbox::User=root',
    ];
    await mkdir(join(root, 'cache', 'archives', 'partial'), { recursive: true });
  });
  afterAll(() => rm(root, { recursive: true, force: true }));

  it('runs with the libraries that came with it, under the name it is wanted by, and is fetched once', async () => {
    const options = { cacheDirectory: join(root, 'programs'), path, aptSettings };
    const unpacked = await unpackProgram(program, options);
    expect(unpacked?.libraryPath).toMatch(/usr\/lib\/sb-linux-gnu$/);
    const ran = await runCommand(
      ['env', `LD_LIBRARY_PATH=${unpacked?.libraryPath}`, unpacked?.command ?? ''],
      { timeoutMs: 5_000 },
    );
    expect(ran.stdout).toBe(`sb-serve ${unpacked?.libraryPath}\n`);
    await rm(join(root, 'repository'), { recursive: true });
    expect(await unpackProgram(program, options)).toEqual(unpacked);
    expect(await readdir(options.cacheDirectory)).toHaveLength(1);
  });

  it('that cannot be had says so in one line, and leaves nothing behind', async () => {
    const options = { cacheDirectory: join(root, 'none'), path, aptSettings };
    const refused = await unpackProgram({ ...program, package: 'sb-no-such' }, options).catch(
      (error) => error,
    );
    expect(refused).toBeInstanceOf(TerminalError);
    expect(refused.message).toMatch(/^Could not fetch sb-no-such: [^\n]+$/);
    expect(await readdir(options.cacheDirectory)).toEqual([]);
  });

  it('is not to be had where there is no apt', async () => {
    expect(await unpackProgram(program, { cacheDirectory: join(root, 'other'), path: '' })).toBeUndefined();
  });
});
