import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { reviewAccess } from '../../src/adapters/kubernetes/access-review.ts';
import type { ApiAnswer, ApiRequest } from '../../src/adapters/kubernetes/api-client.ts';
import { impersonationHeaders } from '../../src/adapters/kubernetes/identity.ts';
import { type Actor, policyOf } from '../../src/domain/actor.ts';
import type { Placement } from '../../src/domain/catalog/placement.ts';
import { OPERATORS, POLICIES, RECOVERY } from '../../src/domain/rbac/identities.ts';
import { Client } from '../conformance/cluster/client.ts';
import { type ControlPlane, startControlPlane } from './control-plane.ts';
import { BOT, CLUSTER, ENVIRONMENTS, type InstalledProduct, installProduct } from './product-in-cluster.ts';
import { rolloutObject } from './rollout-fixture.ts';
import { waitUntil } from './wait-until.ts';

const ANA: Actor = { kind: 'person', id: 'slack:T0ACME00001:U0ANA00001', via: 'slack' };
/** Somebody who joined after the rights were printed. */
const NEW: Actor = { kind: 'person', id: 'slack:T0ACME00001:U0NEW00001', via: 'slack' };
const BREAK_GLASS: Actor = { kind: 'recovery', id: RECOVERY, person: NEW.id as `slack:${string}:${string}` };
const ROLLOUTS = 'apis/argoproj.io/v1alpha1';
const DEADLINE_MS = 20_000;

let plane: ControlPlane;
let product: InstalledProduct;

beforeAll(async () => {
  plane = await startControlPlane({ podReadyMs: 50 });
  product = await installProduct(plane);
  for (const namespace of [...ENVIRONMENTS, 'default']) {
    const web = rolloutObject({ name: 'web', replicas: 0, image: 'registry.test/web:1' });
    await plane.apply({ ...web, metadata: { name: 'web', namespace } });
  }
});

afterAll(async () => {
  await product?.client[Symbol.asyncDispose]();
  await plane?.stop();
});

function send(request: Omit<ApiRequest, 'deadlineMs'>): Promise<ApiAnswer> {
  return product.client.send({ ...request, deadlineMs: DEADLINE_MS });
}

/** A change that does nothing, of the Rollout `web` in a namespace. */
function touch(namespace: string, as?: ApiRequest['as']): Promise<ApiAnswer> {
  return send({
    method: 'PATCH',
    path: `/${ROLLOUTS}/namespaces/${namespace}/rollouts/web`,
    body: { contentType: 'application/merge-patch+json', json: {} },
    ...(as && { as }),
  });
}

function says({ body }: ApiAnswer): string {
  return z.object({ message: z.string() }).parse(body).message;
}

/** A request with any method and headers, by the holder of the product's token. */
async function raw(method: string, path: string, headers: readonly [string, string][] = []) {
  if (product.access.kind !== 'inline') throw new Error('the product has no token here');
  const { server, token, ca = '' } = product.access;
  const client = new Client({
    url: server,
    ca,
    adminToken: '',
    botToken: token,
    botName: BOT,
    prometheusUrl: '',
    deadlineMs: DEADLINE_MS,
    settleMs: 0,
  });
  try {
    return await client.ask(method, path, method === 'GET' ? undefined : {}, { token: 'bot', headers });
  } finally {
    await client.close();
  }
}

const Rules = z.object({
  status: z.object({
    incomplete: z.boolean(),
    resourceRules: z.array(
      z.object({
        verbs: z.array(z.string()),
        apiGroups: z.array(z.string()).optional(),
        resources: z.array(z.string()).optional(),
      }),
    ),
  }),
});

/** Everything that the API server would let the product itself do in a namespace, as `verb group/resource`. */
async function ownRights(namespace: string): Promise<string[]> {
  const { body } = await send({
    method: 'POST',
    path: '/apis/authorization.k8s.io/v1/selfsubjectrulesreviews',
    body: { contentType: 'application/json', json: { spec: { namespace } } },
  });
  const { status } = Rules.parse(body);
  expect(status.incomplete).toBe(false);
  const rights = status.resourceRules.flatMap(({ verbs, apiGroups = [], resources = [] }) =>
    verbs.flatMap((verb) =>
      apiGroups.flatMap((group) => resources.map((resource) => `${verb} ${group}/${resource}`)),
    ),
  );
  return [...new Set(rights)].sort();
}

/** What everybody who is authenticated may do: https://kubernetes.io/docs/reference/access-authn-authz/rbac/#discovery-roles. */
const EVERYBODY = [
  'create authentication.k8s.io/selfsubjectreviews',
  'create authorization.k8s.io/selfsubjectaccessreviews',
  'create authorization.k8s.io/selfsubjectrulesreviews',
];

const IMPERSONATION = ['impersonate /groups', 'impersonate /users'];

const READ = ['get', 'list', 'watch'].flatMap((verb) =>
  [
    '/events',
    '/pods',
    '/services',
    'apps/deployments',
    'apps/replicasets',
    'argoproj.io/analysisruns',
    'argoproj.io/analysistemplates',
    'argoproj.io/clusteranalysistemplates',
    'argoproj.io/rollouts',
  ].map((what) => `${verb} ${what}`),
);

describe('the product’s own account', () => {
  it.each(ENVIRONMENTS)(
    'reads what it watches in %s, and has not one verb that writes',
    async (namespace) => {
      expect(await ownRights(namespace)).toEqual([...EVERYBODY, ...IMPERSONATION, ...READ].sort());
      for (const path of [
        'api/v1/pods',
        'api/v1/services',
        'apis/apps/v1/replicasets',
        `${ROLLOUTS}/rollouts`,
      ]) {
        const [, version = '', plural = ''] = /^(.*)\/([a-z]+)$/.exec(path) ?? [];
        const list = await send({ method: 'GET', path: `/${version}/namespaces/${namespace}/${plural}` });
        expect([path, list.status]).toEqual([path, 200]);
      }
    },
  );

  it('sees Applications where they are, and nothing elsewhere', async () => {
    const applications = ['get', 'list', 'watch'].map((verb) => `${verb} argoproj.io/applications`);
    expect(await ownRights('argocd')).toEqual([...EVERYBODY, ...IMPERSONATION, ...applications].sort());
    for (const namespace of ['default', 'kube-system', 'signalbox']) {
      expect(await ownRights(namespace)).toEqual([...EVERYBODY, ...IMPERSONATION].sort());
    }
    const secrets = await raw('GET', '/api/v1/namespaces/prod/secrets');
    expect(secrets.code).toBe(403);
  });

  it.each([
    ['POST', `/${ROLLOUTS}/namespaces/prod/rollouts`],
    ['PUT', `/${ROLLOUTS}/namespaces/prod/rollouts/web`],
    ['DELETE', `/${ROLLOUTS}/namespaces/prod/rollouts/web`],
    ['DELETE', '/api/v1/namespaces/prod/pods'],
    ['POST', '/apis/rbac.authorization.k8s.io/v1/clusterrolebindings'],
  ])('is refused %s %s by the API server', async (method, path) => {
    const { code, body } = await raw(method, path);
    expect(code).toBe(403);
    expect(body['message']).toContain(`User "${BOT}" cannot`);
  });

  it('cannot write without a person, also when the program forgets to name one', async () => {
    const answer = await touch('prod');
    expect(answer.status).toBe(403);
    expect(says(answer)).toBe(
      `rollouts.argoproj.io "web" is forbidden: User "${BOT}" cannot patch resource "rollouts" in API group "argoproj.io" in the namespace "prod"`,
    );
    expect((await touch('prod', { user: ANA.id, groups: [OPERATORS] })).status).toBe(200);
  });
});

describe('impersonation', () => {
  it.each([
    ['groups', { user: ANA.id, groups: ['system:masters'] }, 'system:masters'],
    ['groups', { user: ANA.id, groups: [OPERATORS, 'system:masters'] }, 'system:masters'],
    ['groups', { user: ANA.id, groups: ['signalbox:admins'] }, 'signalbox:admins'],
    ['users', { user: NEW.id, groups: [OPERATORS] }, NEW.id],
    ['users', { user: 'admin', groups: [OPERATORS] }, 'admin'],
    ['users', { user: 'signalbox:policy:live', groups: [POLICIES] }, 'signalbox:policy:live'],
  ])('of unlisted %s is refused: %j', async (resource, as, name) => {
    const answer = await touch('prod', as);
    expect(answer.status).toBe(403);
    expect(says(answer)).toBe(
      `${resource} "${name}" is forbidden: User "${BOT}" cannot impersonate resource "${resource}" in API group "" at the cluster scope`,
    );
  });

  it.each([
    ['a service account', [['Impersonate-User', 'system:serviceaccount:kube-system:default']]],
    ['a uid', [...person(), ['Impersonate-Uid', '1']]],
    ['extra fields', [...person(), ['Impersonate-Extra-scopes', 'all']]],
  ] as [string, [string, string][]][])('of %s is refused', async (_, headers) => {
    const { code, body } = await raw('GET', `/${ROLLOUTS}/namespaces/prod/rollouts/web`, headers);
    expect([code, body['message']]).toEqual([403, expect.stringContaining('cannot impersonate resource')]);
  });

  it('of two groups leaves two groups', async () => {
    const groups = [OPERATORS, POLICIES];
    expect(impersonationHeaders({ user: ANA.id, groups })['Impersonate-Group']).toEqual(groups);
    const { body } = await send({
      method: 'POST',
      path: '/apis/authentication.k8s.io/v1/selfsubjectreviews',
      body: { contentType: 'application/json', json: {} },
      as: { user: ANA.id, groups },
    });
    expect(body).toMatchObject({
      status: { userInfo: { username: ANA.id, groups: [...groups, 'system:authenticated'] } },
    });
    await touch('prod', { user: ANA.id, groups });
    const logged = (await plane.auditEvents()).findLast(({ verb }) => verb === 'patch');
    expect(logged?.user.username).toBe(BOT);
    expect(logged?.impersonatedUser).toEqual({
      username: ANA.id,
      groups: [...groups, 'system:authenticated'],
    });
  });
});

function person(): [string, string][] {
  return [
    ['Impersonate-User', ANA.id],
    ['Impersonate-Group', OPERATORS],
  ];
}

describe('those for whom it acts', () => {
  const patch = { verb: 'patch', group: 'argoproj.io', resource: 'rollouts' };
  const mayPatch = async (actor: Actor, namespace: string): Promise<boolean> => {
    const main = await reviewAccess(product.client, { actor, asked: { ...patch, namespace } });
    const status = await reviewAccess(product.client, {
      actor,
      asked: { ...patch, namespace, subresource: 'status' },
    });
    expect(status.allowed).toBe(main.allowed);
    return main.allowed;
  };

  it.each([
    ['a person', ANA, { dev: true, staging: true, prod: true, default: false }],
    ['a person whom nobody listed', NEW, { dev: false, staging: false, prod: false, default: false }],
    ['the policy of dev', policyOf('dev'), { dev: true, staging: false, prod: false, default: false }],
    ['the policy of prod', policyOf('prod'), { dev: false, staging: false, prod: true, default: false }],
    ['recovery', BREAK_GLASS, { dev: true, staging: true, prod: true, default: false }],
  ])('%s may change Rollouts where the rights say it, and nowhere else', async (_, actor, wanted) => {
    const found = await Promise.all(
      Object.keys(wanted).map(async (namespace) => [namespace, await mayPatch(actor, namespace)]),
    );
    expect(Object.fromEntries(found)).toEqual(wanted);
  });

  it('may change nothing else and delete nothing', async () => {
    const asked = [
      { ...patch, verb: 'delete' },
      { ...patch, verb: 'create' },
      { ...patch, verb: 'update' },
      { verb: 'get', group: '', resource: 'secrets' },
      { verb: 'patch', group: 'apps', resource: 'deployments' },
      { verb: 'patch', group: 'apps', resource: 'replicasets' },
      { verb: 'delete', group: '', resource: 'pods' },
      { verb: 'patch', group: 'argoproj.io', resource: 'analysisruns' },
    ];
    for (const actor of [ANA, policyOf('prod'), BREAK_GLASS]) {
      for (const one of asked) {
        const { allowed } = await reviewAccess(product.client, {
          actor,
          asked: { ...one, namespace: 'prod' },
        });
        expect([actor.id, one.verb, one.resource, allowed]).toEqual([
          actor.id,
          one.verb,
          one.resource,
          false,
        ]);
      }
    }
  });

  it('may ask Argo CD to look at Git when they are people or policies, recovery may not', async () => {
    const asked = { verb: 'patch', group: 'argoproj.io', resource: 'applications', namespace: 'argocd' };
    const may = async (actor: Actor) => (await reviewAccess(product.client, { actor, asked })).allowed;
    expect(await Promise.all([ANA, policyOf('prod'), BREAK_GLASS, NEW].map(may))).toEqual([
      true,
      true,
      false,
      false,
    ]);
  });
});

describe('breaking the glass', () => {
  it('aborts as recovery for a person whom the API server does not know, which its audit log shows', async () => {
    const placement: Placement = { cluster: CLUSTER, namespace: 'prod', rollout: 'shop' };
    const shop = (image: string): object => ({
      ...rolloutObject({ name: 'shop', replicas: 2, image }),
      metadata: { name: 'shop', namespace: 'prod' },
    });
    await using clusters = product.open([placement]);
    const until = async (phase: string) =>
      waitUntil(
        () => {
          const seen = clusters.observe(placement);
          return (
            seen.kind === 'seen' && seen.rollout.observed && seen.rollout.phase === phase && seen.rollout
          );
        },
        { what: () => `the Rollout to be ${phase}: ${JSON.stringify(clusters.observe(placement))}` },
      );
    await plane.apply(shop('registry.test/shop:1'));
    await until('Healthy');
    await plane.apply(shop('registry.test/shop:2'));
    const { currentPodHash: podHash } = await until('Paused');
    const abort = {
      kind: 'rollout.abort',
      cluster: CLUSTER,
      namespace: 'prod',
      rollout: 'shop',
      podHash,
    } as const;
    expect(await clusters.perform(abort, NEW)).toMatchObject({
      kind: 'forbidden',
      reason: expect.stringContaining(`users "${NEW.id}" is forbidden`),
      receipt: { kubernetes: { user: NEW.id, status: 403 } },
    });
    expect(await clusters.perform(abort, BREAK_GLASS)).toMatchObject({
      kind: 'done',
      receipt: { kubernetes: { verb: 'patch', subresource: 'status', user: RECOVERY, groups: [] } },
    });
    await until('Degraded');
    const logged = (await plane.auditEvents()).filter(
      ({ verb, objectRef }) =>
        verb === 'patch' && objectRef?.name === 'shop' && objectRef.subresource === 'status',
    );
    expect(
      logged.map(({ user, impersonatedUser, responseStatus }) => [
        user.username,
        impersonatedUser?.username,
        responseStatus?.code,
      ]),
    ).toContainEqual([BOT, RECOVERY, 200]);
  });
});
