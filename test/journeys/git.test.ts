import { setTimeout } from 'node:timers/promises';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { hookDeclined, protectedBranch } from '../../src/sandbox/git-server/push-faults.ts';
import { type People, peopleOf } from './people.ts';
import { commitsOf, type Journey, PATIENCE_MS, startJourney, TEST_MS } from './world.ts';

let journey: Journey;
let people: People;
beforeAll(async () => {
  journey = await startJourney();
  people = peopleOf(journey.world);
}, TEST_MS);
afterAll(() => journey?.[Symbol.asyncDispose]());

describe('Git says no, or nothing at all', { timeout: TEST_MS }, () => {
  it('a push that a hook refuses holds the release with the hook’s words, until a person lets it go on', async () => {
    const { gitops } = journey.world;
    gitops.faultPushesTo('main', hookDeclined('no deployments while the audit runs'));
    const name = await people.cuts('dev', 'dev', 'web@1.8.0');
    await people.board('dev', name, /HELD[\s\S]*no deployments while the audit runs/);
    expect(await commitsOf(journey, `dev/${name}`)).toEqual([]);
    gitops.faultPushesTo('main', undefined);
    await people.presses('dev', 'dev', 'Go on anyway');
    await people.board('dev', name, /· released ·/);
    expect(await commitsOf(journey, `dev/${name}`)).toHaveLength(1);
  });

  it('a protected branch is an answer: the release is held with the host’s words, and can be put back', async () => {
    const { gitops } = journey.world;
    gitops.faultPushesTo('main', protectedBranch('main'));
    const name = await people.cuts('dev', 'dev', 'web@1.9.0');
    await people.board('dev', name, /HELD[\s\S]*gitops refused the push: [\s\S]*through a pull request/);
    expect(await commitsOf(journey, `dev/${name}`)).toEqual([]);
    gitops.faultPushesTo('main', undefined);
    await people.presses('dev', 'dev', 'Abort and put back');
    await people.board('dev', name, /rolled-back/);
  });

  it('a push that hangs is ended by recovery, which does not wait for it', async () => {
    const { git, gitops } = journey.world;
    gitops.faultPushesTo('main', { kind: 'hang' });
    const pushes = git.requests.length;
    const name = await people.cuts('dev', 'dev', 'web@1.12.0');
    await people.board('dev', name, /on its way|wave 1/);
    // Every push is unanswered for a moment; this one stays so.
    const unanswered = () =>
      git.requests
        .slice(pushes)
        .filter(({ path, status }) => path.endsWith('/git-receive-pack') && status === undefined);
    const hangs = async () => {
      const before = unanswered();
      await setTimeout(1_000);
      return before.some((request) => unanswered().includes(request));
    };
    await expect.poll(hangs, { timeout: PATIENCE_MS }).toBe(true);
    gitops.faultPushesTo('main', undefined);
    await people.presses('cleo', 'dev', 'Abort and put back');
    await people.board('dev', name, /rolled-back/);
    expect(await commitsOf(journey, `dev/${name}`)).toEqual([]);
  });

  it('a connection that breaks after the push was done ends in one commit', async () => {
    const { gitops } = journey.world;
    const name = await people.cuts('dev', 'dev', 'stock@1.8.0');
    gitops.faultNextPush({ kind: 'cut', when: 'after' });
    await people.board('dev', name, /· released ·/);
    expect(await commitsOf(journey, `dev/${name}`)).toHaveLength(1);
  });

  it('somebody else’s commit in between is built upon, and stays', async () => {
    const { gitops } = journey.world;
    const land = () => {
      gitops.faultPushesTo('main', undefined);
      return gitops.push({ branch: 'main', files: { 'NOTES.md': 'kept\n' } });
    };
    gitops.faultPushesTo('main', { kind: 'race', when: 'beforeUpdate', land });
    const name = await people.cuts('dev', 'dev', 'stock@1.9.0');
    await people.board('dev', name, /· released ·/);
    expect(await commitsOf(journey, `dev/${name}`)).toHaveLength(1);
    expect(await gitops.read('main', 'NOTES.md')).toBe('kept\n');
  });

  it('with Git away a release waits and says so, and goes on when it is back', async () => {
    const { git } = journey.world;
    const name = await people.cuts('dev', 'dev', 'web@1.10.0');
    git.setDown(true);
    try {
      await people.board('dev', name, /tried again/);
    } finally {
      git.setDown(false);
    }
    await people.board('dev', name, /· released ·/);
    expect(await commitsOf(journey, `dev/${name}`)).toHaveLength(1);
  });
});
