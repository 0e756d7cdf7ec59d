import { onTestFinished } from 'vitest';
import { type ApiClient, createApiClient } from '../../../src/adapters/kubernetes/api-client.ts';
import { openCredentials } from '../../../src/adapters/kubernetes/credentials.ts';
import type { Placement } from '../../../src/domain/catalog/placement.ts';
import { rbacObjects } from '../../../src/domain/rbac/rbac-objects.ts';
import { createObject, updateObject } from '../../../src/sandbox/cluster/api/objects.ts';
import { defaultRoles } from '../../../src/sandbox/cluster/api/rbac.ts';
import { resourceOfKind } from '../../../src/sandbox/cluster/api/resources.ts';
import { type ApiServer, startApiServer } from '../../../src/sandbox/cluster/api/server.ts';
import { createStore, type Store } from '../../../src/sandbox/cluster/api/store.ts';
import { createUsers } from '../../../src/sandbox/cluster/api/users.ts';
import type { KubeObject } from '../../../src/sandbox/cluster/rollout/objects.ts';
import { realScheduler } from '../../../src/sandbox/cluster/scheduler.ts';

/** A strict API server without controllers: what is written stays as it is. */
export interface ApiBench {
  server: ApiServer;
  store: Store;
  client: ApiClient;
  /** Makes objects as an administrator. */
  put(...objects: object[]): void;
  /** An object as it is stored. */
  stored(kind: string, name: string): Record<string, Record<string, unknown>>;
}

export const BOT_TOKEN = 'bot-token';

/** Starts the server with the rights that the product itself asks for, for people U1 and the policy and recovery. */
export async function startApiBench(): Promise<ApiBench> {
  const scheduler = realScheduler();
  const store = createStore(scheduler.now);
  const users = createUsers();
  users.add(BOT_TOKEN, { name: 'signalbox-bot', groups: [] });
  const resource = (apiVersion: string, kind: string) => {
    const found = resourceOfKind(apiVersion, kind);
    if (found === undefined) throw new Error(`no resource for ${apiVersion} ${kind}`);
    return found;
  };
  const put = (...objects: object[]): void => {
    for (const object of objects as KubeObject[]) {
      const made = createObject(store, resource(object.apiVersion, object.kind), object);
      if (made.kind === 'failure') throw new Error(made.failure.message);
      if (object['status'] === undefined) continue;
      const next = { ...made.value, status: object['status'] };
      const full = updateObject(store, resource(object.apiVersion, object.kind), {
        stored: made.value,
        next,
        part: 'status',
      });
      if (full.kind === 'failure') throw new Error(full.failure.message);
    }
  };
  const namespaces = ['shop', 'shop-dev'].map((name) => ({
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: { name },
  }));
  put(...defaultRoles(), ...namespaces, ...rights());
  const server = await startApiServer({ store, users, scheduler });
  const access = { kind: 'inline', server: server.url, token: BOT_TOKEN, insecure: true } as const;
  const client = createApiClient('east', openCredentials('east', access, { now: scheduler.now }));
  onTestFinished(async () => {
    await client[Symbol.asyncDispose]();
    await server.close();
  });
  const versions: Record<string, string> = {
    Deployment: 'apps/v1',
    Rollout: 'argoproj.io/v1alpha1',
    Application: 'argoproj.io/v1alpha1',
  };
  return {
    server,
    store,
    client,
    put,
    stored: (kind, name) => {
      const found = store.get(resource(versions[kind] ?? 'v1', kind), 'shop', name);
      return found as unknown as Record<string, Record<string, unknown>>;
    },
  };
}

function placementIn(namespace: string): Placement {
  return { cluster: 'east', namespace, rollout: 'cart', argocd: { namespace: 'shop', application: 'cart' } };
}

function rights(): object[] {
  return rbacObjects({
    cluster: 'east',
    bot: { kind: 'user', name: 'signalbox-bot' },
    people: ['slack:T1:U1', 'slack:T1:U2'],
    environments: [
      { name: 'dev', placements: [placementIn('shop-dev')] },
      { name: 'prod', placements: [placementIn('shop')] },
    ],
    scope: 'namespaces',
    deployments: true,
  });
}

/** A canary Rollout `cart` in the namespace `shop` at its first pause, with `status` as it is given. */
export function cart(over: { spec?: object; status?: object } = {}): object {
  return {
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'Rollout',
    metadata: { name: 'cart', namespace: 'shop', uid: 'uid-cart', labels: { app: 'cart' } },
    spec: {
      replicas: 4,
      selector: { matchLabels: { app: 'cart' } },
      strategy: { canary: { steps: [{ setWeight: 25 }, { pause: {} }, { setWeight: 50 }] } },
      template: templateOf('cart@sha256:'.concat('b'.repeat(64))),
      ...over.spec,
    },
    status: {
      observedGeneration: '1',
      phase: 'Paused',
      message: 'CanaryPauseStep',
      currentPodHash: 'new',
      stableRS: 'old',
      currentStepIndex: 1,
      controllerPause: true,
      pauseConditions: [{ reason: 'CanaryPauseStep', startTime: '2026-01-01T10:00:00Z' }],
      ...over.status,
    },
  };
}

export function templateOf(image: string, labels: Record<string, string> = {}): object {
  return {
    metadata: { labels: { app: 'cart', ...labels } },
    spec: { containers: [{ name: 'cart', image }] },
  };
}

/** A ReplicaSet of `cart`; `owner` is the uid of the Rollout that the server gave it. */
export function replicaSetOf(
  podHash: string,
  is: { image: string; revision: number; owner: string },
): object {
  const labels = { app: 'cart', 'rollouts-pod-template-hash': podHash };
  return {
    apiVersion: 'apps/v1',
    kind: 'ReplicaSet',
    metadata: {
      name: `cart-${podHash}`,
      namespace: 'shop',
      labels,
      annotations: { 'rollout.argoproj.io/revision': String(is.revision) },
      ownerReferences: [
        {
          apiVersion: 'argoproj.io/v1alpha1',
          kind: 'Rollout',
          name: 'cart',
          uid: is.owner,
          controller: true,
        },
      ],
    },
    spec: { replicas: 0, selector: { matchLabels: labels }, template: templateOf(is.image, labels) },
  };
}
