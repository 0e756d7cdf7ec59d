import { describe, expect, it } from 'vitest';
import type { KubeObject } from '../../../../src/sandbox/cluster/rollout/objects.ts';
import { BOT, type OpenApi, openApi, ROLLOUTS, rollout } from './open-api.ts';

const MERGE = 'application/merge-patch+json';
const GROUP = 'rbac.authorization.k8s.io';

function role(name: string, rules: unknown[]): KubeObject {
  return { apiVersion: `${GROUP}/v1`, kind: 'ClusterRole', metadata: { name }, rules };
}

function binding(name: string, subject: { kind: string; name: string }): KubeObject {
  return {
    apiVersion: `${GROUP}/v1`,
    kind: 'ClusterRoleBinding',
    metadata: { name },
    roleRef: { apiGroup: GROUP, kind: 'ClusterRole', name },
    subjects: [{ apiGroup: GROUP, ...subject }],
  };
}

async function withRights(): Promise<OpenApi> {
  const api = await openApi();
  const rollouts = { apiGroups: ['argoproj.io'], resources: ['rollouts'] };
  api.put(
    rollout('web'),
    role('bot', [
      { ...rollouts, verbs: ['get', 'list', 'watch'] },
      {
        apiGroups: [''],
        resources: ['users'],
        resourceNames: ['slack:U1', 'slack:U2'],
        verbs: ['impersonate'],
      },
      {
        apiGroups: [''],
        resources: ['groups'],
        resourceNames: ['signalbox:operators', 'team'],
        verbs: ['impersonate'],
      },
      {
        apiGroups: ['authentication.k8s.io'],
        resources: ['userextras/signalbox'],
        resourceNames: ['release-1'],
        verbs: ['impersonate'],
      },
    ]),
    binding('bot', { kind: 'User', name: 'signalbox' }),
    role('operators', [
      { apiGroups: ['argoproj.io'], resources: ['rollouts', 'rollouts/status'], verbs: ['patch'] },
    ]),
    binding('operators', { kind: 'Group', name: 'signalbox:operators' }),
  );
  return api;
}

const abort = { body: { status: { abort: true } }, type: MERGE, token: BOT };

describe('who may do what', () => {
  it('refuses a token nobody holds with 401 and no token at all with 403', async () => {
    await using api = await openApi();
    const wrong = await api.ask('GET', ROLLOUTS, { token: 'guess' });
    expect(wrong.body).toEqual({
      kind: 'Status',
      apiVersion: 'v1',
      metadata: {},
      status: 'Failure',
      message: 'Unauthorized',
      reason: 'Unauthorized',
      code: 401,
    });
    const none = await api.ask('GET', ROLLOUTS, { token: '' });
    expect(none.body['message']).toBe(
      'rollouts.argoproj.io is forbidden: User "system:anonymous" cannot list resource "rollouts" in API group "argoproj.io" in the namespace "shop"',
    );
    const path = await api.ask('GET', '/metrics', { token: '' });
    expect(path.body['message']).toBe('forbidden: User "system:anonymous" cannot get path "/metrics"');
  });

  it('lets an account with read rights read, and names what it may not write', async () => {
    await using api = await withRights();
    expect((await api.ask('GET', `${ROLLOUTS}/web`, { token: BOT })).code).toBe(200);
    const refused = await api.ask('PATCH', `${ROLLOUTS}/web/status`, abort);
    expect(refused.code).toBe(403);
    expect(refused.body).toMatchObject({
      message:
        'rollouts.argoproj.io "web" is forbidden: User "signalbox" cannot patch resource "rollouts/status" in API group "argoproj.io" in the namespace "shop"',
      reason: 'Forbidden',
      details: { name: 'web', group: 'argoproj.io', kind: 'rollouts' },
    });
  });

  it('lets it act as a named person in a named group, and writes both names down', async () => {
    await using api = await withRights();
    const done = await api.ask('PATCH', `${ROLLOUTS}/web/status`, {
      ...abort,
      headers: [
        ['Impersonate-User', 'slack:U1'],
        ['Impersonate-Group', 'signalbox:operators'],
      ],
    });
    expect(done.code).toBe(200);
    const line = api.server.requests.at(-1);
    expect(line).toMatchObject({
      verb: 'patch',
      plural: 'rollouts',
      subresource: 'status',
      name: 'web',
      user: 'signalbox',
      impersonated: { user: 'slack:U1', groups: ['signalbox:operators', 'system:authenticated'] },
      body: { status: { abort: true } },
      code: 200,
    });
    expect(JSON.stringify(api.server.requests)).not.toContain(BOT);
  });

  it('refuses the person without the group: the group holds the right', async () => {
    await using api = await withRights();
    const refused = await api.ask('PATCH', `${ROLLOUTS}/web/status`, {
      ...abort,
      headers: [['Impersonate-User', 'slack:U1']],
    });
    expect(refused.body['message']).toBe(
      'rollouts.argoproj.io "web" is forbidden: User "slack:U1" cannot patch resource "rollouts/status" in API group "argoproj.io" in the namespace "shop"',
    );
  });

  it.each([
    [
      [['Impersonate-User', 'slack:U9']],
      'users "slack:U9" is forbidden: User "signalbox" cannot impersonate resource "users" in API group "" at the cluster scope',
    ],
    [
      [
        ['Impersonate-User', 'slack:U1'],
        ['Impersonate-Group', 'system:masters'],
      ],
      'groups "system:masters" is forbidden: User "signalbox" cannot impersonate resource "groups" in API group "" at the cluster scope',
    ],
    [
      [
        ['Impersonate-User', 'slack:U1'],
        ['Impersonate-Extra-signalbox', 'release-2'],
      ],
      'userextras.authentication.k8s.io "release-2" is forbidden: User "signalbox" cannot impersonate resource "userextras/signalbox" in API group "authentication.k8s.io" at the cluster scope',
    ],
    [
      [['Impersonate-User', 'system:serviceaccount:shop:default']],
      'serviceaccounts "default" is forbidden: User "signalbox" cannot impersonate resource "serviceaccounts" in API group "" in the namespace "shop"',
    ],
  ] as [[string, string][], string][])('refuses to be anybody else: %s', async (headers, message) => {
    await using api = await withRights();
    const refused = await api.ask('GET', ROLLOUTS, { token: BOT, headers });
    expect(refused.code).toBe(403);
    expect(refused.body['message']).toBe(message);
  });

  it('asks for each of several groups, which come as several headers', async () => {
    await using api = await withRights();
    const as = (groups: string[]): [string, string][] => [
      ['Impersonate-User', 'slack:U2'],
      ...groups.map((group): [string, string] => ['Impersonate-Group', group]),
      ['Impersonate-Extra-Signalbox', 'release-1'],
    ];
    // fetch joins equal headers with a comma; a group of that name is nobody's.
    const joined = await api.ask('PATCH', `${ROLLOUTS}/web/status`, {
      ...abort,
      headers: as(['team', 'signalbox:operators']),
    });
    expect(joined.body['message']).toContain('groups "team, signalbox:operators" is forbidden');
    expect(
      (await api.ask('PATCH', `${ROLLOUTS}/web/status`, { ...abort, headers: as(['signalbox:operators']) }))
        .code,
    ).toBe(200);
  });

  it('refuses groups without a user', async () => {
    await using api = await withRights();
    const refused = await api.ask('GET', ROLLOUTS, { token: BOT, headers: [['Impersonate-Group', 'team']] });
    expect(refused.code).toBe(500);
  });

  it('answers what somebody may, for itself and for whom it impersonates', async () => {
    await using api = await withRights();
    const may = async (headers: [string, string][]) => {
      const { body, code } = await api.ask('POST', '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews', {
        token: BOT,
        headers,
        body: {
          spec: {
            resourceAttributes: {
              namespace: 'shop',
              verb: 'patch',
              group: 'argoproj.io',
              resource: 'rollouts',
              subresource: 'status',
            },
          },
        },
      });
      expect(code).toBe(201);
      return body['status'];
    };
    expect(await may([])).toEqual({ allowed: false });
    const operator: [string, string][] = [
      ['Impersonate-User', 'slack:U1'],
      ['Impersonate-Group', 'signalbox:operators'],
    ];
    expect(await may(operator)).toEqual({
      allowed: true,
      reason:
        'RBAC: allowed by ClusterRoleBinding "operators" of ClusterRole "operators" to Group "signalbox:operators"',
    });
    const who = await api.ask('POST', '/apis/authentication.k8s.io/v1/selfsubjectreviews', {
      token: BOT,
      headers: operator,
      body: {},
    });
    expect(who.body['status']).toEqual({
      userInfo: { username: 'slack:U1', groups: ['signalbox:operators', 'system:authenticated'], extra: {} },
    });
  });

  it('holds a role in a namespace to that namespace, and a name to that name', async () => {
    await using api = await openApi();
    api.put(
      { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'other' } },
      rollout('web'),
      rollout('cart'),
      {
        apiVersion: `${GROUP}/v1`,
        kind: 'Role',
        metadata: { name: 'one', namespace: 'shop' },
        rules: [
          {
            apiGroups: ['argoproj.io'],
            resources: ['rollouts'],
            resourceNames: ['web'],
            verbs: ['get', 'list'],
          },
        ],
      },
      {
        apiVersion: `${GROUP}/v1`,
        kind: 'RoleBinding',
        metadata: { name: 'one', namespace: 'shop' },
        roleRef: { apiGroup: GROUP, kind: 'Role', name: 'one' },
        subjects: [{ apiGroup: GROUP, kind: 'User', name: 'signalbox' }],
      },
    );
    const code = async (path: string) => (await api.ask('GET', path, { token: BOT })).code;
    expect(await code(`${ROLLOUTS}/web`)).toBe(200);
    expect(await code(`${ROLLOUTS}/cart`)).toBe(403);
    expect(await code(ROLLOUTS)).toBe(403);
    expect(await code(`${ROLLOUTS}?fieldSelector=metadata.name%3Dweb`)).toBe(200);
    expect(await code('/apis/argoproj.io/v1alpha1/namespaces/other/rollouts/web')).toBe(403);
    expect(await code('/apis/argoproj.io/v1alpha1/rollouts')).toBe(403);
  });
});
