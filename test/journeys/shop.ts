import { AUTHOR, type Shop, type ShopService } from '../../src/sandbox/shop/shop.ts';

/** What runs at the beginning of every journey. */
export const FIRST = '1.7.4';

/** Enough versions for a file of journeys; the last is Dev's own work. */
const NEWER = ['1.8.0', '1.9.0', '1.10.0', '1.11.0', '1.12.0', '1.13.0', '1.14.0', '1.15.0', '1.16.0'];
export const WRITTEN_BY_DEV = '2.0.0';

/** Three services, one of which needs another, in two environments: one where nobody is asked, and production. */
export const SMALL_SHOP: Shop = {
  train: 'shop',
  environments: [
    { name: 'dev', replicas: 1 },
    { name: 'prod', replicas: 2 },
  ],
  services: [
    service({ name: 'stock', owner: 'orders-owners', tier: 3, format: 'kustomize' }),
    service({
      name: 'cart',
      owner: 'orders-owners',
      tier: 1,
      format: 'manifest',
      dependsOn: [{ service: 'stock' }],
    }),
    service({ name: 'web', owner: 'web-owners', tier: 3, format: 'helm' }),
  ],
};

function service(
  given: Pick<ShopService, 'name' | 'owner' | 'tier' | 'format'> & Partial<ShopService>,
): ShopService {
  return {
    dependsOn: [],
    version: FIRST,
    newer: [
      ...NEWER.map((version) => ({ version, authors: [] })),
      { version: WRITTEN_BY_DEV, authors: [AUTHOR] },
    ],
    ...given,
  };
}
