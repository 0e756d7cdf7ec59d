import { expect } from 'vitest';
import type { ConformanceCase } from './case.ts';
import { at, itemsOf, JSON_PATCH, MERGE, STRATEGIC, textAt } from './client.ts';
import { BY_PERSON, type Stage } from './stage.ts';

/** What the API server does with objects of Argo Rollouts, whoever asks. */
export const apiCases: readonly ConformanceCase[] = [
  {
    name: 'a JSON Patch whose test fails answers 422 Invalid and changes nothing, and a click counts once',
    async run(stage) {
      const rollout = await stage.paused('web');
      const click = (generation: unknown) =>
        stage.client.ask(
          'PATCH',
          stage.path('rollouts/web/status'),
          [
            { op: 'test', path: '/metadata/generation', value: generation },
            { op: 'test', path: '/status/currentPodHash', value: at(rollout, 'status.currentPodHash') },
            { op: 'test', path: '/status/currentStepIndex', value: 1 },
            {
              op: 'test',
              path: '/status/pauseConditions/0/startTime',
              value: at(rollout, 'status.pauseConditions.0.startTime'),
            },
            { op: 'remove', path: '/status/pauseConditions' },
          ],
          { ...BY_PERSON, type: JSON_PATCH },
        );
      const stale = await click(99);
      expect(stale.code).toBe(422);
      expect(stale.body).toMatchObject({
        kind: 'Status',
        status: 'Failure',
        reason: 'Invalid',
        code: 422,
        message: 'the server rejected our request due to an error in our request',
      });
      expect(at(await stage.get('rollouts/web'), 'status.pauseConditions.0.reason')).toBe('CanaryPauseStep');
      expect((await click(at(rollout, 'metadata.generation'))).code).toBe(200);
      expect((await click(at(rollout, 'metadata.generation'))).code).toBe(422);
      await stage.phase('web', 'Healthy');
    },
  },
  {
    name: 'a patch in the wrong format is refused in the words of the server',
    async run(stage) {
      await stage.rollout('web', { replicas: 0 });
      const patch = (body: unknown, type: string) =>
        stage.client.ask('PATCH', stage.path('rollouts/web'), body, { type });
      const object = await patch({ spec: { paused: true } }, JSON_PATCH);
      expect(object.code).toBe(400);
      expect(object.body).toMatchObject({
        reason: 'BadRequest',
        message:
          'error decoding patch: json: cannot unmarshal object into Go value of type []handlers.jsonPatchOp',
      });
      const strategic = await patch({ spec: { paused: true } }, STRATEGIC);
      expect(strategic.code).toBe(415);
      expect(strategic.body).toMatchObject({
        reason: 'UnsupportedMediaType',
        message:
          'the body of the request was in an unknown format - accepted media types include: application/json-patch+json, application/merge-patch+json, application/apply-patch+yaml',
      });
      const list = await patch([], MERGE);
      expect([list.code, list.body['reason']]).toEqual([400, 'BadRequest']);
      const missing = await patch([{ op: 'remove', path: '/spec/paused' }], JSON_PATCH);
      expect([missing.code, missing.body['reason']]).toEqual([422, 'Invalid']);
    },
  },
  {
    name: 'status and spec are written apart, and only the spec counts generations',
    async run(stage) {
      const made = await stage.rollout('web', { replicas: 0, more: { paused: true } });
      expect(at(made, 'metadata.generation')).toBe(1);
      await stage.phase('web', 'Paused', 'manually paused');
      const both = await stage.patch('rollouts/web', {
        spec: { revisionHistoryLimit: 3 },
        status: { promoteFull: true },
      });
      expect(at(both, 'status.promoteFull')).toBeUndefined();
      expect(at(both, 'metadata.generation')).toBe(2);
      const status = await stage.patch('rollouts/web/status', {
        spec: { revisionHistoryLimit: 9 },
        metadata: { labels: { a: 'b' } },
        status: { controllerPause: true },
      });
      expect(at(status, 'spec.revisionHistoryLimit')).toBe(3);
      expect(at(status, 'metadata.labels')).toBeUndefined();
      expect(at(status, 'status.controllerPause')).toBe(true);
      expect(at(status, 'metadata.generation')).toBe(2);
      const labelled = await stage.patch('rollouts/web', { metadata: { labels: { a: 'b' } } });
      expect(at(labelled, 'metadata.generation')).toBe(2);
    },
  },
  {
    name: 'fields of the wrong type are refused by the schema',
    async run(stage) {
      await stage.rollout('web', { replicas: 0 });
      const { code, body } = await stage.client.ask(
        'PATCH',
        stage.path('rollouts/web/status'),
        { status: { abort: 'yes' } },
        { type: MERGE },
      );
      expect(code).toBe(422);
      expect(body['message']).toBe(
        'Rollout.argoproj.io "web" is invalid: [status.abort: Invalid value: "string": abort in body must be of type boolean: "string", <nil>: Invalid value: null: some validation rules were not checked because the object was invalid; correct the existing errors to complete validation]',
      );
    },
  },
  {
    name: 'a PUT needs the version it was read at, and loses against a later write',
    async run(stage) {
      await stage.rollout('web', { replicas: 0 });
      const read = await stage.phase('web', 'Healthy');
      const put = (body: unknown) => stage.client.ask('PUT', stage.path('rollouts/web'), body);
      const changed = { ...read, spec: { ...(read['spec'] as object), revisionHistoryLimit: 2 } };
      expect((await put(changed)).code).toBe(200);
      const late = await put({ ...changed, spec: { ...(read['spec'] as object), revisionHistoryLimit: 4 } });
      expect([late.code, late.body['reason']]).toEqual([409, 'Conflict']);
      expect(late.body['message']).toBe(
        'Operation cannot be fulfilled on rollouts.argoproj.io "web": the object has been modified; please apply your changes to the latest version and try again',
      );
      const { resourceVersion: _, ...metadata } = read['metadata'] as Record<string, unknown>;
      const blind = await put({ ...read, metadata });
      expect(blind.code).toBe(422);
      expect(blind.body['message']).toBe(
        'rollouts.argoproj.io "web" is invalid: metadata.resourceVersion: Invalid value: 0: must be specified for an update',
      );
    },
  },
  {
    name: 'what is missing, taken or nobody’s is refused by name',
    async run(stage) {
      await stage.rollout('web', { replicas: 0 });
      const missing = await stage.client.ask('GET', stage.path('rollouts/cart'));
      expect([missing.code, missing.body['message']]).toEqual([404, 'rollouts.argoproj.io "cart" not found']);
      expect(missing.body['details']).toEqual({ name: 'cart', group: 'argoproj.io', kind: 'rollouts' });
      const again = await stage.client.ask('POST', stage.path('rollouts'), await bare(stage));
      expect([again.code, again.body['message']]).toEqual([409, 'rollouts.argoproj.io "web" already exists']);
      const nowhere = stage.path('configmaps').replace(stage.namespace, 'nowhere');
      const lost = await stage.client.ask('POST', nowhere, { metadata: { name: 'a' } });
      expect([lost.code, lost.body['message']]).toEqual([404, 'namespaces "nowhere" not found']);
      const wrong = await stage.client.ask('GET', stage.path('rollouts'), undefined, { token: 'wrong' });
      expect([wrong.code, wrong.body['message']]).toEqual([401, 'Unauthorized']);
      const none = await stage.client.ask('GET', stage.path('rollouts'), undefined, { token: 'none' });
      expect([none.code, none.body['message']]).toEqual([
        403,
        `rollouts.argoproj.io is forbidden: User "system:anonymous" cannot list resource "rollouts" in API group "argoproj.io" in the namespace "${stage.namespace}"`,
      ]);
    },
  },
  {
    name: 'lists come in pages of one moment',
    async run(stage) {
      for (const name of ['a', 'b', 'c']) await stage.create('configmaps', { metadata: { name } });
      const names = (list: unknown) => itemsOf(list).map((item) => textAt(item, 'metadata.name'));
      const query = `${stage.path('configmaps')}?fieldSelector=metadata.name!%3Dkube-root-ca.crt`;
      const first = await stage.client.ask('GET', `${query}&limit=2`);
      expect(names(first.body)).toEqual(['a', 'b']);
      const token = encodeURIComponent(textAt(first.body, 'metadata.continue'));
      await stage.client.ask('DELETE', stage.path('configmaps/c'));
      const second = await stage.client.ask('GET', `${query}&limit=2&continue=${token}`);
      expect(names(second.body)).toEqual(['c']);
      expect(textAt(second.body, 'metadata.continue')).toBe('');
    },
  },
  {
    name: 'a watch goes on from a version, and tells what stops fitting its selector as deleted',
    async run(stage) {
      await stage.create('configmaps', { metadata: { name: 'a', labels: { on: 'yes' } } });
      const { body } = await stage.client.ask('GET', `${stage.path('configmaps')}?labelSelector=on%3Dyes`);
      await stage.patch('configmaps/a', { data: { x: '1' } });
      await stage.patch('configmaps/a', { metadata: { labels: { on: 'no' } } });
      const version = textAt(body, 'metadata.resourceVersion');
      const path = `${stage.path('configmaps')}?watch=true&labelSelector=on%3Dyes&timeoutSeconds=5&resourceVersion=${version}`;
      const events = await stage.client.watch(path, (seen) => seen.length >= 2);
      expect(events.map(({ type }) => type)).toEqual(['MODIFIED', 'DELETED']);
    },
  },
  {
    name: 'a watch that is asked to send initial events marks their end',
    async run(stage) {
      await stage.create('configmaps', { metadata: { name: 'a', labels: { on: 'yes' } } });
      const query =
        'watch=true&sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true&timeoutSeconds=5';
      const path = `${stage.path('configmaps')}?${query}&labelSelector=on%3Dyes`;
      const events = await stage.client.watch(path, (seen) => seen.length >= 2);
      expect(events.map(({ type }) => type)).toEqual(['ADDED', 'BOOKMARK']);
      expect(at(events[1], 'object.metadata.annotations')).toEqual({ 'k8s.io/initial-events-end': 'true' });
      const refused = await stage.client.ask(
        'GET',
        `${stage.path('configmaps')}?watch=true&sendInitialEvents=true`,
      );
      expect(refused.code).toBe(422);
    },
  },
  {
    name: 'a bot acts as a named person in a named group, and as nobody else',
    run: impersonation,
  },
  {
    name: 'what a Rollout made goes with it',
    async run(stage) {
      await stage.healthy('web', { replicas: 1 });
      expect((await stage.pods('web')).length).toBe(1);
      await stage.client.ask('DELETE', `${stage.path('rollouts/web')}?propagationPolicy=Background`);
      await stage.until('replicasets', (list) => itemsOf(list).length === 0, 'to go');
      await stage.until('pods', (list) => itemsOf(list).length === 0, 'to go');
    },
  },
];

async function bare(stage: Stage): Promise<Record<string, unknown>> {
  const { apiVersion, kind, spec } = await stage.get('rollouts/web');
  return { apiVersion, kind, spec, metadata: { name: 'web' } };
}

async function impersonation(stage: Stage): Promise<void> {
  await stage.paused('web');
  await grant(stage);
  const abort = (headers: [string, string][]) =>
    stage.client.ask(
      'PATCH',
      stage.path('rollouts/web/status'),
      { status: { abort: true } },
      { type: MERGE, token: 'bot', headers },
    );
  const person: [string, string] = ['Impersonate-User', `slack:${stage.namespace}:U1`];
  const group: [string, string] = ['Impersonate-Group', `operators-${stage.namespace}`];
  const cannot = (user: string) =>
    `rollouts.argoproj.io "web" is forbidden: User "${user}" cannot patch resource "rollouts/status" in API group "argoproj.io" in the namespace "${stage.namespace}"`;
  const alone = await abort([]);
  const { botName } = stage.client.target;
  expect([alone.code, alone.body['message']]).toEqual([403, cannot(botName)]);
  expect(alone.body['details']).toEqual({ name: 'web', group: 'argoproj.io', kind: 'rollouts' });
  const ungrouped = await abort([person]);
  expect([ungrouped.code, ungrouped.body['message']]).toEqual([403, cannot(person[1])]);
  const stranger = await abort([['Impersonate-User', 'slack:U9']]);
  expect([stranger.code, stranger.body['message']]).toEqual([
    403,
    `users "slack:U9" is forbidden: User "${botName}" cannot impersonate resource "users" in API group "" at the cluster scope`,
  ]);
  const master = await abort([person, ['Impersonate-Group', 'system:masters']]);
  expect([master.code, master.body['message']]).toEqual([
    403,
    `groups "system:masters" is forbidden: User "${botName}" cannot impersonate resource "groups" in API group "" at the cluster scope`,
  ]);
  const may = await stage.client.ask(
    'POST',
    '/apis/authorization.k8s.io/v1/selfsubjectaccessreviews',
    {
      spec: {
        resourceAttributes: {
          namespace: stage.namespace,
          verb: 'patch',
          group: 'argoproj.io',
          resource: 'rollouts',
          subresource: 'status',
        },
      },
    },
    { token: 'bot', headers: [person, group] },
  );
  expect([may.code, at(may.body, 'status.allowed')]).toEqual([201, true]);
  expect((await abort([person, group])).code).toBe(200);
}

/** The bot may impersonate one person and one group; that group may patch Rollouts in this namespace. */
async function grant(stage: Stage): Promise<void> {
  const api = 'rbac.authorization.k8s.io';
  const name = stage.namespace;
  const subject = (kind: string, who: string) => [{ apiGroup: api, kind, name: who }];
  const cluster = `/apis/${api}/v1`;
  const post = async (path: string, body: object): Promise<void> => {
    stage.must(await stage.client.ask('POST', path, body));
  };
  await stage.clusterWide(`${cluster}/clusterroles`, {
    metadata: { name },
    rules: [
      { apiGroups: [''], resources: ['users'], resourceNames: [`slack:${name}:U1`], verbs: ['impersonate'] },
      {
        apiGroups: [''],
        resources: ['groups'],
        resourceNames: [`operators-${name}`],
        verbs: ['impersonate'],
      },
    ],
  });
  await stage.clusterWide(`${cluster}/clusterrolebindings`, {
    metadata: { name },
    roleRef: { apiGroup: api, kind: 'ClusterRole', name },
    subjects: subject('User', stage.client.target.botName),
  });
  await post(stage.path('roles'), {
    metadata: { name: 'operators' },
    rules: [{ apiGroups: ['argoproj.io'], resources: ['rollouts', 'rollouts/status'], verbs: ['patch'] }],
  });
  await post(stage.path('rolebindings'), {
    metadata: { name: 'operators' },
    roleRef: { apiGroup: api, kind: 'Role', name: 'operators' },
    subjects: subject('Group', `operators-${name}`),
  });
}
