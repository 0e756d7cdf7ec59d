import { TerminalError } from '../../errors.ts';
import { createObject, deleteObject } from './api/objects.ts';
import { defaultRoles } from './api/rbac.ts';
import { RESOURCES, type Resource, resourceOfKind } from './api/resources.ts';
import type { Store } from './api/store.ts';
import type { SimulatedCluster } from './cluster.ts';
import { NODE_NAME } from './controllers/kubelet.ts';
import { applyObject } from './gitops/apply.ts';
import type { KubeObject } from './rollout/objects.ts';
import { timestamp } from './rollout/time.ts';

/** Milliseconds somebody waits for something where nothing else is said. */
const DEADLINE_MS = 10_000;

/** Milliseconds between looks at what no change of an object tells, such as a request. */
const POLL_MS = 50;

/** Makes what every cluster has from the start: a few namespaces, a node, the default roles. */
export function seed(store: Store): void {
  const namespaces = ['default', 'kube-system', 'argocd', 'argo-rollouts'].map((name) => ({
    apiVersion: 'v1',
    kind: 'Namespace',
    metadata: { name, labels: { 'kubernetes.io/metadata.name': name } },
  }));
  const node = { apiVersion: 'v1', kind: 'Node', metadata: { name: NODE_NAME } };
  for (const object of [...namespaces, node, ...defaultRoles()]) {
    createObject(store, resourceFor(object.apiVersion, object.kind), object);
  }
}

/** What an administrator does to a cluster without going through its API. */
export function accessTo(
  store: Store,
  now: () => number,
): Pick<SimulatedCluster, 'apply' | 'get' | 'list' | 'delete'> {
  return {
    apply(objects) {
      for (const object of objects) {
        const applied = applyObject(store, resourceFor(object.apiVersion, object.kind), object);
        if (applied.kind === 'failure') throw new TerminalError(applied.failure.message);
      }
    },
    get: (kind, namespace, name) => structuredClone(store.get(resourceNamed(kind), namespace, name)),
    list: (kind, namespace) => structuredClone(store.list(resourceNamed(kind), namespace)),
    delete(kind, namespace, name) {
      deleteObject(store, resourceNamed(kind), { namespace, name, deletionTimestamp: timestamp(now()) });
    },
  };
}

function resourceFor(apiVersion: string, kind: string): Resource<KubeObject> {
  const resource = resourceOfKind(apiVersion, kind);
  if (resource === undefined) throw new TerminalError(`this cluster has no ${kind} in ${apiVersion}`);
  return resource;
}

function resourceNamed(kind: string): Resource<KubeObject> {
  const resource = RESOURCES.find((one) => one.kind === kind);
  if (resource === undefined) throw new TerminalError(`this cluster has no ${kind}`);
  return resource;
}

/** Waits until `look` finds something, looking again after every change. */
export function waitFor<T>(
  store: Pick<Store, 'subscribe'>,
  wish: { what: string; look: () => T | undefined | false; deadlineMs: number | undefined },
): Promise<T> {
  return new Promise((resolve, reject) => {
    const end = (): void => {
      unsubscribe();
      clearTimeout(timer);
      clearInterval(poll);
    };
    const look = (): void => {
      try {
        const found = wish.look();
        if (found === undefined || found === false) return;
        end();
        resolve(found);
      } catch (error) {
        end();
        reject(error);
      }
    };
    const unsubscribe = store.subscribe(() => queueMicrotask(look));
    const poll = setInterval(look, POLL_MS);
    const deadlineMs = wish.deadlineMs ?? DEADLINE_MS;
    const timer = setTimeout(() => {
      end();
      reject(new Error(`waited ${deadlineMs} ms for ${wish.what}`));
    }, deadlineMs);
    look();
  });
}
