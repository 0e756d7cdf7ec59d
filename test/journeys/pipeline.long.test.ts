import { chmod, copyFile, mkdir, mkdtemp, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { CLI, type Ended, runProgram } from '../program/cli/run-cli.ts';
import { tokenOf } from './api.ts';
import { type People, peopleOf } from './people.ts';
import { type Journey, standing, startJourney, TEST_MS } from './world.ts';

let journey: Journey;
let people: People;
beforeAll(async () => {
  journey = await startJourney();
  people = peopleOf(journey.world);
}, TEST_MS);
afterAll(() => journey?.[Symbol.asyncDispose]());

describe('a pipeline', { timeout: TEST_MS }, () => {
  const scripts = new URL('../../manifests/samples/pipeline/', import.meta.url).pathname;
  let directory: string;
  let run: (script: string, args: readonly string[], env?: Record<string, string>) => Promise<Ended>;
  beforeAll(async () => {
    directory = await mkdtemp(join(tmpdir(), 'signalbox-pipeline-'));
    const { gitops, directory: world } = journey.world;
    await copyFile(join(world, 'signalbox.yaml'), join(directory, 'signalbox.yaml'));
    await writeFile(join(directory, 'catalog.yaml'), (await gitops.read('main', 'catalog.yaml')) ?? '');
    await mkdir(join(directory, 'bin'));
    await writeFile(join(directory, 'bin/signalbox'), `#!/bin/sh\nexec ${process.execPath} ${CLI} "$@"\n`);
    await chmod(join(directory, 'bin/signalbox'), 0o755);
    const token = await tokenOf(people, 'ana');
    run = (script, args, env = {}) =>
      runProgram(join(scripts, script), args, {
        cwd: directory,
        env: {
          PATH: `${join(directory, 'bin')}:${process.env['PATH']}`,
          SIGNALBOX_TOKEN: token,
          SIGNALBOX_URL: journey.world.bot().pagesUrl,
          ...env,
        },
      });
  });
  afterAll(() => rm(directory, { recursive: true, force: true }));

  it('judges a change before it is merged, and ends with 1 for what is refused', async () => {
    const { gitops } = journey.world;
    await people.releasesToDev('stock@1.9.0');
    const text = (await gitops.read('main', 'releases/dev/release.yaml')) ?? '';
    const document = join(directory, 'releases/dev/release.yaml');
    await mkdir(join(directory, 'releases/dev'), { recursive: true });
    await writeFile(document, text);
    const fine = await run('validate-release.sh', []);
    expect(fine, fine.stderr).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/: valid[\s\S]*in order/),
    });
    await writeFile(document, text.replace(/@sha256:\w+/, ':latest'));
    const bad = await run('validate-release.sh', ['releases/dev/release.yaml'], {
      SIGNALBOX_FORMAT: 'github',
    });
    expect(bad).toMatchObject({
      code: 1,
      stdout: expect.stringMatching(/::error file=releases\/dev.*line=\d+/),
    });
    await writeFile(document, text);
  });

  it('shows the plan, cuts once however often it is tried, and gives the release’s id', async () => {
    const before = await standing(journey);
    const shown = await run('gen-release.sh', ['--env', 'dev', '--plan', 'web@1.10.0']);
    expect(shown, shown.stderr).toMatchObject({
      code: 0,
      stdout: '',
      stderr: expect.stringContaining('1.10.0'),
    });
    expect(await standing(journey)).toEqual(before);
    const tried = () => run('gen-release.sh', ['--env', 'dev', 'web@1.10.0'], { GITHUB_RUN_ID: '4711' });
    const [first, again] = [await tried(), await tried()];
    expect(first, first.stderr).toMatchObject({
      code: 0,
      stdout: expect.stringMatching(/^dev\/shop-\S+\n$/),
    });
    expect(again.stdout).toBe(first.stdout);
    await people.board('dev', first.stdout.trim().split('/')[1] ?? '', /· released ·/);
  });

  it('ends with 1 where it may not, and with 2 where it was not understood', async () => {
    const cleo = await tokenOf(people, 'cleo');
    const refused = await run('gen-release.sh', ['--env', 'dev', 'web@1.11.0'], { SIGNALBOX_TOKEN: cleo });
    expect(refused).toMatchObject({ code: 1, stdout: '', stderr: expect.stringContaining("You can't cut") });
    expect(await run('gen-release.sh', ['web@1.11.0'])).toMatchObject({
      code: 2,
      stderr: expect.stringContaining('say --env'),
    });
    expect(await run('gen-release.sh', ['--env', 'pord'])).toMatchObject({ code: 2, stdout: '' });
  });
});
