import type { RealWorld } from '../../cluster/story/real-world.ts';
import { type CanaryScene, canaryScene } from '../abort/scene.ts';
import { firstPatch, nowMs } from './moments.ts';
import { type Standing, standingOf } from './standing.ts';

/** Milliseconds of one way back. */
export interface RecoveryTimes {
  /** From the confirming request to its first PATCH, answered. */
  patchMs: number;
  /** From the first word to service by the stable version alone. */
  stableMs: number;
  /** From the first word until Git and the cluster agree again. */
  agreedMs: number;
}

/** Releases whose canary rests in staging, and the ways in which a person takes them back. */
export interface RecoveryScene extends Pick<CanaryScene, 'prepare' | 'pausedCanary'> {
  /** By the button on the board, which is first word and confirmation at once. */
  byClick(): Promise<RecoveryTimes>;
  /** By `/rollback` and the form that it opens. */
  byCommand(): Promise<RecoveryTimes>;
}

const ENVIRONMENT = 'staging';
const CHANNEL = 'releases-staging';
const NAMESPACE = 'shop-staging';
const PATIENCE_MS = 120_000;

export function recoveryScene(
  world: RealWorld,
  { person, bot }: { person: string; bot: string },
): RecoveryScene {
  const { workspace, cluster, shop } = world;
  const driver = workspace.person(person);
  const standing = standingOf(world, ENVIRONMENT, shop.services[0]?.name ?? '');
  const wait = (what: string, find: () => boolean | undefined) =>
    workspace.waitFor(find, { deadlineMs: PATIENCE_MS, what });
  const clean = () =>
    workspace
      .state()
      .messages(CHANNEL)
      .filter(({ text }) => /clean/i.test(text)).length;

  async function timed(act: () => Promise<{ beganMs: number; confirmedMs: number }>): Promise<RecoveryTimes> {
    const before = clean();
    const [{ beganMs, confirmedMs }, stable, agreed] = await Promise.all([act(), ...moments(standing)]);
    await wait('clean', () => clean() > before);
    const patch = firstPatch(await cluster.plane.auditEvents(), {
      user: bot,
      namespace: NAMESPACE,
      afterMs: confirmedMs,
    });
    return {
      patchMs: patch.answeredMs - confirmedMs,
      stableMs: stable - beganMs,
      agreedMs: agreed - beganMs,
    };
  }

  return {
    ...canaryScene(world, person),
    byClick: () =>
      timed(async () => {
        const beganMs = nowMs();
        await driver.click({ channel: CHANNEL, text: /→/, button: 'Abort and put back', confirm: 'accept' });
        return { beganMs, confirmedMs: beganMs };
      }),
    byCommand: () =>
      timed(async () => {
        const beganMs = nowMs();
        await driver.slash('/rollback', ENVIRONMENT);
        await wait('the plan', () => driver.openView()?.submit?.startsWith('Roll back'));
        const confirmedMs = nowMs();
        await driver.submit();
        return { beganMs, confirmedMs };
      }),
  };
}

function moments(standing: Standing): [Promise<number>, Promise<number>] {
  return [standing.stableServes(), standing.agreesAnew()];
}
