import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { parseAllDocuments } from 'yaml';
import { type People, peopleOf } from '../journeys/people.ts';
import { type KillWorld, LIFE_MS, PATIENCE_MS, startKillWorld } from './kill-world.ts';

/** Pauses end while the program is dead, and it is held at the first that it meets in time: there are enough of them. */
const TIMED_STEPS = Array.from({ length: 12 }, (_, i) => [
  { setWeight: 5 * (i + 1) },
  { pause: { duration: 6 } },
]).flat();

let kills: KillWorld;
let people: People;
/** The release that the scenes are about: each takes up where the one before left off. */
let name: string;
beforeAll(async () => {
  kills = await startKillWorld();
  people = peopleOf(kills.world, PATIENCE_MS);
  await people.releasesToDev('web@1.8.0 stock@1.8.0');
}, LIFE_MS);
afterAll(() => kills?.[Symbol.asyncDispose]());

describe('in production, kill -9 costs time, and nothing is done twice or not at all', {
  timeout: LIFE_MS,
}, () => {
  it('a canary that is let go on', async () => {
    kills.arm('rollout.resume');
    name = await cutForProduction('web@1.8.0');
    await kills.reached();
    await people.board('prod', name, /· released ·/);
    await kills.judge();
  });

  it('its finished release, which goes back', async () => {
    kills.arm('rollout.promoteFull');
    await kills.persist(async () => {
      await people.opens('cleo', '/rollback web prod', /Roll back in prod/);
      await kills.world.workspace.person('cleo').submit();
      await people.reads('prod', /Rolling back|Serving stable|Clean/);
    });
    await kills.reached();
    await people.reads('prod', /Clean ·/);
    await kills.judge();
  });

  it('a canary that its gate aborts', async () => {
    kills.arm('rollout.abort');
    kills.metrics.tells({ errorRatio: ['0.5'] });
    name = await cutForProduction('web@1.8.0');
    await kills.reached();
    await people.board('prod', name, /HELD/);
    await kills.judge();
  });

  it('the same, which a person takes up again', async () => {
    kills.metrics.tells({});
    kills.arm('rollout.retry');
    await kills.persist(() => people.presses('ana', 'prod', 'Go on anyway'));
    await kills.reached();
    await people.board('prod', name, /· released ·/);
    await kills.judge();
  });

  it('pauses that would end by themselves before their gates are through', async () => {
    await timePauses('clusters/prod/apps/stock/rollout.yaml');
    kills.metrics.setDown(true);
    kills.arm('rollout.pause');
    name = await cutForProduction('stock@1.8.0');
    await kills.reached();
    await people.board('prod', name, /stock at \d+ %/);
    await kills.judge();
    await kills.persist(() => people.presses('cleo', 'prod', 'Abort and put back'));
    await people.board('prod', name, /rolled-back/);
    await kills.judge();
  });

  it('every point was reached', () => {
    expect(kills.missed('production')).toEqual([]);
  });

  async function timePauses(path: string): Promise<void> {
    const { gitops } = kills.world;
    const documents = parseAllDocuments((await gitops.read('main', path)) ?? '');
    const rollout = documents.find((document) => document.getIn(['kind']) === 'Rollout');
    rollout?.setIn(['spec', 'strategy', 'canary', 'steps'], TIMED_STEPS);
    await gitops.push({ branch: 'main', files: { [path]: documents.join('') } });
  }

  async function cutForProduction(services: string): Promise<string> {
    let cut = '';
    await kills.persist(async () => {
      const told = await people.types('ana', `/release cut prod ${services}`, /→ \S+ is cut/);
      cut = /(\S+) → \S+ is cut/.exec(told)?.[1] ?? '';
    });
    await people.board('prod', cut, /wants 1 approval/);
    await kills.persist(() => people.presses('ben', 'prod', 'Approve'));
    return cut;
  }
});
