import { readFileSync } from 'node:fs';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { rights } from '../../../src/sandbox/shop/accounts.ts';
import { startInstallation } from '../installation.ts';
import { runCli } from './run-cli.ts';

const COMMANDS = [
  'release',
  'rollback',
  'incident',
  'answer',
  'completion',
  'init',
  'check',
  'validate',
  'fmt',
  'rules',
  'preflight',
  'rbac',
  'key',
  'schema',
];

/** Each case starts programs, and the machine may have other work. */
const TEST_MS = 60_000;

describe('the command line', { timeout: TEST_MS }, () => {
  it('explains itself and every command, and tells its version', async () => {
    const [help, version, ...each] = await Promise.all(
      [['--help'], ['--version'], ...COMMANDS.map((command) => [command, '--help'])].map((args) =>
        runCli(args),
      ),
    );
    for (const command of COMMANDS) expect(help?.stdout).toMatch(new RegExp(`^ {2}${command} `, 'm'));
    const { version: own } = JSON.parse(
      readFileSync(new URL('../../../package.json', import.meta.url), 'utf8'),
    );
    expect(version?.stdout).toBe(`${own}\n`);
    for (const { code, stdout } of each) {
      expect(code).toBe(0);
      expect(stdout).toContain('--json');
    }
  });

  it('ends with 2 for what it does not understand, with 1 and one line for what it cannot do', async () => {
    const [unknown, option, schema, config, publicKey] = await Promise.all([
      runCli(['chek']),
      runCli(['check', '--quietly']),
      runCli(['schema', 'cataloge']),
      runCli(['check', '--config', '/nowhere.yaml', '--json']),
      runCli(['key', '--public']),
    ]);
    expect(unknown).toMatchObject({
      code: 2,
      stdout: '',
      stderr: expect.stringContaining('Did you mean check?'),
    });
    expect(option).toMatchObject({ code: 2, stdout: '' });
    expect(schema).toMatchObject({
      code: 1,
      stdout: '',
      stderr: expect.stringMatching(/^There is no schema.*\n$/),
    });
    expect(config).toMatchObject({ code: 1, stderr: '' });
    expect(JSON.parse(config.stdout)).toEqual({ ok: false, error: expect.stringContaining('/nowhere.yaml') });
    expect(publicKey).toMatchObject({
      code: 1,
      stderr: expect.stringMatching(/^SIGNALBOX_LEDGER_KEY is not set/),
    });
  });

  it('makes keys, and shows the public half of the one in use and nothing else of it', async () => {
    const made = await runCli(['key', '--json']);
    const { privateKey } = JSON.parse(made.stdout);
    const [shown, again] = await Promise.all([
      runCli(['key', '--public'], { env: { SIGNALBOX_LEDGER_KEY: privateKey } }),
      runCli(['key']),
    ]);
    expect(shown.stdout).toMatch(/^-----BEGIN PUBLIC KEY-----\n[^-]+\n-----END PUBLIC KEY-----\n$/);
    expect(again.stdout).toMatch(/^-----BEGIN PRIVATE KEY-----/);
    expect(again.stdout.trimEnd()).not.toBe(privateKey.trimEnd());
  });

  it('formats files, and annotates what is wrong with them', async () => {
    const directory = await mkdtemp(join(tmpdir(), 'signalbox-cli-'));
    try {
      const file = join(directory, 'release.yaml');
      await writeFile(file, 'kind: Release\napiVersion: a\n');
      const [check, both, validate] = await Promise.all([
        runCli(['fmt', '--check', file]),
        runCli(['fmt', '--json', '--format', 'github', file]),
        runCli(['validate', '--format', 'github', file]),
      ]);
      expect(check).toMatchObject({
        code: 1,
        stdout: expect.stringContaining('release.yaml:1:1 is not in order'),
      });
      expect(both).toMatchObject({ code: 2, stdout: '' });
      expect(validate.code).toBe(1);
      expect(validate.stdout).toMatch(
        /^::error file=.*release\.yaml,line=2,col=1::apiVersion: must be release/m,
      );
      const fmt = await runCli(['fmt', '--json', file]);
      expect(JSON.parse(fmt.stdout)).toEqual({ ok: true, files: [{ file, state: 'formatted' }] });
      expect(await readFile(file, 'utf8')).toBe('apiVersion: a\nkind: Release\n');
      expect(await runCli(['fmt', '--check', file])).toMatchObject({
        code: 0,
        stdout: `${file}: in order\n`,
      });
    } finally {
      await rm(directory, { recursive: true, force: true });
    }
  });

  it('prints schemas', async () => {
    const { stdout } = await runCli(['schema', 'catalog']);
    expect(JSON.parse(stdout)).toMatchObject({ title: expect.stringContaining('catalog') });
  });

  it('checks an installation and prints its rights, as text and for programs', async () => {
    await using installation = await startInstallation();
    const { config, env, directory } = installation;
    // Without --config it is the file in the folder where one is.
    const [check, json, rbac] = await Promise.all([
      runCli(['check'], { env, cwd: directory }),
      runCli(['check', '--config', config, '--json'], { env }),
      runCli(['rbac', '--config', config, '--bot', 'signalbox'], { env }),
    ]);
    expect(check).toMatchObject({ code: 0, stderr: '' });
    expect(check.stdout).toMatch(/^Git\n(?: {2}ok {6}.*\n)+\n/m);
    expect(check.stdout).toMatch(/0 faults, 1 warning, \d+ ok\n$/);
    expect(JSON.parse(json.stdout)).toMatchObject({ ok: true });
    expect(rbac).toMatchObject({ code: 0, stderr: '' });
    expect(parseAllDocuments(rbac.stdout).map((document) => document.toJS())).toEqual(
      rights(installation.shop),
    );
    installation.workspace.faults.kickBot('releases-prod');
    const faulty = await runCli(['check', '--config', config], { env });
    expect(faulty.code).toBe(1);
    expect(faulty.stdout).toMatch(
      /FAULT {4}the bot is not in #releases-prod.*\n +→ In #releases-prod, type \/invite/,
    );
  });
});
