import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { z } from 'zod';
import { appFolder } from '../../../src/sandbox/shop/gitops-files.ts';
import { ARGOCD_NAMESPACE } from '../../cluster/argocd.ts';
import { commandOutput } from '../../cluster/command.ts';
import type { ControlPlane } from '../../cluster/control-plane.ts';
import { rolloutObject } from '../../cluster/rollout-fixture.ts';
import type { RealWorld } from '../../cluster/story/real-world.ts';
import { waitUntil } from '../../cluster/wait-until.ts';
import { nowMs } from './moments.ts';
import { standingOf } from './standing.ts';

/** What a person does without us: the plugin, Git, and patience. */
export interface ByHand extends AsyncDisposable {
  /** Milliseconds of one `kubectl argo rollouts abort`, from its start to its end. */
  abort(): Promise<number>;
  /** Milliseconds of one `kubectl argo rollouts undo`. */
  undo(): Promise<number>;
  /**
   * A bad version is committed and its canary rests; then abort, revert, push, and the wait for Argo CD's next look at Git. As soon as
   * the stable version serves, `meanwhile` is done: the wait takes minutes.
   */
  wayBack(meanwhile: () => Promise<void>): Promise<{ stableMs: number; agreedMs: number }>;
}

const ENVIRONMENT = 'staging';
const NAMESPACE = 'shop-staging';
/** A Rollout that no release and no Application knows. */
const PLAYGROUND = { name: 'playground', replicas: 2, image: 'registry.test/playground:1' };

const Phase = z.object({ status: z.object({ phase: z.string() }) });

/** Two revisions, so that there is something to go back to. */
async function preparePlayground({ apply, argoRollouts, get }: ControlPlane): Promise<void> {
  await apply(rolloutObject(PLAYGROUND));
  await argoRollouts('status', PLAYGROUND.name, '--timeout', '60s');
  await apply(rolloutObject({ ...PLAYGROUND, image: 'registry.test/playground:2' }));
  const phase = async () => Phase.parse(await get('rollout', PLAYGROUND.name)).status.phase;
  await waitUntil(async () => (await phase()) === 'Paused', { what: 'the second revision' });
}

/** Starts it with a clone of the GitOps repository and a Rollout to practise on. */
export async function startByHand(world: RealWorld): Promise<ByHand> {
  await using opened = new AsyncDisposableStack();
  const { plane } = world.cluster;
  const service = world.shop.services.at(-1);
  if (service === undefined) throw new Error('the shop is empty');
  const clone = opened.adopt(await mkdtemp(join(tmpdir(), 'signalbox-bench-')), (path) =>
    rm(path, { recursive: true, force: true }),
  );
  const git = (...args: string[]) =>
    commandOutput('git', ['-C', clone, '-c', 'user.name=Ana', '-c', 'user.email=ana@shop.test', ...args]);
  const { GITOPS_TOKEN, GITOPS_USER } = world.secrets;
  const remote = world.git.addressOf('gitops').replace('://', `://${GITOPS_USER}:${GITOPS_TOKEN}@`);
  await git('clone', '--quiet', remote, '.');
  await preparePlayground(plane);
  const standing = standingOf(world, ENVIRONMENT, service.name);
  const timed = async (act: () => Promise<unknown>) => {
    const beganMs = nowMs();
    await act();
    return nowMs() - beganMs;
  };
  const file = join(clone, appFolder(ENVIRONMENT, service.name), 'rollout.yaml');
  const bad = world.digests[service.name]?.[service.newer[0]?.version ?? ''] ?? '';

  async function commitBad(): Promise<void> {
    await git('pull', '--quiet', '--rebase');
    const text = await readFile(file, 'utf8');
    await writeFile(file, text.replace(/sha256:[0-9a-f]{64}/, bad));
    await git('commit', '--quiet', '--all', '--message', 'Take the new version');
    await git('push', '--quiet');
    const refresh = ['annotate', '--overwrite', '--namespace', ARGOCD_NAMESPACE];
    await plane.kubectl(
      ...refresh,
      `application/${service?.name}-${ENVIRONMENT}`,
      'argocd.argoproj.io/refresh=normal',
    );
    await standing.pausedCanary();
  }

  const kept = opened.move();
  return {
    abort: () => timed(() => plane.argoRollouts('abort', PLAYGROUND.name)),
    undo: () => timed(() => plane.argoRollouts('undo', PLAYGROUND.name)),
    async wayBack(meanwhile) {
      await commitBad();
      const beganMs = nowMs();
      const back = async () => {
        await plane.argoRollouts('abort', service.name, '--namespace', NAMESPACE);
        await git('revert', '--no-edit', 'HEAD');
        await git('push', '--quiet');
      };
      const stableThenMeanwhile = async () => {
        const [stable] = await Promise.all([standing.stableServes(), back()]);
        await meanwhile();
        return stable;
      };
      const [agreed, stable] = await Promise.all([standing.agreesAnew(), stableThenMeanwhile()]);
      return { stableMs: stable - beganMs, agreedMs: agreed - beganMs };
    },
    [Symbol.asyncDispose]: () => kept.disposeAsync(),
  };
}
