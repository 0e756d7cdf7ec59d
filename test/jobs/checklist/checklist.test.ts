import { describe, expect, it } from 'vitest';
import { type PersonId, type ReleaseId, releaseStream } from '../../../src/domain/ids.ts';
import type { ReleaseFact } from '../../../src/domain/ledger/fact.ts';
import { releaseBranch } from '../../../src/domain/release/commits.ts';
import { foldRelease } from '../../../src/domain/release/fold-release.ts';
import type { Answer } from '../../../src/ports/message.ts';
import { wordsOf } from '../../views/fixtures.ts';
import { ANA, BEN, type PlainWorld, plainWorld, SERVICE } from '../plain-world.ts';

const DORA: PersonId = 'slack:T1:UDORA';
const PATH = 'checklists/release-v1.md';

const LIST = `# Release checklist v1

## Preflight

- [ ] Images are pinned (rule: image-digest-pinned)
- [ ] DBA signed off (owner: dba; evidence: link; id: dba-sign-off)

## During rollout

- [ ] Everything serves (fact: serving-proved)
- [ ] Looked at the dashboard (owner: managers; evidence: https://graphs.test/shop; by: anyone; id: looked)

## Rollback

- [ ] Taken back (fact: taken-back; id: back)
- [ ] Announced (owner: managers; evidence: https://wiki.test/ops; by: anyone; id: announced)
`;

async function listed(text = LIST, more: Parameters<typeof plainWorld>[0] = {}) {
  const world = await plainWorld({
    ...more,
    environment: { checklists: ['checklists/*.md'], ...more?.environment },
    roles: { dba: [DORA, ANA] },
  });
  await world.repository.push({ branch: 'main', files: { [PATH]: text } });
  return world;
}

function answered({ workspace }: PlainWorld): string {
  const answer = workspace.told.at(-1)?.answer as Answer;
  return 'message' in answer ? wordsOf([answer.message.text, answer.message.blocks]) : answer.kind;
}

const board = ({ workspace }: PlainWorld, at = 0) =>
  wordsOf(workspace.channels.get('CPROD')?.posts[at]?.message);

const tick = (release: ReleaseId, item: string, link?: string) => ({
  kind: 'answerItem' as const,
  release,
  item,
  met: true,
  ...(link && { link }),
});

describe('the checklist of a release', () => {
  it('is recorded with its version, and keeps the release from beginning until its owner has answered', async () => {
    const world = await listed();
    const release = await world.cut(2);
    expect(await world.kinds(release)).toEqual(['release.cut', 'preflight.judged', 'checklist.taken']);
    const [list] = (await world.state(release)).checklist?.lists ?? [];
    expect(list).toMatchObject({
      path: PATH,
      repository: 'gitops',
      hash: expect.stringMatching(/^[0-9a-f]{64}$/),
    });
    await world.settle(release);
    expect((await world.state(release)).started).toBeUndefined();
    expect(board(world)).toMatch(/Checklist 1 of 4: open DBA signed off \(dba\)/);
    expect(board(world)).toMatch(/Waits for its checklist: DBA signed off: waits for somebody of dba/);
    await world.ask(DORA, tick(release, 'dba-sign-off', 'https://wiki.test/review/12'));
    await world.settle(release);
    expect((await world.state(release)).started).toBeDefined();
    expect((await world.state(release)).checklist?.answers['dba-sign-off']).toMatchObject({
      met: true,
      person: DORA,
      link: 'https://wiki.test/review/12',
    });
    expect((await world.state(release)).ended).toBeUndefined();
    expect(board(world)).toMatch(/Checklist 3 of 4: open Looked at the dashboard \(managers\)/);
    await world.ask(ANA, tick(release, 'looked'));
    await world.settle(release);
    expect((await world.state(release)).ended?.outcome).toBe('released');
  });

  it('goes by the file as it was at the cut', async () => {
    const world = await listed();
    const release = await world.cut(2);
    await world.repository.push({ branch: 'main', files: { [PATH]: '# None\n' } });
    await world.settle(release);
    expect((await world.state(release)).started).toBeUndefined();
    await world.ask(ANA, { kind: 'checklist', release, afresh: true });
    expect(answered(world)).toMatch(/Checklist 1 of 4[\s\S]*`checklists\/release-v1.md`[\s\S]*\[Tick…\]/);
    expect(answered(world)).toContain('[Run again]');
  });

  it('is answered by members of the role alone, with evidence, and not by who made the release', async () => {
    const world = await listed();
    const release = await world.cut(2);
    await world.ask(BEN, tick(release, 'dba-sign-off', 'https://wiki.test/review/12'));
    expect(answered(world)).toMatch(/You can't answer for dba-sign-off: that needs dba[\s\S]*\[Ask dba\]/);
    await world.ask(ANA, tick(release, 'dba-sign-off', 'https://wiki.test/review/12'));
    expect(answered(world)).toMatch(
      /Whoever made \S+, or wrote what is new in it, does not tick[\s\S]*`maker-checker`/,
    );
    await world.ask(DORA, tick(release, 'dba-sign-off'));
    expect(answered(world)).toMatch(/needs a link to its evidence/);
    await world.ask(DORA, tick(release, 'dba-sign-off', 'ftp://wiki.test'));
    expect(answered(world)).toMatch(/is no https address/);
    await world.ask(DORA, tick(release, 'dba-signoff', 'https://wiki.test'));
    expect(answered(world)).toMatch(/no checklist item dba-signoff; did you mean dba-sign-off\?/);
    await world.ask(DORA, tick(release, 'images-are-pinned', 'https://wiki.test'));
    expect(answered(world)).toMatch(/is checked by itself: nobody ticks it/);
    await world.ask(DORA, { ...tick(release, 'dba-sign-off', 'https://wiki.test'), seen: 'another plan' });
    expect(answered(world)).toMatch(/plan of \S+ has changed/);
    expect((await world.state(release)).checklist?.answers).toEqual({});
  });

  it('that an owner refuses says why, until they take it back', async () => {
    const world = await listed();
    const release = await world.cut(2);
    const refuse = {
      kind: 'answerItem',
      release,
      item: 'dba-sign-off',
      met: false,
      says: 'it locks orders',
    } as const;
    await world.ask(DORA, refuse);
    await world.settle(release);
    expect(board(world)).toMatch(/Waits for its checklist: DBA signed off: it locks orders/);
    await world.ask(DORA, { kind: 'checklist', release, afresh: false });
    expect(answered(world)).toMatch(/\*NOT MET\* {2}DBA signed off[\s\S]*it locks orders/);
    await world.ask(DORA, tick(release, 'dba-sign-off', 'https://wiki.test/review/13'));
    await world.settle(release);
    expect((await world.state(release)).started).toBeDefined();
    await world.ask(DORA, refuse);
    expect(answered(world)).toMatch(/has begun: dba-sign-off was asked before/);
  });

  it('asks for the link in a form', async () => {
    const world = await listed();
    const release = await world.cut(2);
    await world.ask(DORA, { kind: 'answerItemForm', release, item: 'dba-sign-off', met: true });
    const answer = world.workspace.told.at(-1)?.answer;
    expect(answer).toMatchObject({
      kind: 'form',
      form: {
        inputs: [{ field: 'link' }],
        submit: { does: { kind: 'answerItem', item: 'dba-sign-off', met: true } },
      },
    });
  });

  it('holds no recovery, and shows what is to be done after one', async () => {
    const world = await listed();
    const release = await world.cut(2);
    await world.ask(DORA, tick(release, 'dba-sign-off', 'https://wiki.test/review/12'));
    await world.settle(release);
    await world.ask(ANA, { kind: 'rollback', environment: 'prod', services: [SERVICE] });
    const recovery = await world.newest();
    await world.settle(recovery);
    await world.settle(release);
    expect((await world.state(recovery)).ended?.outcome).toBe('restored');
    expect(board(world, 1)).toMatch(/Rollback checklist \d of 2: open .*Announced/);
    await world.ask(BEN, tick(release, 'announced'));
    await world.speak(recovery);
    expect(board(world, 1)).toMatch(/Rollback checklist 2 of 2/);
  });

  it('with an item that nobody answers for refuses the cut with file and line', async () => {
    const world = await listed('## Preflight\n\n- [ ] Coverage is fine (CI gate)\n');
    await world.cut(2);
    expect(answered(world)).toMatch(
      /Not cut for prod[\s\S]*says neither what checks it[\s\S]*rule `checklist-complete` · checklists\/release-v1.md:3/,
    );
    expect(await world.newest()).toBe('');
  });

  it('that is asked for and not there refuses, as does Git being away', async () => {
    const world = await listed(LIST, { environment: { checklists: ['checklists/release-v2.md'] } });
    await world.cut(2);
    expect(answered(world)).toMatch(/is not there, and signalbox.yaml asks for it[\s\S]*release-v2.md/);
  });

  it('of more than ten items is advised against', async () => {
    const items = Array.from({ length: 11 }, (_, n) => `- [ ] Thing ${n} (rule: image-digest-pinned)`).join(
      '\n',
    );
    const world = await listed(`## Preflight\n\n${items}\n`);
    const release = await world.cut(2);
    expect(answered(world)).toMatch(/has 11 items, and 10 are advised[\s\S]*`checklist-length`/);
    await world.settle(release);
    expect((await world.state(release)).ended?.outcome).toBe('released');
  });

  it('is asked for no migration where there is none', async () => {
    const world = await listed('## Preflight\n\n- [ ] DBA (owner: dba; evidence: link; when: migrations)\n');
    const release = await world.cut(2);
    await world.settle(release);
    expect((await world.state(release)).ended?.outcome).toBe('released');
  });

  it('keeps the next wave back where its file says so', async () => {
    const world = await listed(
      '## During rollout\n\n- [ ] Looked (owner: managers; evidence: https://graphs.test; by: anyone; before: wave)\n',
      { more: { web: { dependsOn: [SERVICE] } } },
    );
    const release = await world.cut(2, [SERVICE, 'web']);
    await world.settle(release);
    const state = await world.state(release);
    expect(Object.keys(state.effects).filter((id) => id.startsWith('wave-2'))).toEqual([]);
    expect(Object.keys(state.effects).some((id) => id.startsWith('wave-1'))).toBe(true);
    await world.ask(BEN, tick(release, 'looked'));
    await world.settle(release);
    expect((await world.state(release)).ended?.outcome).toBe('released');
  });

  it('is answered for the plan that people saw, and for no other', async () => {
    const world = await listed(
      `${LIST}\n## Preflight\n\n- [ ] One more (owner: managers; evidence: link; id: more)\n`,
    );
    const release = await world.cut(2);
    await world.settle(release);
    await world.ask(DORA, tick(release, 'dba-sign-off', 'https://wiki.test/review/12'));
    const { facts } = await world.ports.ledger.read(releaseStream(release));
    const ofAnother = facts.map((fact) =>
      fact.kind === 'checklist.answered'
        ? { ...fact, data: { ...(fact.data as object), planHash: 'another' } }
        : fact,
    );
    expect(Object.keys(foldRelease(facts as ReleaseFact[])?.checklist?.answers ?? {})).toEqual([
      'dba-sign-off',
    ]);
    expect(foldRelease(ofAnother as ReleaseFact[])?.checklist?.answers).toEqual({});
    const state = await world.state(release);
    const { path, text } = state.manifest;
    await world.repository.push({ branch: releaseBranch(state), files: { [path]: `${text}# by hand\n` } });
    await world.settle(release);
    expect((await world.state(release)).foreignPush).toBeDefined();
    expect((await world.state(release)).checklist?.answers).toEqual({});
  });

  it('stands in the status', async () => {
    const world = await listed();
    await world.cut(2);
    await world.ask(BEN, { kind: 'status' });
    expect(answered(world)).toMatch(/· checklist 1 of 4/);
  });
});
