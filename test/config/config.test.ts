import { randomUUID } from 'node:crypto';
import { rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, describe, expect, it } from 'vitest';
import { resolveConfig } from '../../src/config/resolve-config.ts';
import { rulesOf } from '../../src/config/rules-of.ts';
import { loadConfig } from '../../src/config.ts';
import { faultLine } from '../../src/domain/document/fault.ts';
import { documentOf, sample } from '../domain/document/source-document.ts';
import { memoryYaml } from '../simulation/ports/memory-yaml.ts';
import { changed, configOf, MINIMAL } from './minimal-config.ts';

async function faults(text: string): Promise<string[]> {
  const resolved = resolveConfig(await documentOf(text, 'signalbox.yaml'));
  return resolved.kind === 'faulty' ? resolved.faults.map(faultLine) : [];
}

describe('a configuration', () => {
  it('of the samples is without fault', async () => {
    expect(await faults(await sample('signalbox.yaml'))).toEqual([]);
  });

  it('says little, and the rest is what is safe', async () => {
    const config = await configOf(MINIMAL);
    expect(config).toMatchObject({
      slack: {
        apiUrl: 'https://slack.com/api/',
        transport: 'http',
        host: '127.0.0.1',
        port: 3000,
        commandPrefix: '',
      },
      ledger: { branch: 'signalbox-ledger', maxDelayMs: 30_000 },
      catalog: { path: 'catalog.yaml' },
      repositories: { gitops: { branch: 'main', protocols: ['https'] } },
      incidents: { enabled: true, channelPrefix: 'inc', pinEmoji: 'pushpin', retentionMs: 7_776_000_000 },
      listen: { host: '127.0.0.1' },
      train: 'release',
    });
    expect(config.environments[0]).toMatchObject({
      manifestPath: 'releases/{environment}/release.yaml',
      approvals: { owners: 'none', expiresAfterMs: 28_800_000 },
      onGateFailure: 'rollback',
      requireVerifiedIn: 'previous',
    });
  });

  it('allows to those who may cut whatever is not said of anybody', async () => {
    const text = changed('{ cut: [managers] }', '{ cut: [managers], promote: [], rollback: [managers] }');
    const [prod] = rulesOf(await configOf(text)).environments;
    expect(prod?.may).toEqual({
      cut: ['managers'],
      approve: ['managers'],
      promote: [],
      resume: ['managers'],
      abort: ['managers'],
      rollback: ['managers'],
    });
  });

  it('keeps the order of promotion, and asks nothing before the first environment', async () => {
    const rules = rulesOf(await configOf(await sample('signalbox.yaml')));
    expect(
      rules.environments.map(({ name, previous, requireVerified }) => [name, previous, requireVerified]),
    ).toEqual([
      ['dev', undefined, false],
      ['staging', 'dev', true],
      ['prod', 'staging', true],
    ]);
    expect(rules.environments[2]?.gates.map(({ name, prometheus }) => [name, prometheus])).toEqual([
      ['error-ratio', 'main'],
      ['latency-p95', 'main'],
      ['no-incident', undefined],
      ['room', 'main'],
    ]);
    const alone = rulesOf(await configOf(MINIMAL));
    expect(alone.environments[0]?.requireVerified).toBe(false);
    expect(alone.gateBook.defaultPrometheus).toBeUndefined();
  });
});

describe('who may confirm a restored record', () => {
  it.each<[string, string, string[]]>([
    ['is said by name', '\nrecovery: { confirmRestore: [auditors] }\n', ['auditors']],
    ['is those who may promote to the last environment otherwise', '\n', ['managers']],
  ])('%s', async (_, more, expected) => {
    const text = `${MINIMAL}  auditors: { people: [U012AB3CD] }${more}`;
    expect(rulesOf(await configOf(text)).confirmRestore).toEqual(expected);
  });
});

describe('the faults of a configuration', () => {
  it('are all told at once, with line and column', async () => {
    const text = changed('channel: C012AB3CD', 'channel: "#releases"')
      .replace('required: 1', 'requred: 1')
      .replace('inCluster: true', 'server: ftp://x, tokenEnv: hunter2');
    expect(await faults(text)).toEqual([
      expect.stringMatching(/^signalbox.yaml:4:5 environments\[0\].channel: must be a channel's id/),
      'signalbox.yaml:6:5 environments[0].approvals.required: is missing: it must be a number',
      'signalbox.yaml:6:18 environments[0].approvals.requred: is not a known key; did you mean required?',
      expect.stringMatching(/^signalbox.yaml:13:11 clusters.main.server: begins with ftp:/),
      expect.stringMatching(
        /^signalbox.yaml:13:28 clusters.main.tokenEnv: must be the name of an environment variable/,
      ),
    ]);
  });

  it('between its parts are all told at once', async () => {
    const text = changed('cut: [managers]', 'cut: [manager], abort: [nobody]')
      .replace('repository: gitops\n    app', 'repository: gitosp\n    app')
      .replace('catalog: { repository: gitops }', 'catalog: { repository: git-ops }');
    expect(await faults(text)).toEqual([
      'signalbox.yaml:5:5 environments[0].repository: there is no repository gitosp; did you mean gitops?',
      'signalbox.yaml:7:18 environments[0].may.cut[0]: there is no role manager; did you mean managers?',
      'signalbox.yaml:7:36 environments[0].may.abort[0]: there is no role nobody; known: managers',
      'signalbox.yaml:11:12 catalog.repository: there is no repository git-ops; did you mean gitops?',
    ]);
  });

  it.each([
    [
      'approvals that nobody could give',
      changed(', from: [managers]', ''),
      'approvals.from: is empty, so that nobody could give the 1',
    ],
    ['releases that nobody could take back', changed('cut: [managers]', 'cut: []'), 'may.rollback: is empty'],
    [
      'a record in a repository that is only read',
      changed('ledger: { repository: gitops }', 'ledger: { repository: source }').replace(
        'repositories:\n',
        'repositories:\n  source: { url: https://git.example/s.git, readOnly: true }\n',
      ),
      'ledger.repository: source is readOnly, and this is written to',
    ],
    [
      'a train to nowhere',
      `${MINIMAL}trains: { night: { environment: pord, schedule: "0 9 * * *" } }\n`,
      'trains.night.environment: there is no environment pord; did you mean prod?',
    ],
    [
      'a train to the first environment',
      `${MINIMAL}trains: { night: { environment: prod, schedule: "0 9 * * *" } }\n`,
      'trains.night.environment: is the first one: nothing is verified before it',
    ],
    [
      'a train whose time is none',
      `${MINIMAL}trains: { night: { environment: prod, schedule: "at nine" } }\n`.replace(
        '  - name: prod',
        '  - { name: dev, channel: C012AB3CE, repository: gitops, approvals: { required: 0 }, may: { cut: [managers] } }\n  - name: prod',
      ),
      'trains.night.schedule: must be five fields',
    ],
    [
      'a role with nobody in it',
      changed('{ usergroups: [S012AB3CD] }', '{}'),
      'roles.managers: has nobody in it',
    ],
    [
      'a password in an address',
      changed('https://git', 'https://me:secret@git'),
      'must not hold a user or a password',
    ],
    [
      'an address that git may not speak',
      changed('https://git', 'http://git'),
      'begins with http://, which is not among https://',
    ],
    [
      'a manifest outside its repository',
      changed('    approvals', '    manifestPath: ../{environment}.yaml\n    approvals'),
      'manifestPath: must be a path inside',
    ],
    [
      'a manifest path with an unknown name',
      changed('    approvals', '    manifestPath: "{env}.yaml"\n    approvals'),
      'manifestPath: must be a path inside',
    ],
    [
      'a header that is a secret',
      `${MINIMAL}prometheus: { main: { url: "http://p", headers: { Authorization: x } } }\n`,
      'secrets go by tokenEnv',
    ],
    [
      'a preset without a Prometheus',
      `${MINIMAL}gatePresets: { e: { type: prometheus, query: a, threshold: "< 1" } }\n`,
      'gatePresets.e.prometheus: is missing: signalbox.yaml lists no Prometheus',
    ],
    [
      'a preset of a kind that is not judged',
      `${MINIMAL}gatePresets: { e: { type: synthetic } }\n`,
      'gatePresets.e.type: is not carried out',
    ],
    [
      'a preset for some services',
      `${MINIMAL}gatePresets: { e: { type: manual, phase: canary, services: [a] } }\n`,
      'gatePresets.e.services: means nothing in a preset',
    ],
    [
      'a person listed twice',
      `${MINIMAL}people: [{ slack: U01, name: A }, { slack: U01, name: B }]\n`,
      'people[1].slack: U01 is listed twice',
    ],
    [
      'an e-mail address of two people',
      `${MINIMAL}people: [{ slack: U01, name: A, emails: [a@x.example] }, { slack: U02, name: B, emails: [A@x.example] }]\n`,
      "people[1].emails[0]: A@x.example is already A's",
    ],
    [
      'a key that it does not know',
      `${MINIMAL}recovry: {}\n`,
      'recovry: is not a known key; did you mean recovery?',
    ],
  ])('include %s', async (_, text, says) => {
    const told = await faults(text);
    expect(told).toHaveLength(1);
    expect(told[0]).toContain(says);
  });

  it('include two environments with one manifest', async () => {
    const second =
      '  - name: dev\n    channel: C1AB\n    repository: gitops\n    manifestPath: releases/prod/release.yaml\n    approvals: { required: 0 }\n    may: { cut: [managers] }\n';
    expect(await faults(changed('repositories:', `${second}repositories:`))).toEqual([
      expect.stringContaining('environments[1].manifestPath: is the manifest of prod too'),
    ]);
  });
});

describe('loading', () => {
  const files: string[] = [];
  afterEach(async () => {
    await Promise.all(files.splice(0).map((file) => rm(file)));
  });

  async function load(text: string, env: Record<string, string> = {}) {
    const file = join(tmpdir(), `signalbox-${randomUUID()}.yaml`);
    await writeFile(file, text);
    files.push(file);
    return loadConfig({ file, env, yaml: memoryYaml() });
  }

  it('reads file and environment', async () => {
    const env = {
      SLACK_BOT_TOKEN: 'xoxb-1',
      SLACK_SIGNING_SECRET: 's',
      SIGNALBOX_LEDGER_KEY: '-----BEGIN PRIVATE KEY-----',
    };
    const loaded = await load(MINIMAL, env);
    expect(loaded).toMatchObject({ kind: 'loaded', config: { installation: 'acme' } });
  });

  it('answers with lines for a file that is none, that is no YAML, or that has faults', async () => {
    expect(await loadConfig({ file: '/nowhere/signalbox.yaml', env: {}, yaml: memoryYaml() })).toEqual({
      kind: 'faulty',
      lines: ['/nowhere/signalbox.yaml cannot be read: it is not there, or not allowed'],
    });
    const broken = await load('installation: [acme');
    expect(broken.kind === 'faulty' && broken.lines[0]).toMatch(/\.yaml:\d+:\d+ /);
    const faulty = await load(changed('installation: acme', 'instalation: acme'));
    expect(faulty.kind === 'faulty' && faulty.lines).toHaveLength(2);
    const unset = await load(MINIMAL);
    expect(unset.kind === 'faulty' && unset.lines).toHaveLength(3);
  });
});
