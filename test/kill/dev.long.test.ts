import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FLAG } from '../../src/sandbox/world.ts';
import { startOutsideGit } from '../journeys/outside-git.ts';
import { type People, peopleOf } from '../journeys/people.ts';
import { adopted } from '../journeys/world.ts';
import { type KillWorld, LIFE_MS, PATIENCE_MS, startKillWorld } from './kill-world.ts';
import { EFFECT_KINDS, KILLED_IN } from './points.ts';

let kills: KillWorld;
let people: People;
beforeAll(async () => {
  kills = await startKillWorld();
  people = peopleOf(kills.world, PATIENCE_MS);
}, LIFE_MS);
afterAll(() => kills?.[Symbol.asyncDispose]());

describe('where nobody is asked, kill -9 costs time, and nothing is done twice or not at all', {
  timeout: LIFE_MS,
}, () => {
  it.each([
    ['commits', 'git.commit', '1.8.0'],
    ['refreshes of Argo CD', 'argocd.refresh', '1.9.0'],
    ['messages', 'chat.post', '1.10.0'],
  ] as const)('%s of a release', async (_, kind, version) => {
    kills.arm(kind);
    await kills.persist(() => people.types('dev', `/release cut dev web@${version}`, /is cut/));
    await kills.reached();
    await people.reads(
      'dev',
      new RegExp(`→ dev · released ·[\\s\\S]*→ \\*?${version.replaceAll('.', '\\.')}`),
    );
    await kills.judge();
  });

  it('the commit of a rollback, which is made even where it changes nothing', async () => {
    kills.arm('git.commit');
    await kills.persist(async () => {
      await people.opens('cleo', '/rollback web dev', /Roll back in dev/);
      await kills.world.workspace.person('cleo').submit();
      await people.reads('dev', /Rolling back|Serving stable|Clean/);
    });
    await kills.reached();
    await people.reads('dev', /Clean ·[\s\S]*`web`/);
    await kills.judge();
  });

  it('a Rollout that Git does not own and that goes back', async () => {
    const till = await startOutsideGit(kills.world, { version: '1.7.4' });
    await adopted(kills.store, 'dev', [till.name]);
    const before = till.image();
    await till.runs('1.8.0');
    kills.arm('rollout.undo');
    await kills.persist(async () => {
      await people.opens('cleo', `/rollback ${till.name} dev`, /Roll back in dev/);
      await kills.world.workspace.person('cleo').submit();
      await people.reads('dev', /Rolling back|Serving stable|Clean/);
    });
    await kills.reached();
    await people.reads('dev', /Clean ·[\s\S]*`till`/);
    expect(till.image()).toBe(before);
    await kills.judge();
  });

  it('a change that its controller overlooked', async () => {
    kills.world.cluster.overlookNextChange('shop-dev', 'stock');
    kills.arm('rollout.wake');
    await kills.persist(() => people.types('dev', '/release cut dev stock@1.8.0', /is cut/));
    await kills.reached();
    await people.reads('dev', /→ dev · released ·[\s\S]*`stock` {2}\S+ → \*?1\.8\.0/);
    await kills.judge();
  });

  it('an incident’s channel', async () => {
    const { workspace } = kills.world;
    kills.arm('chat.createChannel');
    await kills.persist(async () => {
      await people.opens('cleo', '/incident open', /Opens a channel/);
      await workspace.person('cleo').submit({ 'What is wrong?': 'empty carts' });
    });
    await kills.reached();
    await workspace.waitFor(
      () => [...workspace.state().channels.values()].some(({ name }) => name.startsWith('inc')),
      { deadlineMs: PATIENCE_MS, what: 'a channel' },
    );
    await kills.judge();
  });

  it('a flag that is turned off', async () => {
    const { flags } = kills.world;
    const here = flags.state.features.get(FLAG)?.['dev'];
    if (here === undefined) throw new Error('no flag');
    here.enabled = true;
    const before = flags.changes.length;
    kills.arm('flag.set');
    await kills.persist(() => people.types('cleo', `/release flag off ${FLAG} dev`, /Turning/));
    await kills.reached();
    await people.reads('dev', new RegExp(`${FLAG}.* is off`));
    expect(flags.changes.slice(before).map(({ path }) => path.split('/').at(-1))).toEqual(['off']);
    await kills.judge();
  });

  it('every point was reached', () => {
    expect(kills.missed('dev')).toEqual([]);
  });

  it('no kind of effect is without its scenes', () => {
    expect(Object.keys(KILLED_IN).toSorted()).toEqual(EFFECT_KINDS.toSorted());
  });
});
