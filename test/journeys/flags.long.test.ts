import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { FLAG } from '../../src/sandbox/world.ts';
import { type People, peopleOf } from './people.ts';
import { type Journey, startJourney, TEST_MS } from './world.ts';

let journey: Journey;
let people: People;
beforeAll(async () => {
  journey = await startJourney();
  people = peopleOf(journey.world);
}, TEST_MS);
afterAll(() => journey?.[Symbol.asyncDispose]());

const given = (environment: string) => journey.world.flags.state.features.get(FLAG)?.[environment];

describe('feature flags, from Slack to their provider', { timeout: TEST_MS }, () => {
  it('come with a release, are turned up when it is out, and go back with it first', async () => {
    const { world } = journey;
    const name = await people.releasesToDev('stock@1.8.0');
    expect(name).not.toBe('');
    const again = await people.cuts('ana', 'prod', 'stock@1.8.0');
    const branch = `release/prod/${again}`;
    await people.board('prod', again, /wants 1 approval/);
    const path = 'releases/prod/release.yaml';
    const text = await world.gitops.read(branch, path);
    const flag = `{ key: ${FLAG}, default: false, rollout: [10, 100], services: [stock], rollbackPlan: turn it off }`;
    await world.gitops.push({
      branch,
      files: { [path]: `${text?.trimEnd()}\n  flags:\n    - ${flag}\n` },
      message: 'Bring a flag',
    });
    await people.presses('ana', 'prod', 'Take over the change');
    await people.board('prod', again, /Flag checkout-tax-v2: off, by 10 % → 100 %/);
    await people.presses('ben', 'prod', 'Approve');
    await people.board('prod', again, /· released ·/);
    expect(given('production')).toMatchObject({ enabled: false });
    await people.presses('ben', 'prod', `${FLAG} to 10 %`);
    await people.reads('prod', /is on for 10 %, and was off/);
    expect(given('production')).toMatchObject({
      enabled: true,
      strategies: [{ parameters: { rollout: '10' } }],
    });
    expect(given('dev')).toMatchObject({ enabled: false });
    await people.types('ana', '/release flag', /checkout-tax-v2[\s\S]*is on for 10 %/);
    await people.opens('cleo', `/rollback ${again} prod`, /goes back first: it is turned off/);
    await world.workspace.person('cleo').submit();
    await people.reads('prod', /is off, and was on for 10 %/);
    await people.reads('prod', /Clean ·[\s\S]*Flag `?checkout-tax-v2`? is off/);
    await people.types(
      'ana',
      '/release changes stock prod',
      /flag checkout-tax-v2: on for 10 % → off, urgently/,
    );
  });

  it('are turned off at once by who is on call, also when their provider comes back only later', async () => {
    const { flags } = journey.world;
    const here = given('dev');
    if (here === undefined) throw new Error('no flag');
    here.enabled = true;
    flags.trouble('broken');
    await people.types('cleo', `/release flag off ${FLAG} dev`, /Turning checkout-tax-v2 off in dev/);
    await people.reads('dev', /is to be off, and could not be turned yet: unleash answers 500/);
    flags.trouble('none');
    await people.reads('dev', /checkout-tax-v2[\s\S]* is off, and was on for everybody/);
    expect(given('dev')).toMatchObject({ enabled: false });
  });
});
