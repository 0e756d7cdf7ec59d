import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type People, peopleOf } from './people.ts';
import { type Journey, PATIENCE_MS, startJourney, TEST_MS } from './world.ts';

let journey: Journey;
let people: People;
beforeAll(async () => {
  journey = await startJourney();
  people = peopleOf(journey.world);
  await people.releasesToDev('stock@1.8.0');
}, TEST_MS);
afterAll(() => journey?.[Symbol.asyncDispose]());

/** Ben presses Tick… on the checklist that he was shown, and brings the evidence. */
async function ticksInForm(evidence: string): Promise<void> {
  const { workspace } = journey.world;
  const ben = workspace.person('ben');
  const message = ben.seesEphemerals('releases-prod').findLast(({ visible }) => visible.includes('Tick…'));
  if (message === undefined) throw new Error('Ben was shown no checklist');
  await ben.click({ message, button: 'Tick…' });
  const asks = () => ben.openView()?.visible.includes('Where the evidence stands');
  await workspace.waitFor(asks, { deadlineMs: PATIENCE_MS, what: 'the form for the evidence' });
  await ben.submit({ 'Where the evidence stands (https://…)': evidence });
}

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

  it('is joined by a checklist in Git, which keeps a release back until its owner has the evidence', async () => {
    const list = [
      '## Preflight',
      '- [ ] Images are pinned (rule: image-digest-pinned)',
      '- [ ] The way back was tried (owner: release-managers; evidence: link; id: tried)',
    ].join('\n');
    await journey.world.gitops.push({ branch: 'main', files: { 'checklists/prod.md': `${list}\n` } });
    const name = await people.cuts('ana', 'prod', 'stock@1.8.0');
    const board = await people.board('prod', name, /Checklist 1 of 2: open The way back was tried/);
    await people.pressesCopy('ben', board, {
      button: 'Checklist',
      words: /checklists\/prod\.md[\s\S]*Tick…/,
    });
    await people.board('prod', name, /Waits for its checklist: The way back was tried/);
    const tick = `/release checklist ${name} tick tried https://wiki.test/drill`;
    await people.types('ana', tick, /does not tick tried: somebody else of release-managers does/);
    await ticksInForm('https://wiki.test/drill');
    await people.board('prod', name, /Checklist 2 of 2/);
    await people.types('ana', '/release checklist report prod', /`tried` {2}kept back 0 of 1 release/);
    await people.presses('ana', 'prod', 'Reject');
    await people.board('prod', name, /rejected/);
    await journey.world.gitops.push({ branch: 'main', files: { 'checklists/prod.md': null } });
  });

  it('is passed over when one person asks and another grants it, typed as a phone types', async () => {
    await people.types(
      'ana',
      '/release cut prod web@1.9.0',
      /Not cut for prod[\s\S]*environment-order[\s\S]*exempt/,
    );
    await people.types(
      'ana',
      '/release exempt environment-order web prod —until 2h —reason “dev is being rebuilt today”',
      /Asked[\s\S]*second person/,
    );
    const card = await people.reads('prod', /Exemption asked for[\s\S]*dev is being rebuilt today/);
    await people.pressesCopy('ana', card, { button: 'Grant', words: /a second person grants it/ });
    await people.presses('ben', 'prod', 'Grant');
    await people.reads('prod', /Exempted[\s\S]*granted by/);
    const name = await people.cuts('ana', 'prod', 'web@1.9.0');
    await people.board('prod', name, /1 exempted[\s\S]*exempted by/);
    await people.presses('ana', 'prod', 'Reject');
    await people.board('prod', name, /rejected/);
  });

  it('is kept from beginning by a freeze, typed as a phone types, until somebody lifts it', async () => {
    await people.types('ana', '/release freeze prod —reason “sale of the year”', /prod is frozen \(F1\)/);
    await people.reads('prod', /\*Frozen\* \(F1\)[\s\S]*sale of the year/);
    const name = await people.cuts('ana', 'prod', 'stock@1.8.0');
    await people.presses('ben', 'prod', 'Approve');
    await people.board('prod', name, /Waits for an end of F1: sale of the year/);
    await people.types('ana', '/release unfreeze prod', /F1 of prod is lifted/);
  });

  it('of a hotfix needs an incident that is open', async () => {
    await people.types(
      'ana',
      '/release cut prod —hotfix INC-9 web@1.9.0',
      /There is no incident INC-9[\s\S]*None is open/,
    );
  });
});
