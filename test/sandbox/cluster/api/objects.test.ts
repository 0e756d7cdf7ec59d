import { describe, expect, it } from 'vitest';
import { openApi, ROLLOUTS, rollout } from './open-api.ts';

const MERGE = 'application/merge-patch+json';
const JSON_PATCH = 'application/json-patch+json';

describe('objects of the API server', () => {
  it('are created with uid, version and generation 1, without the status that was sent', async () => {
    await using api = await openApi();
    const made = await api.ask('POST', ROLLOUTS, { body: rollout('web', { status: { abort: true } }) });
    expect(made.code).toBe(201);
    expect(made.body).toMatchObject({ metadata: { generation: 1, namespace: 'shop' } });
    expect(made.body).not.toHaveProperty('status');
    expect(made.body['metadata']).toHaveProperty('uid');
    const again = await api.ask('POST', ROLLOUTS, { body: rollout('web') });
    expect(again.code).toBe(409);
    expect(again.body).toEqual({
      kind: 'Status',
      apiVersion: 'v1',
      metadata: {},
      status: 'Failure',
      message: 'rollouts.argoproj.io "web" already exists',
      reason: 'AlreadyExists',
      details: { name: 'web', group: 'argoproj.io', kind: 'rollouts' },
      code: 409,
    });
  });

  it('are refused where there is no such namespace, name or object', async () => {
    await using api = await openApi();
    const nowhere = await api.ask('POST', ROLLOUTS.replace('shop', 'nowhere'), {
      body: { ...rollout('web'), metadata: { name: 'web' } },
    });
    expect(nowhere.body).toMatchObject({ code: 404, message: 'namespaces "nowhere" not found' });
    const missing = await api.ask('GET', `${ROLLOUTS}/web`);
    expect(missing.body).toMatchObject({ code: 404, message: 'rollouts.argoproj.io "web" not found' });
    const odd = await api.ask('POST', ROLLOUTS, { body: rollout('Web_1') });
    expect(odd.code).toBe(422);
    const unknown = await api.ask('GET', '/apis/argoproj.io/v1alpha1/namespaces/shop/trains');
    expect(unknown.code).toBe(404);
  });

  it('count a generation for a change of the spec, not for metadata, status, or no change', async () => {
    await using api = await openApi();
    api.put(rollout('web'));
    const patch = async (body: unknown, path = '') =>
      (await api.ask('PATCH', `${ROLLOUTS}/web${path}`, { body, type: MERGE })).body['metadata'] as {
        generation: number;
        resourceVersion: string;
      };
    const labelled = await patch({ metadata: { labels: { a: 'b' } } });
    expect(labelled.generation).toBe(1);
    expect((await patch({ status: { abort: true } }, '/status')).generation).toBe(1);
    const paused = await patch({ spec: { paused: true } });
    expect(paused.generation).toBe(2);
    expect(await patch({ spec: { paused: true } })).toEqual(paused);
    expect(Number(paused.resourceVersion)).toBeGreaterThan(Number(labelled.resourceVersion));
  });

  it('keep the status apart: a main write does not touch it, a status write touches nothing else', async () => {
    await using api = await openApi();
    api.put(rollout('web'));
    const both = { spec: { paused: true }, status: { abort: true } };
    const main = await api.ask('PATCH', `${ROLLOUTS}/web`, { body: both, type: MERGE });
    expect(main.body).toMatchObject({ spec: { paused: true } });
    expect(main.body).not.toHaveProperty('status');
    const body = { spec: { paused: false }, metadata: { labels: { x: 'y' } }, status: { abort: true } };
    const status = await api.ask('PATCH', `${ROLLOUTS}/web/status`, { body, type: MERGE });
    expect(status.body).toMatchObject({ spec: { paused: true }, status: { abort: true } });
    expect(status.body['metadata']).toMatchObject({ labels: { app: 'web' } });
  });

  it('refuse a JSON Patch whose test fails, and change nothing', async () => {
    await using api = await openApi();
    api.put(rollout('web'));
    await api.ask('PATCH', `${ROLLOUTS}/web/status`, {
      body: {
        status: { currentPodHash: 'abc', pauseConditions: [{ reason: 'CanaryPauseStep', startTime: 'now' }] },
      },
      type: MERGE,
    });
    const click = (hash: string) =>
      api.ask('PATCH', `${ROLLOUTS}/web/status`, {
        type: JSON_PATCH,
        body: [
          { op: 'test', path: '/metadata/generation', value: 1 },
          { op: 'test', path: '/status/currentPodHash', value: hash },
          { op: 'test', path: '/status/pauseConditions/0/startTime', value: 'now' },
          { op: 'remove', path: '/status/pauseConditions' },
        ],
      });
    const stale = await click('other');
    expect(stale.body).toEqual({
      kind: 'Status',
      apiVersion: 'v1',
      metadata: {},
      status: 'Failure',
      message: 'the server rejected our request due to an error in our request',
      reason: 'Invalid',
      details: {},
      code: 422,
    });
    expect((await click('abc')).code).toBe(200);
    expect((await click('abc')).code).toBe(422);
  });

  it('take escaped pointers, list indexes and moves in a JSON Patch', async () => {
    await using api = await openApi();
    api.put(rollout('web'));
    const body = [
      { op: 'add', path: '/metadata/annotations', value: {} },
      { op: 'add', path: '/metadata/annotations/a~1b', value: '1' },
      { op: 'add', path: '/spec/template/spec/containers/0', value: { name: 'first', image: 'x' } },
      { op: 'add', path: '/spec/template/spec/containers/-', value: { name: 'last', image: 'x' } },
      { op: 'move', from: '/metadata/labels/app', path: '/metadata/labels/was' },
      { op: 'replace', path: '/spec/replicas', value: 3 },
    ];
    const done = await api.ask('PATCH', `${ROLLOUTS}/web`, { body, type: JSON_PATCH });
    expect(done.body).toMatchObject({
      metadata: { annotations: { 'a/b': '1' }, labels: { was: 'web' } },
      spec: {
        replicas: 3,
        template: { spec: { containers: [{ name: 'first' }, { name: 'web' }, { name: 'last' }] } },
      },
    });
    const gone = [{ op: 'remove', path: '/spec/nothing' }];
    expect((await api.ask('PATCH', `${ROLLOUTS}/web`, { body: gone, type: JSON_PATCH })).code).toBe(422);
  });

  it('say what is wrong with a patch in the wrong format', async () => {
    await using api = await openApi();
    api.put(rollout('web'), {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 'web', namespace: 'shop' },
      spec: { selector: { app: 'web' }, ports: [{ port: 80, name: 'a' }] },
    });
    const patch = (body: unknown, type: string) => api.ask('PATCH', `${ROLLOUTS}/web`, { body, type });
    expect((await patch({ spec: {} }, JSON_PATCH)).body).toMatchObject({
      code: 400,
      reason: 'BadRequest',
      message:
        'error decoding patch: json: cannot unmarshal object into Go value of type []handlers.jsonPatchOp',
    });
    expect((await patch([], MERGE)).code).toBe(400);
    expect((await patch({}, 'application/strategic-merge-patch+json')).body).toMatchObject({
      code: 415,
      reason: 'UnsupportedMediaType',
      message:
        'the body of the request was in an unknown format - accepted media types include: application/json-patch+json, application/merge-patch+json, application/apply-patch+yaml',
    });
    expect((await patch({}, 'application/json')).code).toBe(415);
    const merged = await api.ask('PATCH', '/api/v1/namespaces/shop/services/web', {
      type: 'application/strategic-merge-patch+json',
      body: { spec: { ports: [{ port: 443, name: 'b' }], selector: { tier: 'front' } } },
    });
    expect(merged.body).toMatchObject({
      spec: { selector: { app: 'web', tier: 'front' }, ports: [{ port: 80 }, { port: 443 }] },
    });
  });

  it('refuse fields of the wrong type, as the schema of the custom resource does', async () => {
    await using api = await openApi();
    api.put(rollout('web'));
    const patched = await api.ask('PATCH', `${ROLLOUTS}/web/status`, {
      body: { status: { abort: 'yes' } },
      type: MERGE,
    });
    expect(patched.body).toMatchObject({
      code: 422,
      message:
        'Rollout.argoproj.io "web" is invalid: [status.abort: Invalid value: "string": abort in body must be of type boolean: "string", <nil>: Invalid value: null: some validation rules were not checked because the object was invalid; correct the existing errors to complete validation]',
    });
  });

  it('need the version they were read at for a PUT, and refuse an old one', async () => {
    await using api = await openApi();
    api.put(rollout('web'));
    const { body } = await api.ask('GET', `${ROLLOUTS}/web`);
    const changed = { ...body, spec: { ...(rollout('web')['spec'] as object), replicas: 2 } };
    expect((await api.ask('PUT', `${ROLLOUTS}/web`, { body: changed })).code).toBe(200);
    const late = await api.ask('PUT', `${ROLLOUTS}/web`, { body: changed });
    expect(late.body).toMatchObject({
      code: 409,
      reason: 'Conflict',
      message:
        'Operation cannot be fulfilled on rollouts.argoproj.io "web": the object has been modified; please apply your changes to the latest version and try again',
    });
    const blind = await api.ask('PUT', `${ROLLOUTS}/web`, { body: rollout('web') });
    expect(blind.body).toMatchObject({
      code: 422,
      message:
        'rollouts.argoproj.io "web" is invalid: metadata.resourceVersion: Invalid value: 0: must be specified for an update',
    });
    const other = await api.ask('PUT', `${ROLLOUTS}/web`, {
      body: { ...changed, metadata: { name: 'other' } },
    });
    expect(other.code).toBe(400);
  });

  it('are listed in pages that show one moment, until that is forgotten', async () => {
    await using api = await openApi();
    api.put(...['a', 'b', 'c', 'd', 'e'].map((name) => rollout(name)));
    const names = (body: Record<string, unknown>) =>
      (body['items'] as { metadata: { name: string } }[]).map(({ metadata }) => metadata.name);
    const first = await api.ask('GET', `${ROLLOUTS}?limit=2`);
    expect(names(first.body)).toEqual(['a', 'b']);
    const meta = first.body['metadata'] as { continue: string; remainingItemCount: number };
    expect(meta.remainingItemCount).toBe(3);
    await api.ask('DELETE', `${ROLLOUTS}/c`);
    const second = await api.ask('GET', `${ROLLOUTS}?limit=2&continue=${meta.continue}`);
    expect(names(second.body)).toEqual(['c', 'd']);
    api.server.faults.compact();
    const next = (second.body['metadata'] as { continue: string }).continue;
    const late = await api.ask('GET', `${ROLLOUTS}?limit=2&continue=${next}`);
    expect(late.body).toMatchObject({ code: 410, reason: 'Expired' });
  });

  it.each([
    ['labelSelector=app%3Da', ['a']],
    ['labelSelector=app%20in%20(a,b)', ['a', 'b']],
    ['labelSelector=app%20notin%20(a,b)', ['c']],
    ['labelSelector=app!%3Da', ['b', 'c']],
    ['labelSelector=app,!other', ['a', 'b', 'c']],
    ['labelSelector=other', []],
    ['fieldSelector=metadata.name%3Dc', ['c']],
    ['fieldSelector=metadata.name!%3Dc', ['a', 'b']],
  ])('are selected by %s', async (query, names) => {
    await using api = await openApi();
    api.put(...['a', 'b', 'c'].map((name) => rollout(name)));
    const { body } = await api.ask('GET', `${ROLLOUTS}?${query}`);
    expect((body['items'] as { metadata: { name: string } }[]).map(({ metadata }) => metadata.name)).toEqual(
      names,
    );
  });

  it('cannot be selected by other fields', async () => {
    await using api = await openApi();
    const { body } = await api.ask('GET', `${ROLLOUTS}?fieldSelector=spec.paused%3Dtrue`);
    expect(body).toMatchObject({ code: 400, message: 'field label not supported: spec.paused' });
  });

  it('tell clients what there is', async () => {
    await using api = await openApi();
    expect((await api.ask('GET', '/version', { token: '' })).body).toMatchObject({ gitVersion: 'v1.34.1' });
    expect((await api.ask('GET', '/readyz', { token: '' })).body).toEqual({ text: 'ok' });
    const { body } = await api.ask('GET', '/apis/argoproj.io/v1alpha1');
    const names = (body['resources'] as { name: string }[]).map(({ name }) => name);
    expect(names).toContain('rollouts/status');
    expect(names).not.toContain('analysisruns/status');
    expect((await api.ask('GET', '/apis')).body).toMatchObject({ kind: 'APIGroupList' });
    expect((await api.ask('GET', '/api/v1')).body).toMatchObject({ kind: 'APIResourceList' });
  });
});
