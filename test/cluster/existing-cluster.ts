import { readFileSync } from 'node:fs';
import { KubeConfig } from '@kubernetes/client-node';
import { z } from 'zod';
import { type ApiClient, createApiClient } from '../../src/adapters/kubernetes/api-client.ts';
import { openCredentials } from '../../src/adapters/kubernetes/credentials.ts';
import { TerminalError } from '../../src/errors.ts';
import { Client } from '../conformance/cluster/client.ts';

/** Somebody with a token, as the API server calls them. */
export interface Account {
  readonly user: string;
  readonly token: string;
}

/** A cluster that somebody else runs, with two accounts of ours in it. Disposing of it takes them away. */
export interface ExistingCluster extends AsyncDisposable {
  readonly url: string;
  /** PEM; absent: one of the system's. */
  readonly ca?: string;
  /** May do everything. */
  readonly admin: Account;
  /** No rights. */
  readonly bot: Account;
}

/** Long enough for every test; the accounts are gone earlier. */
const TOKEN_SECONDS = 7200;

const REQUEST_MS = 20_000;

const RBAC = '/apis/rbac.authorization.k8s.io/v1';

const Token = z.object({ status: z.object({ token: z.string() }) });

/**
 * Makes two service accounts in a namespace of their own, because the holder of a kubeconfig may have no token to hand on.
 * Throws `TerminalError` when the cluster refuses, and `UnavailableError` when it cannot be reached.
 */
export async function openExistingCluster(kubeconfig: string): Promise<ExistingCluster> {
  const access = { kind: 'kubeconfig', path: kubeconfig } as const;
  const credentials = openCredentials('existing', access, { now: () => Date.now() });
  await using client = createApiClient('existing', credentials);
  const namespace = `signalbox-test-${Math.random().toString(36).slice(2, 8)}`;
  await create(client, '/api/v1/namespaces', { metadata: { name: namespace } });
  await create(client, `${RBAC}/clusterrolebindings`, {
    metadata: { name: namespace },
    roleRef: { apiGroup: 'rbac.authorization.k8s.io', kind: 'ClusterRole', name: 'cluster-admin' },
    subjects: [{ kind: 'ServiceAccount', name: 'admin', namespace }],
  });
  const admin = await account(client, { namespace, name: 'admin' });
  const bot = await account(client, { namespace, name: 'signalbox' });
  const address = addressIn(kubeconfig);
  return {
    ...address,
    admin,
    bot,
    [Symbol.asyncDispose]: () => remove(namespace, { ...address, admin, bot }),
  };
}

function addressIn(kubeconfig: string): Pick<ExistingCluster, 'url' | 'ca'> {
  const config = new KubeConfig();
  config.loadFromFile(kubeconfig);
  const cluster = config.getCurrentCluster();
  if (cluster === null) throw new TerminalError(`${kubeconfig} names no current cluster`);
  const { server, caData, caFile } = cluster;
  const url = server.replace(/\/$/, '');
  if (caData !== undefined) return { url, ca: Buffer.from(caData, 'base64').toString() };
  return caFile === undefined ? { url } : { url, ca: readFileSync(caFile, 'utf8') };
}

async function account(
  client: ApiClient,
  { namespace, name }: { namespace: string; name: string },
): Promise<Account> {
  const accounts = `/api/v1/namespaces/${namespace}/serviceaccounts`;
  await create(client, accounts, { metadata: { name } });
  const asked = { spec: { expirationSeconds: TOKEN_SECONDS } };
  const { status } = Token.parse(await create(client, `${accounts}/${name}/token`, asked));
  return { user: `system:serviceaccount:${namespace}:${name}`, token: status.token };
}

async function create(client: ApiClient, path: string, json: object): Promise<unknown> {
  const body = { contentType: 'application/json', json } as const;
  const answer = await client.send({ method: 'POST', path, body, deadlineMs: REQUEST_MS });
  if (answer.status < 300) return answer.body;
  throw new TerminalError(`POST ${path}: ${answer.status} ${JSON.stringify(answer.body)}`);
}

/** The right to do it goes last. */
async function remove(
  namespace: string,
  cluster: Omit<ExistingCluster, keyof AsyncDisposable>,
): Promise<void> {
  const { url, ca, admin, bot } = cluster;
  const client = new Client({
    url,
    ...(ca !== undefined && { ca }),
    adminToken: admin.token,
    botToken: bot.token,
    botName: bot.user,
    prometheusUrl: '',
    deadlineMs: REQUEST_MS,
    settleMs: 0,
  });
  try {
    await client.ask('DELETE', `/api/v1/namespaces/${namespace}`);
    await client.ask('DELETE', `${RBAC}/clusterrolebindings/${namespace}`);
  } finally {
    await client.close();
  }
}
