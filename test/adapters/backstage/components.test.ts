import { describe, expect, it } from 'vitest';
import { createBackstage } from '../../../src/adapters/backstage/components.ts';
import { TerminalError, UnavailableError } from '../../../src/errors.ts';
import { type Entities, startBackstage } from '../../servers/backstage.ts';

const FILTER = 'kind=component,spec.type=service';

function component(name: string, more: { spec?: object; metadata?: object } = {}) {
  return {
    apiVersion: 'backstage.io/v1alpha1',
    kind: 'Component',
    metadata: { name, namespace: 'default', uid: `uid-${name}`, ...more.metadata },
    spec: { type: 'service', lifecycle: 'production', owner: 'group:default/checkout', ...more.spec },
    relations: [{ type: 'ownedBy', targetRef: 'group:default/checkout' }],
  };
}

async function open(holds: Entities, over: { filter?: string; authorization?: string } = {}) {
  const server = await startBackstage(holds);
  const backstage = createBackstage({
    url: `${server.url}/api/catalog`,
    filter: FILTER,
    timeoutMs: 500,
    ...over,
  });
  return { server, backstage, [Symbol.asyncDispose]: () => server[Symbol.asyncDispose]() };
}

describe('a live Backstage', () => {
  it('tells its components page by page, and what of them cannot be used', async () => {
    const entities = [
      component('orders', {
        metadata: {
          labels: { tier: '1' },
          annotations: { 'release.gitplumbers.io/image': 'ghcr.io/acme/orders' },
        },
        spec: { system: 'shop', dependsOn: ['component:default/ledger', 'resource:default/db'] },
      }),
      component('ledger'),
      component('broken', { spec: { dependsOn: 'ledger' } }),
      component('page', { spec: { type: 'website' } }),
      {
        apiVersion: 'backstage.io/v1alpha1',
        kind: 'API',
        metadata: { name: 'orders' },
        spec: { type: 'service' },
      },
    ];
    await using opened = await open({ entities, page: 2 });
    const { components, unusable } = await opened.backstage.read();
    expect(components.map(({ name }) => name)).toEqual(['orders', 'ledger']);
    expect(components[0]).toMatchObject({
      owner: 'checkout',
      tier: 1,
      system: 'shop',
      dependsOn: ['ledger'],
      image: 'ghcr.io/acme/orders',
    });
    expect(unusable).toEqual([{ name: 'broken', says: expect.stringContaining('spec.dependsOn') }]);
    expect(opened.server.received.map(({ query }) => new URLSearchParams(query).has('cursor'))).toEqual([
      false,
      true,
    ]);
  });

  it('sends nothing again that did not change, and what did', async () => {
    const holds: Entities = { entities: ['a', 'b', 'c'].map((name) => component(name)), page: 2 };
    await using opened = await open(holds);
    const first = await opened.backstage.read();
    expect(await opened.backstage.read()).toEqual(first);
    expect(opened.server.statuses).toEqual([200, 200, 304, 304]);
    holds.entities[2] = component('d');
    expect((await opened.backstage.read()).components.map(({ name }) => name)).toEqual(['a', 'b', 'd']);
    expect(opened.server.statuses.slice(4)).toEqual([304, 200]);
  });

  it.each<[string, Partial<Entities>, object, RegExp, typeof TerminalError | typeof UnavailableError]>([
    ['who it does not know', { authorization: 'Bearer right' }, {}, /401: Missing.*tokenEnv/, TerminalError],
    ['a filter that is none', {}, { filter: '=service' }, /400: Invalid filter.*filter/, TerminalError],
    ['nobody, when it is broken', { trouble: 'broken' }, {}, /answers 500/, UnavailableError],
    ['nobody, when it hangs', { trouble: 'hang' }, {}, /can't be reached/, UnavailableError],
  ])('answers %s', async (_, more, over, words, kind) => {
    await using opened = await open({ entities: [component('a')], ...more }, over);
    const failed = opened.backstage.read();
    await expect(failed).rejects.toThrow(words);
    await expect(failed).rejects.toBeInstanceOf(kind);
  });

  it('says that an address is not its catalog’s', async () => {
    await using server = await startBackstage({ entities: [] });
    const backstage = createBackstage({ url: server.url, filter: FILTER, timeoutMs: 500 });
    await expect(backstage.read()).rejects.toThrow(/404: not found.*catalog\.backstage\.url/);
  });
});
