/** A service of the sandbox's shop. */
export interface ShopService {
  name: string;
  /** Role that owns it. */
  owner: string;
  tier: number;
  dependsOn: readonly { service: string; minVersion?: string }[];
  /** How Git says what runs. */
  format: 'kustomize' | 'helm' | 'manifest';
  /** What runs everywhere at the beginning. */
  version: string;
  /** Versions that the registry has besides, oldest first, with the e-mail addresses of those who wrote them. */
  newer: readonly { version: string; authors: readonly string[] }[];
}

/** What the sandbox sells. Names can be others: nothing in the sandbox or the program depends on them. */
export interface Shop {
  train: string;
  environments: readonly { name: string; replicas: number }[];
  services: readonly ShopService[];
  /** Databases whose migrations releases wait for, as `signalbox.yaml` has them; absent: none. */
  databases?: Readonly<Record<string, unknown>>;
  /** Trains that leave by themselves; absent: none. */
  trains?: Readonly<Record<string, { environment: string; schedule: string }>>;
}

/** Names for a shop whose names do not matter: drawn, so that nothing can be tuned to them. */
export interface ShopNames {
  train: string;
  /** Six names, in the order of the services below. */
  services: readonly [string, string, string, string, string, string];
}

export const USUAL_NAMES: ShopNames = {
  train: 'checkout',
  services: ['orders-api', 'payments', 'cart', 'inventory', 'search', 'web'],
};

/** Author of the newer versions of the first two services; so this person may not approve them. */
export const AUTHOR = 'dev@shop.test';

/** Six services with dependencies, every file format once at least, in three environments. */
export function shopOf(names: ShopNames = USUAL_NAMES): Shop {
  const [orders, payments, cart, inventory, search, web] = names.services;
  const usual = {
    version: '1.7.4',
    newer: [
      { version: '1.8.0', authors: [AUTHOR] },
      { version: '1.9.0', authors: [AUTHOR] },
    ],
  };
  return {
    train: names.train,
    environments: [
      { name: 'dev', replicas: 1 },
      { name: 'staging', replicas: 2 },
      { name: 'prod', replicas: 4 },
    ],
    services: [
      {
        name: orders,
        owner: 'orders-owners',
        tier: 1,
        dependsOn: [{ service: inventory }],
        format: 'kustomize',
        ...usual,
      },
      {
        name: payments,
        owner: 'payments-owners',
        tier: 1,
        dependsOn: [{ service: orders, minVersion: '1.7.0' }],
        format: 'helm',
        ...usual,
      },
      {
        name: cart,
        owner: 'orders-owners',
        tier: 2,
        dependsOn: [{ service: inventory }],
        format: 'manifest',
        ...usual,
      },
      { name: inventory, owner: 'orders-owners', tier: 2, dependsOn: [], format: 'kustomize', ...usual },
      { name: search, owner: 'web-owners', tier: 3, dependsOn: [], format: 'manifest', ...usual },
      {
        name: web,
        owner: 'web-owners',
        tier: 3,
        dependsOn: [{ service: cart }, { service: search }, { service: payments }],
        format: 'kustomize',
        ...usual,
      },
    ],
  };
}

const WORDS = [
  'amber',
  'birch',
  'cedar',
  'delta',
  'ember',
  'fjord',
  'grove',
  'heron',
  'islet',
  'juniper',
  'kestrel',
  'lagoon',
  'maple',
  'nectar',
  'onyx',
  'pebble',
];
const ENDS = ['api', 'svc', 'web', 'core', 'hub'];

/** Names drawn with `random` (0 to 1, exclusive of 1). */
export function drawNames(random: () => number): ShopNames {
  const words = [...WORDS].sort(() => random() - 0.5);
  const name = (i: number) => `${words[i] ?? 'name'}-${ENDS[Math.floor(random() * ENDS.length)] ?? 'svc'}`;
  return { train: words[15] ?? 'train', services: [name(0), name(1), name(2), name(3), name(4), name(5)] };
}
