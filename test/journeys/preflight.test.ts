import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type People, peopleOf } from './people.ts';
import { type Journey, startJourney, TEST_MS } from './world.ts';

let journey: Journey;
let people: People;
beforeAll(async () => {
  journey = await startJourney();
  people = peopleOf(journey.world);
  await people.releasesToDev('stock@1.8.0');
}, TEST_MS);
afterAll(() => journey?.[Symbol.asyncDispose]());

describe('every rule, before anything moves', { timeout: TEST_MS }, () => {
  it('is shown for what a cut would take, and for a release, to approvers too', async () => {
    await people.types(
      'ana',
      '/release preflight prod',
      /what would be cut for prod:[\s\S]*\d+ pass · \d+ warn · 0 refuse/,
    );
    const name = await people.cuts('ana', 'prod', 'stock@1.8.0');
    const board = await people.board('prod', name, /Preflight: \d+ pass/);
    const told = await people.pressesCopy('ben', board, { button: 'Preflight', words: /nothing refuses it/ });
    expect(told).toContain('Run again');
    await people.types('ben', `/release preflight ${name}`, /Pass: [\s\S]*maker-checker/);
    await people.presses('ana', 'prod', 'Reject');
    await people.board('prod', name, /rejected/);
  });
});
