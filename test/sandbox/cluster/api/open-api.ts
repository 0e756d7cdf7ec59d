import { createObject } from '../../../../src/sandbox/cluster/api/objects.ts';
import { defaultRoles } from '../../../../src/sandbox/cluster/api/rbac.ts';
import { resourceOfKind } from '../../../../src/sandbox/cluster/api/resources.ts';
import { type ApiServer, startApiServer } from '../../../../src/sandbox/cluster/api/server.ts';
import { createStore, type Store } from '../../../../src/sandbox/cluster/api/store.ts';
import { createUsers } from '../../../../src/sandbox/cluster/api/users.ts';
import type { KubeObject } from '../../../../src/sandbox/cluster/rollout/objects.ts';
import { realScheduler } from '../../../../src/sandbox/cluster/scheduler.ts';

export const ADMIN = 'admin-token';
export const BOT = 'bot-token';

/** What came back of a request. */
export interface Answered {
  code: number;
  headers: Headers;
  body: Record<string, unknown>;
}

/** An API server without controllers, with an admin and a bot that has no rights yet. */
export interface OpenApi extends AsyncDisposable {
  server: ApiServer;
  store: Store;
  put(...objects: KubeObject[]): void;
  ask(method: string, path: string, options?: Ask): Promise<Answered>;
}

export interface Ask {
  token?: string;
  body?: unknown;
  type?: string;
  headers?: [string, string][];
}

export async function openApi(options: { bookmarkMs?: number } = {}): Promise<OpenApi> {
  const scheduler = realScheduler();
  const store = createStore(scheduler.now);
  const users = createUsers();
  users.add(ADMIN, { name: 'admin', groups: ['system:masters'] });
  users.add(BOT, { name: 'signalbox', groups: [] });
  const put = (...objects: KubeObject[]): void => {
    for (const object of objects) {
      const resource = resourceOfKind(object.apiVersion, object.kind);
      if (resource === undefined) throw new Error(`no resource for ${object.kind}`);
      const made = createObject(store, resource, object);
      if (made.kind === 'failure') throw new Error(made.failure.message);
    }
  };
  put(...defaultRoles(), { apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'shop' } });
  const server = await startApiServer({ store, users, scheduler, ...options });
  return {
    server,
    store,
    put,
    ask: (method, path, ask = {}) => request(server.url + path, method, ask),
    [Symbol.asyncDispose]: () => server.close(),
  };
}

async function request(url: string, method: string, ask: Ask): Promise<Answered> {
  const { token = ADMIN, body, type = 'application/json', headers = [] } = ask;
  const sent = new Headers(headers);
  if (token !== '') sent.set('Authorization', `Bearer ${token}`);
  if (body !== undefined) sent.set('Content-Type', type);
  const text = typeof body === 'string' ? body : JSON.stringify(body);
  const response = await fetch(url, {
    method,
    headers: sent,
    ...(body === undefined ? {} : { body: text }),
    signal: AbortSignal.timeout(5000),
  });
  const answer = await response.text();
  const isJson = response.headers.get('content-type')?.startsWith('application/json') === true;
  return {
    code: response.status,
    headers: response.headers,
    body: isJson ? JSON.parse(answer) : { text: answer },
  };
}

export const ROLLOUTS = '/apis/argoproj.io/v1alpha1/namespaces/shop/rollouts';

export function rollout(name: string, more: Record<string, unknown> = {}): KubeObject {
  return {
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'Rollout',
    metadata: { name, namespace: 'shop', labels: { app: name } },
    spec: {
      replicas: 1,
      selector: { matchLabels: { app: name } },
      template: {
        metadata: { labels: { app: name } },
        spec: { containers: [{ name: 'web', image: 'web:1' }] },
      },
      strategy: { canary: {} },
    },
    ...more,
  };
}
