import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type People, peopleOf } from './people.ts';
import { type Journey, standing, startJourney, TEST_MS } from './world.ts';

let journey: Journey;
let people: People;
beforeAll(async () => {
  journey = await startJourney();
  people = peopleOf(journey.world);
  await people.releasesToDev('stock@1.8.0 cart@1.8.0');
}, TEST_MS);
afterAll(() => journey?.[Symbol.asyncDispose]());

describe('what a release manager asks before anything moves', { timeout: TEST_MS }, () => {
  it('a plan shows what a cut would do, changes nothing, and is carried out by its button', async () => {
    const before = await standing(journey);
    const plan = await people.types('ana', '/release plan prod', /Plan: 2 services → prod/);
    expect(plan).toMatch(/cart`\s+1\.7\.4 → \*1\.8\.0\*/);
    expect(plan).toMatch(/Order: stock → cart/);
    expect(plan).toMatch(/Approvals: /);
    expect(plan).toMatch(/Way back: /);
    expect(plan).toMatch(/\+2 commits[\s\S]*What is new[\s\S]*nobody in Slack has their address[^"]*Lin Wu/);
    expect(await standing(journey)).toEqual(before);
    const told = await people.pressesAnswer('ana', 'Cut it', /→ prod is cut/);
    const name = /(\S+) → prod is cut/.exec(told)?.[1] ?? '';
    await people.board('prod', name, /wants 2 approvals/);
    await people.presses('ana', 'prod', 'Reject');
    await people.board('prod', name, /rejected/);
  });

  it('a plan whose world moved is not carried out by its old button', async () => {
    await people.types('ana', '/release cut prod --dry-run', /Plan: 2 services → prod/);
    await people.releasesToDev('web@1.8.0');
    const before = await standing(journey);
    const told = await people.pressesAnswer('ana', 'Cut it', /Not done/);
    expect(told).toContain('web 1.7.4 → 1.8.0 came in');
    expect(await standing(journey)).toEqual(before);
  });

  it('a service is dropped before the release begins: the rest goes on under a new name, asked for again', async () => {
    const name = await people.cuts('ana', 'prod', 'stock@1.8.0 cart@1.8.0 web@1.8.0');
    await people.board('prod', name, /3 services · wants/);
    const told = await people.types('ana', '/release drop stock prod', /cart depends on stock/);
    expect(told).toContain('Nothing is dropped yet');
    await people.pressesAnswer('ana', 'Drop all 2', /takes the place of/);
    await people.board('prod', name, /superseded · \S+ goes on without stock, cart/);
    const next = name.replace(/\d+$/, (number) => String(Number(number) + 1));
    await people.board('prod', next, new RegExp(`1 service · wants[\\s\\S]*in place of ${name}`));
    await people.presses('ben', 'prod', 'Approve');
    await people.board('prod', next, /· released ·/);
    const notes = await people.reads('prod', new RegExp(`What is new in ${next}: 2 commits in 1 service`));
    expect(notes.threadTs).toBeDefined();
    const commit = /`([0-9a-f]{8})`/.exec(notes.visible)?.[1] ?? notes.visible;
    await people.types('cleo', `/release where ${commit}`, /runs in dev and prod/);
  });

  it('where a version runs and what changed a service is told from the ledger, with links', async () => {
    const before = await standing(journey);
    const place = await people.types('cleo', '/release where web@1.8.0', /web@1\.8\.0 runs in dev and prod/);
    expect(place).toMatch(/https?:[^|]+\|shop-/);
    await people.types('cleo', '/release where 9.9.9', /Nothing I know of is 9\.9\.9/);
    const changes = await people.types('cleo', '/release changes web prod 1h', /changes? of web in prod/);
    expect(changes).toMatch(/cut 1\.7\.4 → 1\.8\.0 · Ana/);
    expect(changes).toMatch(/superseded: \S+ goes on without|released/);
    expect(await standing(journey)).toEqual(before);
  });

  it('a diff tells environments apart, finds what was pushed by hand, and changes nothing', async () => {
    const { gitops, digests } = journey.world;
    const before = await standing(journey);
    const told = await people.types('cleo', '/release diff dev prod', /2 services differ/);
    expect(told).toMatch(/cart`\s+1\.8\.0 → 1\.7\.4/);
    expect(told).toContain('Plan for prod');
    await people.types(
      'cleo',
      '/release diff prod git cluster',
      /No difference between prod in Git and prod in the cluster/,
    );
    expect(await standing(journey)).toEqual(before);
    const file = 'clusters/dev/apps/web/values.yaml';
    const text = (await gitops.read('main', file)) ?? '';
    await gitops.push({
      branch: 'main',
      files: { [file]: text.replace(/sha256:[0-9a-f]{64}/, digests['web']?.['1.16.0'] ?? '') },
    });
    const drift = await people.types('cleo', '/release diff dev git', /1 service differs/);
    expect(drift).toMatch(/web`\s+1\.8\.0 → /);
    await gitops.push({ branch: 'main', files: { [file]: text } });
  });
});
