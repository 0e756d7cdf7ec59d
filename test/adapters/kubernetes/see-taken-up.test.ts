import { describe, expect, it } from 'vitest';
import { performEffect } from '../../../src/adapters/kubernetes/perform-effect.ts';
import type { Actor } from '../../../src/domain/actor.ts';
import type { ClusterDone, ClusterEffect } from '../../../src/ports/cluster.ts';
import { type ApiBench, cart, startApiBench } from './api-bench.ts';

const ANA: Actor = { kind: 'person', id: 'slack:T1:U1', via: 'slack' };
const abort: ClusterEffect = {
  kind: 'rollout.abort',
  cluster: 'east',
  namespace: 'shop',
  rollout: 'cart',
  podHash: 'new',
};

interface Waited {
  done: ClusterDone;
  /** Milliseconds that went by. */
  ms: number;
  touches: number;
}

/** Aborts, with time that goes by at once; `meanwhile` happens in each pause, told how many there were. */
async function abortAnd(
  bench: ApiBench,
  meanwhile: (pauses: number) => Promise<void> | void = () => undefined,
): Promise<Waited> {
  let ms = 0;
  let pauses = 0;
  const pause = async (each: number): Promise<void> => {
    ms += each;
    pauses += 1;
    await meanwhile(pauses);
  };
  const clock = { now: () => Date.now() + ms };
  const done = await performEffect(
    { cluster: 'east', client: bench.client, clock, pause },
    { effect: abort, actor: ANA },
  );
  const touches = bench.server.requests.filter(
    ({ contentType, impersonated }) => contentType.includes('merge-patch') && impersonated?.user === ANA.id,
  );
  return { done, ms, touches: touches.length };
}

/** What a controller does when it has looked. */
const controllerWrites =
  ({ client }: ApiBench) =>
  async (): Promise<void> => {
    await client.send({
      method: 'PATCH',
      path: '/apis/argoproj.io/v1alpha1/namespaces/shop/rollouts/cart/status',
      body: { contentType: 'application/merge-patch+json', json: { status: { phase: 'Degraded' } } },
      as: { user: 'slack:T1:U2', groups: ['signalbox:operators'] },
      deadlineMs: 2_000,
    });
  };

async function withCart(status: object = {}): Promise<ApiBench> {
  const bench = await startApiBench();
  bench.put(cart({ status }));
  return bench;
}

describe('after a write', () => {
  it('goes on as soon as the controller has written, and touches nothing', async () => {
    const bench = await withCart();
    const { done, ms, touches } = await abortAnd(bench, controllerWrites(bench));
    expect([done.kind, ms, touches]).toEqual(['done', 50, 0]);
  });

  it('touches a Rollout that its controller overlooks, in the same name, until it looks', async () => {
    const bench = await withCart();
    const write = controllerWrites(bench);
    const { done, touches } = await abortAnd(bench, (pauses) => (pauses === 4 ? write() : undefined));
    expect([done.kind, touches]).toEqual(['done', 1]);
    const touch = { verb: 'patch', object: 'east/shop/rollouts/cart', user: ANA.id, status: 200 };
    expect(done).toMatchObject({
      receipt: { kubernetes: { subresource: 'status' }, alsoWrote: [touch] },
    });
    const { generation, annotations } = bench.stored('Rollout', 'cart')['metadata'] ?? {};
    expect(generation).toBe(1);
    expect(annotations).toHaveProperty('signalbox/look-again');
  });

  it('waits two seconds for a controller that is away, and leaves it at that', async () => {
    const { done, ms, touches } = await abortAnd(await withCart());
    expect([done.kind, ms, touches]).toEqual(['done', 2_000, 2]);
  });

  it('is done all the same when the touch is refused or the server goes away', async () => {
    const refused = await withCart();
    refused.server.faults.add({
      fault: { kind: 'forbid' },
      when: ({ contentType }) => contentType.includes('merge-patch'),
    });
    expect((await abortAnd(refused)).done.kind).toBe('done');
    const away = await withCart();
    expect((await abortAnd(away, () => away.server.faults.down())).done.kind).toBe('done');
  });

  it('wakes a controller also when the write was done before, and lets it be when it has heard', async () => {
    const unheard = await abortAnd(await withCart({ abort: true }));
    expect([unheard.done.kind, unheard.touches]).toEqual(['found', 2]);
    const conditions = [{ type: 'Progressing', status: 'False', reason: 'RolloutAborted', message: '' }];
    const heard = await abortAnd(await withCart({ abort: true, conditions, controllerPause: false }));
    expect([heard.done.kind, heard.ms]).toEqual(['found', 0]);
  });
});
