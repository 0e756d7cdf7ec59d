import { describe, expect, it } from 'vitest';
import type { Answer } from '../../../src/ports/message.ts';
import { wordsOf } from '../../views/fixtures.ts';
import { ANA, BEN, type PlainWorld, plainWorld, SERVICE } from '../plain-world.ts';

const LIST = `## Preflight

- [ ] Pinned (rule: image-digest-pinned; id: pinned)
- [ ] Enough approvers (rule: maker-checker; id: approvers)
- [ ] Looked (owner: managers; evidence: https://graphs.test; by: anyone; id: looked)
`;

const ASKED = {
  approvals: { required: 1, from: ['managers'], owners: 'none' as const, expiresAfterMs: 3_600_000 },
  checklists: ['checklists/*.md'],
};

function answered({ workspace }: PlainWorld): string {
  const answer = workspace.told.at(-1)?.answer as Answer;
  return 'message' in answer ? wordsOf([answer.message.text, answer.message.blocks]) : answer.kind;
}

async function listed(environment: typeof ASKED = ASKED) {
  const world = await plainWorld({ environment });
  await world.repository.push({ branch: 'main', files: { 'checklists/a.md': LIST } });
  return world;
}

describe('the report of a checklist', () => {
  it('counts what kept releases back, refused cuts among it, and names what never did', async () => {
    const world = await listed();
    const release = await world.cut(2);
    await world.ask(ANA, { kind: 'answerItem', release, item: 'looked', met: false, says: 'it is red' });
    world.people.roles.set('managers', { people: [ANA], usergroups: [] });
    await world.cut(3);
    await world.ask(ANA, { kind: 'checklistReport', environment: 'prod' });
    expect(answered(world)).toMatch(
      /over 1 release[\s\S]*`approvers` {2}kept back 0 of 1 release, refused 1 cut[\s\S]*`pinned` {2}kept back 0 of 1 release /,
    );
    expect(answered(world)).toMatch(/`looked` {2}kept back 1 of 1 release /);
  });

  it('of releases without one says so', async () => {
    const world = await plainWorld();
    await world.ask(ANA, { kind: 'checklistReport' });
    expect(answered(world)).toContain('No release has gone by a checklist yet.');
  });

  it('records a refused cut once, and the same request may still be granted', async () => {
    const world = await listed();
    world.people.roles.set('managers', { people: [ANA], usergroups: [] });
    const services = [{ service: SERVICE, version: { kind: 'tag' as const, tag: '1.2.0' } }];
    const id = await world.ask(ANA, { kind: 'cut', environment: 'prod', services, leaveOut: [] });
    const { facts } = await world.ports.ledger.read('environment:prod');
    expect(facts.filter(({ kind }) => kind === 'cut.refused')).toMatchObject([
      { cause: id, data: { rules: ['maker-checker'] } },
    ]);
    expect(await world.newest()).toBe('');
  });
});

describe('readiness', () => {
  it('tells which of the seven parts a service has, and what to do about the others', async () => {
    const world = await plainWorld({ environment: { ...ASKED, checklists: [] } });
    await world.ask(BEN, { kind: 'readiness', service: SERVICE });
    expect(answered(world)).toMatch(/Readiness of orders-api in prod: 0 of 7/);
    const release = await world.cut(2);
    await world.settle(release);
    const seen = { planHash: (await world.state(release)).planHash, state: 'awaitingApproval' };
    await world.ask(BEN, { kind: 'approve', release, seen });
    await world.settle(release);
    await world.ask(BEN, { kind: 'readiness', service: SERVICE });
    const words = answered(world);
    expect(words).toMatch(/Readiness of orders-api in prod: 3 of 7/);
    expect(words).toMatch(/\*in place\* {2}manifest: /);
    expect(words).toMatch(/\*in place\* {2}audit: /);
    expect(words).toMatch(/\*MISSING\* {2}progressive: 0 canary steps, no required gate\n_Give its Rollout/);
    await world.ask(BEN, { kind: 'rollback', environment: 'prod', services: [SERVICE] });
    await world.settle(await world.newest());
    await world.ask(BEN, { kind: 'readiness' });
    expect(answered(world)).toMatch(/Readiness of orders-api in prod: 4 of 7[\s\S]*\*in place\* {2}rollback/);
  });

  it('of a service that there is not names the nearest', async () => {
    const world = await plainWorld();
    await world.ask(BEN, { kind: 'readiness', service: 'orders-apy' });
    expect(answered(world)).toMatch(/no service orders-apy in prod; did you mean orders-api\?/);
  });
});
