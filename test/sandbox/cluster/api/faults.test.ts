import { describe, expect, it } from 'vitest';
import { openApi, ROLLOUTS, rollout } from './open-api.ts';

const MERGE = 'application/merge-patch+json';

describe('trouble on demand', () => {
  it('refuses connections while it is down and comes back on the same address', async () => {
    await using api = await openApi();
    await api.server.faults.down();
    await expect(api.ask('GET', ROLLOUTS)).rejects.toThrow();
    await api.server.faults.up();
    expect((await api.ask('GET', ROLLOUTS)).code).toBe(200);
  });

  it('answers 429 and 500 as often as asked, with the time to wait', async () => {
    await using api = await openApi();
    api.server.faults.add({ fault: { kind: 'answer', code: 429, retryAfterSeconds: 7 }, times: 1 });
    api.server.faults.add({ fault: { kind: 'answer', code: 500 }, times: 1 });
    const first = await api.ask('GET', ROLLOUTS);
    expect([first.code, first.headers.get('retry-after'), first.body['reason']]).toEqual([
      429,
      '7',
      'TooManyRequests',
    ]);
    expect((await api.ask('GET', ROLLOUTS)).code).toBe(500);
    expect((await api.ask('GET', ROLLOUTS)).code).toBe(200);
  });

  it('takes rights away for what matches, until it is called off', async () => {
    await using api = await openApi();
    api.put(rollout('web'));
    const off = api.server.faults.add({ fault: { kind: 'forbid' }, when: ({ verb }) => verb === 'patch' });
    const patch = () => api.ask('PATCH', `${ROLLOUTS}/web`, { body: {}, type: MERGE });
    expect((await patch()).body['message']).toBe(
      'rollouts.argoproj.io "web" is forbidden: User "admin" cannot patch resource "rollouts" in API group "argoproj.io" in the namespace "shop"',
    );
    expect((await api.ask('GET', `${ROLLOUTS}/web`)).code).toBe(200);
    off();
    expect((await patch()).code).toBe(200);
  });

  it.each(['commitThenReset', 'reset', 'blackHole'] as const)('can lose an answer: %s', async (kind) => {
    await using api = await openApi();
    api.put(rollout('web'));
    api.server.faults.add({ fault: { kind }, times: 1 });
    const body = { spec: { paused: true } };
    const lost = fetch(`${api.server.url}${ROLLOUTS}/web`, {
      method: 'PATCH',
      headers: { Authorization: 'Bearer admin-token', 'Content-Type': MERGE },
      body: JSON.stringify(body),
      signal: AbortSignal.timeout(200),
    });
    await expect(lost).rejects.toThrow();
    const { body: now } = await api.ask('GET', `${ROLLOUTS}/web`);
    expect((now['spec'] as { paused?: boolean }).paused).toBe(kind === 'commitThenReset' ? true : undefined);
    const codes = api.server.requests.map(({ code }) => code);
    expect(codes[0]).toBeUndefined();
  });

  it('can be slow, and can do what it then denies', async () => {
    await using api = await openApi();
    api.put(rollout('web'));
    api.server.faults.add({ fault: { kind: 'delay', ms: 60 }, times: 1 });
    const begun = performance.now();
    expect((await api.ask('GET', ROLLOUTS)).code).toBe(200);
    expect(performance.now() - begun).toBeGreaterThan(50);
    api.server.faults.add({ fault: { kind: 'commitThenAnswer', code: 504 }, times: 1 });
    const body = { spec: { paused: true } };
    expect((await api.ask('PATCH', `${ROLLOUTS}/web`, { body, type: MERGE })).code).toBe(504);
    const { body: now } = await api.ask('GET', `${ROLLOUTS}/web`);
    expect(now).toMatchObject(body);
  });
});
