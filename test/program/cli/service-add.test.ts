import { cp, mkdtemp, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, beforeEach, describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { type Ended, runCli } from './run-cli.ts';

const SAMPLES = new URL('../../../manifests/samples/', import.meta.url).pathname;
const TEST_MS = 60_000;

let folder: string;
let before: string;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), 'signalbox-service-'));
});
beforeEach(async () => {
  for (const name of ['signalbox.yaml', 'catalog.yaml']) await cp(join(SAMPLES, name), join(folder, name));
  before = await catalog();
});
afterAll(() => rm(folder, { recursive: true, force: true }));

const catalog = () => readFile(join(folder, 'catalog.yaml'), 'utf8');
const add = (...args: string[]): Promise<Ended> => runCli(['service', 'add', ...args], { cwd: folder });
const GIVEN = ['--image', 'ghcr.io/acme/stock', '--owner', 'web-owners'];

describe('signalbox service add', { timeout: TEST_MS }, () => {
  it('writes an entry that validates, and leaves every other character as it is', async () => {
    const ended = await add(
      'stock',
      ...GIVEN,
      '--tier',
      '1',
      '--depends-on',
      'orders-api',
      '--gate',
      'error-ratio',
    );
    expect(ended).toMatchObject({
      code: 0,
      stderr: '',
      stdout: expect.stringMatching(
        /added stock[\s\S]*clusters\/prod-eu\/apps\/stock\/kustomization\.yaml is not there yet/,
      ),
    });
    const after = await catalog();
    expect(after.startsWith(before)).toBe(true);
    expect(parse(after.slice(before.length))).toEqual({
      stock: {
        owner: 'web-owners',
        tier: 1,
        image: 'ghcr.io/acme/stock',
        dependsOn: ['orders-api'],
        gates: ['error-ratio'],
      },
    });
    expect(await runCli(['validate', 'signalbox.yaml', 'catalog.yaml'], { cwd: folder })).toMatchObject({
      code: 0,
    });
  });

  it('runs where another runs, under its own name', async () => {
    const ended = await add('mailhog', ...GIVEN, '--like', 'mailcatcher', '--dry-run', '--json');
    expect(ended.code).toBe(0);
    expect(JSON.parse(ended.stdout)).toMatchObject({ ok: true, written: false, service: 'mailhog' });
    expect(parse(JSON.parse(ended.stdout).text)).toMatchObject({
      services: { mailhog: { environments: ['dev'] } },
    });
    expect(await catalog()).toBe(before);
  });

  it('writes nothing that would not validate, and says what is allowed', async () => {
    const cases: [string[], string][] = [
      [['Stock', ...GIVEN], "cannot be a service's name"],
      [['frontend', ...GIVEN], 'it has frontend already'],
      [['stock', ...GIVEN, '--depends-on', 'order-api'], 'order-api'],
      [['stock', '--image', 'ghcr.io/acme/stock:1.0', '--owner', 'web-owners'], 'without tag or digest'],
      [['stock', '--image', 'ghcr.io/acme/stock', '--owner', 'web-owner'], 'web-owners'],
      [['stock', ...GIVEN, '--like', 'front'], 'frontend'],
      [['stock', ...GIVEN, '--catalog', 'nowhere.yaml'], 'signalbox init'],
    ];
    const ended = await Promise.all(cases.map(([args]) => add(...args)));
    for (const [i, [args, words]] of cases.entries()) {
      expect(ended[i], args.join(' ')).toMatchObject({ code: 1, stderr: expect.stringContaining(words) });
    }
    expect(await add('stock')).toMatchObject({ code: 2 });
    expect(await catalog()).toBe(before);
  });
});
