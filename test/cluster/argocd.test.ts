import { mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { z } from 'zod';
import { commandOutput } from './command.ts';
import { type ControlPlane, startControlPlane } from './control-plane.ts';
import { rolloutObject } from './rollout-fixture.ts';
import { waitUntil } from './wait-until.ts';

const Application = z.object({
  status: z
    .object({
      sync: z.object({ status: z.string(), revision: z.string().default('') }).optional(),
      health: z.object({ status: z.string().optional() }).optional(),
    })
    .default({}),
});

const OrdersRollout = z.object({
  metadata: z.object({ generation: z.int() }),
  status: z.object({ phase: z.string().optional(), observedGeneration: z.string().optional() }).default({}),
  spec: z.object({
    template: z.object({ spec: z.object({ containers: z.array(z.object({ image: z.string() })) }) }),
  }),
});

const first = { name: 'orders-api', replicas: 2, image: 'registry.test/orders-api:1' };
const second = { ...first, image: 'registry.test/orders-api:2' };

let plane: ControlPlane;
let repository: string;

beforeAll(async () => {
  plane = await startControlPlane({ argocd: {}, podReadyMs: 100 });
  repository = join(plane.directory, 'gitops');
  await mkdir(repository);
  await git('init', '--quiet', '--initial-branch=main');
});

afterAll(() => plane?.stop());

function git(...args: string[]): Promise<string> {
  const identity = ['-c', 'user.name=Ana', '-c', 'user.email=ana@example.invalid'];
  return commandOutput('git', ['-C', repository, ...identity, ...args]);
}

/** Commits the Rollout and gives back the commit. */
async function commit(rollout: object): Promise<string> {
  await writeFile(join(repository, 'rollout.json'), JSON.stringify(rollout));
  await git('add', '.');
  await git('commit', '--quiet', '--message', 'release');
  return (await git('rev-parse', 'HEAD')).trim();
}

async function waitForApplication(revision: string, state: { sync: string; health: string }): Promise<void> {
  let seen: unknown;
  const look = async (): Promise<boolean> => {
    const { status } = Application.parse(await plane.get('application', 'orders', 'argocd'));
    seen = status;
    const isThere = status.sync?.status === state.sync && status.health?.status === state.health;
    return isThere && status.sync?.revision === revision;
  };
  try {
    await waitUntil(look, {
      what: () => `Application to be ${JSON.stringify(state)}, last ${JSON.stringify(seen)}`,
    });
  } catch (cause) {
    // An Application is as late as its Rollout's controller: which of the two it was has to be seen.
    const { metadata, status } = OrdersRollout.parse(await plane.get('rollout', 'orders-api'));
    throw new Error(`the Rollout is ${JSON.stringify({ generation: metadata.generation, ...status })}`, {
      cause,
    });
  }
}

/** Every change of the specification raises the generation. */
async function rolloutInCluster(): Promise<{ image: string | undefined; generation: number }> {
  const { metadata, spec } = OrdersRollout.parse(await plane.get('rollout', 'orders-api'));
  return { image: spec.template.spec.containers[0]?.image, generation: metadata.generation };
}

describe('the control plane with Argo CD', () => {
  it('syncs an Application from Git, follows a commit when refreshed, and takes back what Git does not say', async () => {
    const v1 = await commit(rolloutObject(first));
    await plane.apply({
      apiVersion: 'argoproj.io/v1alpha1',
      kind: 'Application',
      metadata: { name: 'orders', namespace: 'argocd' },
      spec: {
        project: 'default',
        source: { repoURL: `file://${repository}`, path: '.', targetRevision: 'main' },
        destination: { server: plane.url, namespace: 'default' },
        syncPolicy: { automated: { selfHeal: true, prune: true } },
      },
    });
    await waitForApplication(v1, { sync: 'Synced', health: 'Healthy' });

    const v2 = await commit(rolloutObject(second));
    await plane.kubectl(
      'annotate',
      '--namespace',
      'argocd',
      'application/orders',
      'argocd.argoproj.io/refresh=normal',
    );
    await waitForApplication(v2, { sync: 'Synced', health: 'Suspended' });
    const synced = await rolloutInCluster();
    expect(synced.image).toBe(second.image);

    await plane.argoRollouts('undo', 'orders-api');
    const undone = (await plane.auditEvents()).filter(
      ({ verb, objectRef }) => verb === 'patch' && objectRef?.resource === 'rollouts',
    );
    expect(JSON.stringify(undone.map(({ requestObject }) => requestObject))).toContain(first.image);
    const isReverted = async (): Promise<boolean> => {
      const { image, generation } = await rolloutInCluster();
      return generation > synced.generation + 1 && image === second.image;
    };
    await waitUntil(isReverted, { what: 'self-heal to revert the undo' });
  });
});
