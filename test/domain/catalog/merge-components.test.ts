import { describe, expect, it } from 'vitest';
import type { Component } from '../../../src/domain/adoption/backstage.ts';
import { mergeComponents, withBlame } from '../../../src/domain/catalog/merge-components.ts';

const component = (name: string, more: Partial<Component> = {}): Component => ({
  name,
  owner: 'checkout',
  tier: 1,
  dependsOn: [],
  applications: [],
  file: 'Backstage',
  ...more,
});

function merge(services: Record<string, unknown>, components: Component[]) {
  const document = { file: 'catalog.yaml', value: { services }, locate: () => undefined };
  const { document: merged, filled } = mergeComponents(document, components);
  return { services: (merged.value as { services: Record<string, unknown> }).services, filled };
}

describe('a catalog that Backstage fills up', () => {
  it('keeps its own word, and takes what it leaves open', () => {
    const { services, filled } = merge({ orders: { tier: 3, image: 'r/orders' } }, [component('orders')]);
    expect(services['orders']).toEqual({ tier: 3, image: 'r/orders', owner: 'checkout' });
    expect(filled).toEqual({ orders: ['owner'] });
  });

  it('gets a service from a component that names its image, and none from another', () => {
    const { services } = merge({}, [
      component('ledger', { image: 'r/ledger', environments: ['prod'] }),
      component('website'),
    ]);
    expect(services).toEqual({
      ledger: { owner: 'checkout', tier: 1, image: 'r/ledger', environments: ['prod'] },
    });
  });

  it('depends on what is a service here, and on nothing else', () => {
    const { services } = merge({ orders: {}, ledger: {} }, [
      component('orders', { dependsOn: ['ledger', 'mail-provider', 'orders', 'ledger'] }),
    ]);
    expect(services['orders']).toMatchObject({ dependsOn: ['ledger'] });
  });

  it('is as it was where it cannot be understood', () => {
    const document = { file: 'catalog.yaml', value: [1], locate: () => undefined };
    expect(mergeComponents(document, [component('orders')]).document).toBe(document);
  });

  it('says of a fault that Backstage said it', () => {
    const fault = (path: string) => ({ file: 'catalog.yaml', path, says: 'is no role' });
    const [said, own] = withBlame([fault('services.orders.owner'), fault('services.web.owner')], {
      orders: ['owner'],
    });
    expect(said?.says).toMatch(
      /is no role \(said by Backstage: correct the component there, or write owner here\)/,
    );
    expect(own?.says).toBe('is no role');
  });
});
