import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type AlertmanagerServer, startAlertmanager } from '../servers/alertmanager.ts';
import { type People, peopleOf } from './people.ts';
import { commitsOf, type Journey, startJourney, TEST_MS } from './world.ts';

let alertmanager: AlertmanagerServer;
let journey: Journey;
let people: People;
beforeAll(async () => {
  alertmanager = await startAlertmanager({ alerts: [] });
  journey = await startJourney(undefined, { at: { alertmanager: alertmanager.url } });
  people = peopleOf(journey.world);
  await people.releasesToDev('stock@1.8.0');
}, TEST_MS);
afterAll(async () => {
  await journey?.[Symbol.asyncDispose]();
  await alertmanager?.[Symbol.asyncDispose]();
});

const BURNS = {
  labels: { alertname: 'CheckoutDown', severity: 'page' },
  annotations: { summary: 'Checkout is down' },
};

describe('a house that burns', { timeout: TEST_MS }, () => {
  it('takes in no release, keeps back one that was approved before, and lets it go on when it is over', async () => {
    const name = await people.cuts('ana', 'prod', 'stock@1.8.0');
    alertmanager.holds.alerts = [BURNS];
    await people.types(
      'ana',
      '/release cut prod web@1.8.0',
      /Not cut for prod[\s\S]*1 open: Checkout is down \(Alertmanager\)[\s\S]*no-active-sev1/,
    );
    // Asked again by hand: what the cut was told counts for a minute.
    await people.types('ben', `/release preflight ${name}`, /1 open: Checkout is down/);
    await people.board('prod', name, /Waits for its preflight: 1 open: Checkout is down/);
    alertmanager.holds.alerts = [];
    await people.types('ben', `/release preflight ${name}`, /nothing open at the record, Alertmanager/);
    await people.presses('ben', 'prod', 'Approve');
    await people.board('prod', name, /· released ·/);
  });

  it('takes in the hotfix that mends it, through a freeze, with whoever is on call as approver', async () => {
    const { workspace } = journey.world;
    await people.opens('cleo', '/incident open', /Opens a channel/);
    await workspace.person('cleo').submit({ 'What is wrong?': 'Checkout is down' });
    await people.types('ana', '/release freeze prod —reason “nobody touches anything”', /prod is frozen/);
    await people.types(
      'ana',
      '/release cut prod cart@1.8.0',
      /Not cut for prod[\s\S]*INC-1 Checkout is down/,
    );
    const name = await people.cuts('ana', 'prod', 'cart@1.8.0 —hotfix INC-1');
    await people.board('prod', name, /\*hotfix\* for INC-1[\s\S]*on-call/);
    await people.presses('cleo', 'prod', 'Approve');
    await people.board('prod', name, /· released ·/);
    const [commit] = await commitsOf(journey, `prod/${name}`);
    expect(commit).toMatch(/Approved-By: slack:\S+U0CLEO0001/);
    const manifest = await journey.world.gitops.read('main', 'releases/prod/release.yaml');
    expect(manifest).toMatch(/signalbox\/incident: INC-1[\s\S]*type: hotfix/);
    await people.types('cleo', '/incident timeline', new RegExp(name));
  });
});
