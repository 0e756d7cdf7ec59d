import { describe, expect, it } from 'vitest';
import { UnavailableError } from '../../../src/errors.ts';
import type { Directory } from '../../../src/ports/directory.ts';
import type { Answer } from '../../../src/ports/message.ts';
import { wordsOf } from '../../views/fixtures.ts';
import { ANA, BEN, type PlainWorld, plainWorld, SERVICE } from '../plain-world.ts';

const ASKED = {
  approvals: { required: 1, from: ['managers'], owners: 'none' as const, expiresAfterMs: 3_600_000 },
};

/** Everything the newest answer shows. */
function answered({ workspace }: PlainWorld): string {
  const answer = workspace.told.at(-1)?.answer as Answer;
  if (answer.kind === 'file') return `${answer.name}\n${answer.text}`;
  return 'message' in answer ? wordsOf([answer.message.text, answer.message.blocks]) : answer.kind;
}

const show = { kind: 'preflight', afresh: true, whole: false } as const;

/** Ana cut the release, so that somebody else has to be there. */
const onlyAna = ({ people }: PlainWorld) => people.roles.set('managers', { people: [ANA], usergroups: [] });
const both = ({ people }: PlainWorld) => people.roles.set('managers', { people: [ANA, BEN], usergroups: [] });

describe('the preflight of a release', () => {
  it('is recorded with the cut, and what it came to stands on the board', async () => {
    const world = await plainWorld({ environment: ASKED });
    const release = await world.cut(2);
    expect(await world.kinds(release)).toEqual(['release.cut', 'preflight.judged']);
    await world.settle(release);
    const board = world.workspace.channels.get('CPROD')?.posts[0]?.message;
    expect(wordsOf(board)).toMatch(/Preflight: \d+ pass · 1 warn · 0 refuse \(slo-gate-required: /);
    expect(wordsOf(board)).toContain('[Preflight]');
    expect(wordsOf(board)).toContain('Risk: *low*');
  });

  it('is shown by group, and judged again on what is so now; only another outcome is a fact', async () => {
    const world = await plainWorld({ environment: ASKED });
    const release = await world.cut(2);
    await world.ask(BEN, { ...show, release });
    expect(answered(world)).toMatch(
      /nothing refuses it[\s\S]*\*Warned\* \(1\)[\s\S]*Pass: [\s\S]*`maker-checker`/,
    );
    expect(answered(world)).toContain('[Run again]');
    onlyAna(world);
    await world.ask(BEN, { ...show, release });
    expect(answered(world)).toMatch(/1 row refuses it[\s\S]*\*Refused\* \(1\)[\s\S]*rule `maker-checker`/);
    await world.ask(BEN, { ...show, release });
    expect(await world.kinds(release)).toEqual(['release.cut', 'preflight.judged', 'preflight.judged']);
    await world.ask(BEN, { ...show, release, whole: true });
    expect(answered(world)).toMatch(/^preflight-shop[\s\S]*REFUSE +maker-checker [\s\S]*pass +release-name/);
  });

  it('shows what went back before as a risk, for services that go again', async () => {
    const world = await plainWorld();
    const bad = await world.cut(2);
    await world.settle(bad);
    await world.ask(ANA, { kind: 'rollback', environment: 'prod', services: [SERVICE] });
    await world.settle(await world.newest());
    expect((await world.state(bad)).ended?.outcome).toBe('rolled-back');
    const next = await world.cut(3);
    expect((await world.state(next)).preflight?.risk).toEqual({
      level: 'low',
      points: 2,
      parts: [{ part: 'history', points: 2, says: 'orders-api went back 1 of 1 times' }],
    });
  });

  it('that refuses lets nobody approve and nothing begin, until it is mended and judged again', async () => {
    const world = await plainWorld({ environment: ASKED });
    const release = await world.cut(2);
    await world.settle(release);
    const seen = { planHash: (await world.state(release)).planHash, state: 'awaitingApproval' };
    onlyAna(world);
    await world.ask(ANA, { ...show, release });
    both(world);
    await world.ask(BEN, { kind: 'approve', release, seen });
    expect(answered(world)).toMatch(/preflight of \S+ refuses it: needs 1 approvals[\s\S]*\[Run it again\]/);
    await world.ask(ANA, { ...show, release });
    await world.ask(BEN, { kind: 'approve', release, seen });
    onlyAna(world);
    await world.ask(ANA, { ...show, release });
    both(world);
    await world.settle(release);
    expect((await world.state(release)).started).toBeUndefined();
    const board = world.workspace.channels.get('CPROD')?.posts[0]?.message;
    expect(wordsOf(board)).toMatch(/Waits for its preflight: needs 1 approvals.*\(maker-checker\)/);
    await world.ask(ANA, { ...show, release });
    await world.settle(release);
    expect((await world.state(release)).ended?.outcome).toBe('released');
    await world.ask(ANA, { ...show, release });
    expect(answered(world)).not.toContain('[Run again]');
  });

  it('does not know what nobody can tell, which refuses a cut as a broken rule does', async () => {
    const world = await plainWorld({ environment: ASKED });
    const members = async () => {
      throw new UnavailableError('Slack is away');
    };
    const { directory: here } = world.ports;
    const directory: Directory = {
      person: (id, options) => here.person(id, options),
      byEmail: (email) => here.byEmail(email),
      byLogin: (login) => here.byLogin(login),
      nameOf: (id) => here.nameOf(id),
      members,
    };
    const away = { ...world.ports, directory };
    const services = [{ service: 'orders-api', version: { kind: 'tag' as const, tag: '1.2.0' } }];
    await world.ask(ANA, { kind: 'cut', environment: 'prod', services, leaveOut: [] }, away);
    expect(answered(world)).toMatch(
      /Not cut for prod[\s\S]*role managers could not be read[\s\S]*`maker-checker`/,
    );
    expect(await world.newest()).toBe('');
  });

  it('of the first environment names a release instead', async () => {
    const world = await plainWorld({ environment: ASKED });
    await world.ask(ANA, { kind: 'preflight', environment: 'prod', afresh: false, whole: false });
    expect(answered(world)).toContain('prod is the first environment');
  });

  it('of a rollback is not asked for: nothing may stand in its way', async () => {
    const world = await plainWorld();
    await world.settle(await world.cut(2));
    await world.ask(ANA, { kind: 'rollback', environment: 'prod', services: [SERVICE] });
    await world.ask(ANA, { ...show, release: await world.newest() });
    expect(answered(world)).toContain('rules are not asked');
  });
});
