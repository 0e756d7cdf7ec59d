import { KubeConfig, KubernetesObjectApi, makeInformer } from '@kubernetes/client-node';
import type { StoreEvent } from '../../../src/sandbox/cluster/api/event-log.ts';
import { groupVersionOf, type Resource } from '../../../src/sandbox/cluster/api/resources.ts';
import type { Store } from '../../../src/sandbox/cluster/api/store.ts';
import type { KubeObject } from '../../../src/sandbox/cluster/rollout/objects.ts';
import { waitUntil } from '../wait-until.ts';

/** What a real cluster holds, as it is told by watches: read like the simulated cluster's own store. */
export type Mirror = Pick<Store, 'get' | 'list' | 'subscribe'> & AsyncDisposable;

/** The stock informer gives up at the first fault it does not know; the API server may be restarted under it. */
const RESTART_MS = 250;

/** Mirrors these resources of all namespaces, as the administrator of a kubeconfig; returns when everything was listed. */
export async function startMirror(kubeconfigFile: string, resources: readonly Resource[]): Promise<Mirror> {
  await using opened = new AsyncDisposableStack();
  const config = new KubeConfig();
  config.loadFromFile(kubeconfigFile);
  const listeners = new Set<(event: StoreEvent) => void>();
  const tell = (event: StoreEvent) => {
    for (const listener of [...listeners]) listener(event);
  };
  const tables = new Map<Resource, Table>();
  for (const resource of resources)
    tables.set(resource, opened.use(await followResource(config, resource, tell)));
  const running = opened.move();
  return {
    get: <T extends KubeObject>(resource: Resource<T>, namespace: string | undefined, name: string) =>
      tables.get(resource)?.objects.get(`${namespace ?? ''}/${name}`) as T | undefined,
    list: <T extends KubeObject>(resource: Resource<T>, namespace?: string) =>
      [...(tables.get(resource)?.objects.values() ?? [])].filter(
        ({ metadata }) => namespace === undefined || metadata.namespace === namespace,
      ) as T[],
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    [Symbol.asyncDispose]: () => running.disposeAsync(),
  };
}

interface Table extends AsyncDisposable {
  /** By `namespace/name`. */
  objects: ReadonlyMap<string, KubeObject>;
}

async function followResource(
  config: KubeConfig,
  resource: Resource,
  tell: (event: StoreEvent) => void,
): Promise<Table> {
  const { group, version, plural, kind } = resource;
  const apiVersion = groupVersionOf(resource);
  const client = KubernetesObjectApi.makeApiClient(config);
  const objects = new Map<string, KubeObject>();
  let isListed = false;
  const path = `${group === '' ? '/api' : `/apis/${group}`}/${version}/${plural}`;
  const informer = makeInformer(config, path, async () => {
    const list = await client.list(apiVersion, kind);
    isListed = true;
    return list;
  });
  // The client turns the times of a list into dates, and leaves out what its items are.
  const plain = (object: object): KubeObject => ({
    ...JSON.parse(JSON.stringify(object)),
    apiVersion,
    kind,
  });
  const note = (type: StoreEvent['type'], told: object) => {
    const object = plain(told);
    const key = `${object.metadata.namespace ?? ''}/${object.metadata.name}`;
    if (type === 'DELETED') objects.delete(key);
    else objects.set(key, object);
    tell({ type, resource, object, version: Number(object.metadata.resourceVersion) });
  };
  informer.on('add', (object) => note('ADDED', object));
  informer.on('update', (object) => note('MODIFIED', object));
  informer.on('delete', (object) => note('DELETED', object));
  let isStopped = false;
  let restart: NodeJS.Timeout | undefined;
  informer.on('error', () => {
    if (!isStopped) restart = setTimeout(() => void informer.start(), RESTART_MS);
  });
  await informer.start();
  await waitUntil(() => isListed, { what: `a list of ${plural}` });
  return {
    objects,
    async [Symbol.asyncDispose]() {
      isStopped = true;
      clearTimeout(restart);
      await informer.stop();
    },
  };
}
