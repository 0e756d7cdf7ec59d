import { describe, expect, it } from 'vitest';
import { SCOPES } from '../../../src/adapters/slack/scopes.ts';
import { startInstallation } from '../installation.ts';

/** The lines that are not fine. */
function troubles(lines: readonly string[]): string[] {
  return lines.filter((line) => !/^[^:]+: ok /.test(line));
}

/** Gives the bot's own account a role everywhere. */
function bindingTo(role: string) {
  const apiGroup = 'rbac.authorization.k8s.io';
  return {
    apiVersion: `${apiGroup}/v1`,
    kind: 'ClusterRoleBinding',
    metadata: { name: role },
    roleRef: { apiGroup, kind: 'ClusterRole', name: role },
    subjects: [{ kind: 'User', apiGroup, name: 'signalbox' }],
  };
}

/** Slack lets no app with our scopes find out who may edit usergroups: that stays to be looked at by a person. */
const UNKNOWN_SETTING = expect.stringMatching(/^Slack: warning who may edit usergroups is not known/);

/** Each case starts servers and programs, and the machine may have other work. */
const TEST_MS = 60_000;

describe('a check of an installation', { timeout: TEST_MS }, () => {
  it('where everything is as it should be finds no fault, and changes nothing', async () => {
    await using installation = await startInstallation();
    const lines = await installation.check();
    expect(troubles(lines)).toEqual([UNKNOWN_SETTING]);
    expect(lines).toEqual(
      expect.arrayContaining([
        'Slack: ok prod is shown in #releases-prod',
        'Git: ok record: signalbox-ledger, the record, can be read, and pushed to as far as a dry run tells',
        'Git: ok gitops: release/…, where releases are cut, can be read, and pushed to as far as a dry run tells',
        'Git: ok the catalog is valid (6 services)',
        'Registry: ok 6 of 6 images can be asked for',
        'Cluster shop: ok prod: 7 people, the policy and recovery may act',
        'Prometheus: ok main answers',
        'Clock: ok this machine agrees with cluster shop',
      ]),
    );
    expect(await installation.gitops.branches()).toEqual(['main']);
    const methods = new Set(installation.cluster.requests.map(({ verb, plural }) => `${verb} ${plural}`));
    expect([...methods].sort()).toEqual(['create selfsubjectaccessreviews', 'get ']);
  });

  it('tells everything that is wrong at once, each with what it means', async () => {
    const scopes = SCOPES.map(({ scope }) => scope).filter((scope) => scope !== 'files:write');
    await using installation = await startInstallation({ workspace: { scopes } });
    const { workspace, cluster, change, env } = installation;
    workspace.faults.kickBot('releases-prod');
    await change('S0ONCALL001', 'S0NOBODY001');
    await change('U0OLU00001', 'U0NOBODY01');
    await change('transport: http', 'transport: socket');
    env['SLACK_APP_TOKEN'] = 'xapp-1-wrong';
    env['GITOPS_USER'] = 'reader';
    env['GITOPS_TOKEN'] = 'reader-token';
    cluster.delete('RoleBinding', 'shop-staging', 'signalbox-reader');
    const lines = troubles(await installation.check());
    expect(lines).toEqual(
      expect.arrayContaining([
        expect.stringMatching(/^Slack: fault the scope files:write is missing: exports of timelines/),
        'Slack: fault the bot is not in #releases-prod, the channel of prod',
        'Slack: fault Olu (U0NOBODY01) is nobody of this workspace, and may do nothing',
        expect.stringMatching(
          /^Slack: fault usergroup S0NOBODY001 \(on-call\) cannot be read: no_such_subteam/,
        ),
        expect.stringMatching(/^Slack: fault Socket Mode: asking Slack for a socket/),
        expect.stringMatching(/^Git: fault gitops: main cannot be pushed to/),
        expect.stringMatching(/^Git: fault record: signalbox-ledger, the record, cannot be pushed to/),
        expect.stringMatching(
          /^Cluster shop: fault the bot may not get, list or watch rollouts, .*, pods, .* in shop-staging/,
        ),
      ]),
    );
    expect(lines.join('\n')).not.toMatch(/shop-dev|releases-dev/);
    expect(await installation.withoutFix()).toEqual([]);
  });

  it('names images that nobody can pull, and a registry that does not answer', async () => {
    await using installation = await startInstallation();
    const { registry, gitops, check } = installation;
    const text = (await gitops.read('main', 'catalog.yaml')) ?? '';
    await gitops.push({
      branch: 'main',
      files: { 'catalog.yaml': text.replace('/shop/cart', '/shop/carts') },
    });
    expect(troubles(await check())).toEqual([
      UNKNOWN_SETTING,
      `Registry: fault ${registry.host}/shop/carts has no tags`,
    ]);
    await registry[Symbol.asyncDispose]();
    const lines = troubles(await check());
    expect(lines.filter((line) => /^Registry: fault .*\/shop\//.test(line))).toHaveLength(6);
    expect(await installation.withoutFix()).toEqual([]);
  });

  it('names who joined yesterday and has no rights in the cluster yet', async () => {
    await using installation = await startInstallation();
    const { cluster } = installation;
    const role = cluster.get('ClusterRole', undefined, 'signalbox-impersonator');
    const text = JSON.stringify(role).replace('"slack:T0SHOP00001:U0CLEO0001",', '');
    cluster.delete('ClusterRole', undefined, 'signalbox-impersonator');
    cluster.apply([JSON.parse(text)]);
    expect(troubles(await installation.check())).toEqual([
      UNKNOWN_SETTING,
      ...['dev', 'staging', 'prod'].map((environment) =>
        expect.stringMatching(
          `^Cluster shop: fault ${environment}: Cleo .U0CLEO0001. may not patch rollouts in shop-${environment}: .*cannot impersonate`,
        ),
      ),
    ]);
  });

  it('refuses a bot that may write in its own name, or act as anybody', async () => {
    await using installation = await startInstallation();
    const { cluster, check } = installation;
    const rule = (group: string, resource: string, verb: string) => ({
      apiGroups: [group],
      resources: [resource],
      verbs: [verb],
    });
    cluster.apply([
      {
        apiVersion: 'rbac.authorization.k8s.io/v1',
        kind: 'ClusterRole',
        metadata: { name: 'more' },
        rules: [rule('argoproj.io', 'rollouts', 'patch'), rule('', 'users', 'impersonate')],
      },
      bindingTo('more'),
    ]);
    expect(troubles(await check())).toEqual([
      UNKNOWN_SETTING,
      'Cluster shop: fault the bot may act as anybody, not only as the people of the configuration',
      ...['dev', 'prod', 'staging'].map(
        (environment) => `Cluster shop: fault the bot itself may patch rollouts in shop-${environment}`,
      ),
    ]);
    cluster.apply([bindingTo('cluster-admin')]);
    expect(troubles(await check())).toEqual([
      UNKNOWN_SETTING,
      'Cluster shop: fault the bot itself may do everything in this cluster',
    ]);
  });

  it('goes on where a part is away', async () => {
    await using installation = await startInstallation();
    const { workspace, cluster, git } = installation;
    await workspace.faults.down();
    const withoutSlack = await installation.check();
    expect(withoutSlack).toContain('Cluster shop: ok the bot reads what it must (75 rights)');
    expect(withoutSlack).toContainEqual(
      expect.stringMatching(/^Cluster shop: fault who may act in prod: .*Slack/),
    );
    await workspace.faults.up();
    await cluster.faults.down();
    expect(
      troubles(await installation.check()).every((line) => /Cluster shop|cluster shop|usergroups/.test(line)),
    ).toBe(true);
    await cluster.faults.up();
    git.setDown(true);
    const withoutGit = await installation.check();
    expect(withoutGit).toContain('Slack: ok prod is shown in #releases-prod');
    expect(withoutGit).toContainEqual(expect.stringMatching(/^Git: fault the catalog: /));
    expect(withoutGit).toContainEqual(expect.stringMatching(/^Cluster shop: fault what the bot reads: /));
  });

  it('never shows a secret', async () => {
    await using installation = await startInstallation();
    const { env, workspace, cluster, git, check } = installation;
    const secrets = Object.entries(env).filter(([name]) => name !== 'GITOPS_USER');
    const shown = async () => {
      const text = (await check()).join('\n');
      return secrets.filter(([, value]) => text.includes(value)).map(([name]) => name);
    };
    expect(await shown()).toEqual([]);
    await Promise.all([workspace.faults.down(), cluster.faults.down()]);
    git.setDown(true);
    expect(await shown()).toEqual([]);
  });
});
