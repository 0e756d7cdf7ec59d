import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type People, peopleOf } from './people.ts';
import { WRITTEN_BY_DEV } from './shop.ts';
import { type Journey, PATIENCE_MS, posted, standing, startJourney, TEST_MS } from './world.ts';

let journey: Journey;
let people: People;
beforeAll(async () => {
  journey = await startJourney();
  people = peopleOf(journey.world);
  await people.releasesToDev(`web@${WRITTEN_BY_DEV} stock@1.8.0 cart@1.8.0`);
}, TEST_MS);
afterAll(() => journey?.[Symbol.asyncDispose]());

describe('approvals count only for the plan that was seen, and never one’s own', { timeout: TEST_MS }, () => {
  it('whoever cut a release or wrote what is in it is refused, and so is whoever is not asked', async () => {
    const name = await people.cuts('ana', 'prod', `web@${WRITTEN_BY_DEV}`);
    const board = await people.board('prod', name, /wants 1 approval/);
    await posted(journey, `prod/${name}`, 'notes');
    const before = await standing(journey);
    const approve = (person: string, words: RegExp) =>
      people.pressesCopy(person, board, { button: 'Approve', words });
    await approve('ana', /does not approve it[\s\S]*maker-checker/);
    await approve('dev', /does not approve it[\s\S]*maker-checker/);
    await approve('cleo', /needs release-managers/);
    expect(await standing(journey)).toEqual(before);
    await people.presses('ana', 'prod', 'Reject');
    await people.board('prod', name, /rejected/);
  });

  it('two approvals at the same moment both count, and the board is drawn once for what they come to', async () => {
    const name = await people.cuts('ana', 'prod', 'cart@1.8.0 stock@1.8.0');
    const board = await people.board('prod', name, /wants 2 approvals/);
    const { workspace } = journey.world;
    await Promise.all(
      ['ben', 'olu'].map((person) =>
        workspace.person(person).click({ message: board, button: 'Approve', confirm: 'accept' }),
      ),
    );
    await people.board('prod', name, /Approved by (Ben and Olu|Olu and Ben)/);
    await people.board('prod', name, /· released ·/);
    const told = await people.pressesCopy('ben', board, { button: 'Approve', words: /no longer waits/ });
    expect(told).toContain('Not done');
  });

  it('a push by somebody else voids approvals until a person takes it over, and the old card is refused', async () => {
    const { gitops } = journey.world;
    const name = await people.cuts('ana', 'prod', `web@${WRITTEN_BY_DEV}`);
    const old = await people.board('prod', name, /wants 1 approval/);
    const branch = await branchOf(name);
    const path = 'releases/prod/release.yaml';
    const text = (await gitops.read(branch, path)) ?? '';
    const before = await gitops.head('main');
    await gitops.push({ branch, files: { [path]: `${text}# by hand\n` } });
    await people.presses('ben', 'prod', 'Approve');
    await people.board('prod', name, /somebody pushed to its branch/);
    await people.pressesCopy('ben', old, {
      button: 'Approve',
      words: /Somebody pushed to the branch[\s\S]*Not done/,
    });
    expect(await gitops.head('main')).toBe(before);
    await people.presses('pia', 'prod', 'Take over the change');
    const adopted = await people.board('prod', name, /wants 1 approval/);
    await people.pressesCopy('pia', adopted, { button: 'Approve', words: /does not approve it/ });
    await people.pressesCopy('ben', old, { button: 'Approve', words: /asked about plan[\s\S]*Not done/ });
    await people.presses('ben', 'prod', 'Reject');
    await people.board('prod', name, /rejected/);
  });

  it('a manifest that unfolds to gigabytes is refused by name, and everything else goes on', async () => {
    const { gitops } = journey.world;
    const name = await people.cuts('ana', 'prod', `web@${WRITTEN_BY_DEV}`);
    await people.board('prod', name, /wants 1 approval/);
    const branch = await branchOf(name);
    const before = await gitops.head('main');
    await gitops.push({ branch, files: { 'releases/prod/release.yaml': bomb() } });
    await people.presses('ben', 'prod', 'Approve');
    const board = await people.board('prod', name, /somebody pushed to its branch/);
    await people.pressesCopy('pia', board, { button: 'Take over the change', words: /alias|limit|too/i });
    expect(await gitops.head('main')).toBe(before);
    await people.presses('ana', 'prod', 'Reject');
    await people.board('prod', name, /rejected/);
  });
});

async function branchOf(name: string): Promise<string> {
  const until = performance.now() + PATIENCE_MS;
  for (;;) {
    const branch = (await journey.world.gitops.branches()).find((each) => each.includes(name));
    if (branch) return branch;
    if (performance.now() > until) throw new Error(`there is no branch of ${name}`);
    await new Promise((resolve) => setTimeout(resolve, 20));
  }
}

/** Nine levels of nine aliases each: 387 million strings. Source: https://en.wikipedia.org/wiki/Billion_laughs_attack */
function bomb(): string {
  const levels = 'abcdefghi'.split('');
  const lines = levels.map((level, i) => {
    const before = levels[i - 1];
    return `${level}: &${level} [${Array(9)
      .fill(before ? `*${before}` : '"lol"')
      .join(', ')}]`;
  });
  return `${lines.join('\n')}\n`;
}
