import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type People, peopleOf } from './people.ts';
import { type Journey, standing, startJourney, TEST_MS } from './world.ts';

let journey: Journey;
let people: People;
beforeAll(async () => {
  journey = await startJourney();
  people = peopleOf(journey.world);
}, 60_000);
afterAll(() => journey?.[Symbol.asyncDispose]());

const digest = (characters: number) => `sha256:${'a'.repeat(characters)}`;

describe('what is typed wrong is refused with the way on, and changes nothing', { timeout: TEST_MS }, () => {
  const mistakes: [string, string, string, RegExp][] = [
    ['an unknown verb', 'dev', '/release ctu dev', /cut/],
    ['an unknown environment', 'dev', '/release cut pord web@1.8.0', /no environment pord[\s\S]*prod/],
    ['an unknown service', 'dev', '/release cut dev wbe@1.8.0', /no service wbe in dev[\s\S]*web/],
    ['an unknown version', 'dev', '/release cut dev web@9.9.9', /has no 9\.9\.9[\s\S]*1\.8\.0/],
    [
      'a digest of 63 characters',
      'dev',
      `/release cut dev web@${digest(63)}`,
      /has 63 characters[\s\S]*not 64/,
    ],
    ['a digest that nobody pushed', 'dev', `/release cut dev web@${digest(64)}`, /Not cut for dev/],
    ['a release that is not there', 'ana', '/release abort .77', /don't know which release you mean/],
  ];

  it.each(mistakes)('%s', async (_, person, typed, words) => {
    const before = await standing(journey);
    await people.types(person, typed, words);
    expect(await standing(journey)).toEqual(before);
  });

  it('a command that Slack does not know never reaches the program', async () => {
    const before = journey.world.workspace.deliveries.length;
    const result = await journey.world.workspace.person('ana').slash('/relaese', 'status');
    expect(result).toMatchObject({ kind: 'refused' });
    expect(journey.world.workspace.deliveries).toHaveLength(before);
  });
});

describe('what may not be done is refused with the rule and who can help, and changes nothing', {
  timeout: TEST_MS,
}, () => {
  it('a person without the right is told the rule and offered to ask those who may', async () => {
    const before = await standing(journey);
    const told = await people.types('cleo', '/release cut dev web@1.8.0', /You can't cut a release for dev/);
    expect(told).toContain('environments.dev.may.cut');
    expect(told).toContain('Ask developers');
    expect(await standing(journey)).toEqual(before);
  });

  it('a guest is told that guests are not acted for', async () => {
    const before = await standing(journey);
    await people.types('gus', '/release cut dev web@1.8.0', /I don't act for guests[\s\S]*members-only/);
    expect(await standing(journey)).toEqual(before);
  });
});

describe('what phones make of typed words is understood', { timeout: TEST_MS }, () => {
  it('smart quotes and a capital letter', async () => {
    const name = await people.cuts('dev', 'Dev', '“web@1.8.0”');
    await people.board('dev', name, /· released ·/);
  });

  it('a smart dash in an option and bare words mean the same', async () => {
    const [dashed, bare] = [
      await planOf('/rollback web dev —to .1'),
      await planOf('/rollback web dev to .1'),
    ];
    expect(dashed).toMatch(/Nothing to roll back in dev/);
    expect(bare).toBe(dashed);
  });

  async function planOf(typed: string): Promise<string> {
    const form = await people.opens('ana', typed, /web|Nothing|know/);
    await journey.world.workspace.person('ana').closeView();
    return form;
  }
});
