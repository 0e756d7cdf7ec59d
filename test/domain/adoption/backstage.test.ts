import { describe, expect, it } from 'vitest';
import { componentFor, componentsIn } from '../../../src/domain/adoption/backstage.ts';
import { dependenciesAmong } from '../../../src/domain/adoption/describe-service.ts';

interface Given {
  metadata?: object;
  spec?: object;
}

function read({ metadata = {}, spec = {} }: Given) {
  const document = {
    apiVersion: 'backstage.io/v1alpha1',
    kind: 'Component',
    metadata: { name: 'orders', ...metadata },
    spec: { type: 'service', ...spec },
  };
  return componentsIn([{ path: 'catalog-info.yaml', documents: [document], text: '' }]);
}

describe('a component of Backstage', () => {
  it.each<[string, Given, number | undefined]>([
    ['a label', { metadata: { labels: { tier: '1' } } }, 1],
    ['a label that is a number in YAML', { metadata: { labels: { tier: 0 } } }, 0],
    ['an organisation’s label', { metadata: { labels: { 'acme.example/tier': 'tier-3' } } }, 3],
    ['an annotation', { metadata: { annotations: { 'release.gitplumbers.io/tier': 'Tier2' } } }, 2],
    ['a tag', { metadata: { tags: ['java', 'tier-4'] } }, 4],
    ['the label before the tag', { metadata: { labels: { tier: '1' }, tags: ['tier-4'] } }, 1],
    ['what says nothing', { metadata: { labels: { tier: 'gold' }, tags: ['frontier-1'] } }, undefined],
    ['an experiment', { spec: { lifecycle: 'experimental' } }, 4],
    [
      'an experiment with a tier',
      { metadata: { labels: { tier: '2' } }, spec: { lifecycle: 'experimental' } },
      2,
    ],
  ])('has the tier of %s', (_, given, tier) => {
    expect(read(given).components[0]?.tier).toBe(tier);
  });

  it.each([
    ['group:default/Checkout', 'checkout'],
    ['group:checkout', 'checkout'],
    ['default/checkout', 'checkout'],
    ['checkout', 'checkout'],
    ['user:default/ana', 'ana'],
  ])('is owned by %s, which is %s', (owner, name) => {
    expect(read({ spec: { owner } }).components[0]?.owner).toBe(name);
  });

  it('needs components, and no resources', () => {
    const dependsOn = ['component:default/Ledger', 'resource:default/db', 'stock', 'system:shop'];
    expect(read({ spec: { dependsOn } }).components[0]?.dependsOn).toEqual(['ledger', 'stock']);
  });

  it('that cannot be read is told with what is wrong', () => {
    expect(read({ spec: { owner: ['a'] } })).toMatchObject({
      components: [],
      open: [{ at: 'catalog-info.yaml', says: expect.stringContaining('spec.owner: ') }],
    });
  });

  it('is a service’s by its name, else by its Application', () => {
    const { components } = read({ metadata: { annotations: { 'argocd/app-name': 'sales-prod' } } });
    const found = (service: string, applications: string[]) =>
      componentFor(components, { service, applications })?.name;
    expect([found('orders', []), found('sales', ['sales-prod']), found('sales', [])]).toEqual([
      'orders',
      'orders',
      undefined,
    ]);
  });
});

describe('what components need', () => {
  const described = (graph: Record<string, string[]>) =>
    new Map(
      Object.entries(graph).map(
        ([name, value]) => [name, { dependsOn: { value, from: `${name}.yaml` } }] as const,
      ),
    );

  it('is kept among services, and the rest is told', () => {
    const { dependsOn, open } = dependenciesAmong(described({ a: ['b', 'ledger', 'a'], b: [] }));
    expect(dependsOn.get('a')?.value).toEqual(['b']);
    expect(open).toMatchObject([{ at: 'a.yaml', says: 'a depends on ledger, which is no service here' }]);
  });

  it('is left out as a whole when it goes in a circle, which is shown', () => {
    const { dependsOn, open } = dependenciesAmong(described({ a: ['b'], b: ['c'], c: ['a'] }));
    expect(dependsOn.size).toBe(0);
    expect(open).toMatchObject([{ says: expect.stringContaining('a → b → c → a') }]);
  });
});
