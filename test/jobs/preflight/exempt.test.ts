import { describe, expect, it } from 'vitest';
import { UnavailableError } from '../../../src/errors.ts';
import { readEnvironment } from '../../../src/jobs/read-state.ts';
import { buttonsOf } from '../../simulation/people/desk.ts';
import { wordsOf } from '../../views/fixtures.ts';
import { ANA, BEN, type PlainWorld, plainWorld, SERVICE } from '../plain-world.ts';

/** A service of tier 1 without a gate: `slo-gate-required` refuses its releases. */
const refusingWorld = () =>
  plainWorld({
    tier: 1,
    environment: {
      approvals: { required: 1, from: ['managers'], owners: 'none', expiresAfterMs: 24 * 3_600_000 },
    },
  });

const asking = {
  kind: 'exempt' as const,
  rule: 'slo-gate-required',
  target: SERVICE,
  environment: 'prod',
  forMs: 2 * 3_600_000,
  reason: 'no metrics before WEB-91',
};
const decide = (grant: boolean) => ({
  kind: 'decideExemption' as const,
  environment: 'prod',
  exemption: 'E1',
  grant,
});

const posts = ({ workspace }: PlainWorld) => workspace.channels.get('CPROD')?.posts ?? [];
const last = ({ workspace }: PlainWorld) => {
  const answer = workspace.told.at(-1)?.answer;
  return answer !== undefined && 'message' in answer
    ? wordsOf([answer.message.text, answer.message.blocks])
    : '';
};

describe('an exemption', () => {
  it('asked by one and granted by another lets a release be cut, and stands on its board', async () => {
    const world = await refusingWorld();
    await world.cut(2);
    expect(last(world)).toMatch(/Not cut for prod[\s\S]*`slo-gate-required`[\s\S]*release exempt/);
    await world.ask(ANA, asking);
    expect(posts(world)).toHaveLength(1);
    expect(wordsOf(posts(world)[0]?.message)).toMatch(
      /Exemption asked for[\s\S]*no metrics before WEB-91[\s\S]*\[Grant\]/,
    );
    await world.ask(BEN, decide(true));
    expect(posts(world)).toHaveLength(1);
    expect(wordsOf(posts(world)[0]?.message)).toMatch(/Exempted[\s\S]*granted by BEN/);
    expect(posts(world)[0] && buttonsOf(posts(world)[0]?.message ?? { text: '', blocks: [] })).toEqual([]);
    const release = await world.cut(2);
    await world.settle(release);
    const board = posts(world).at(-1)?.message;
    expect(wordsOf(board)).toMatch(/Preflight: \d+ pass · 1 exempted/);
    expect(wordsOf(board)).toMatch(/`slo-gate-required` of orders-api \*exempted by\* <@UBEN> until/);
    const kinds = (await world.ports.ledger.read('environment:prod')).facts.map((fact) => fact.kind);
    expect(kinds.filter((kind) => kind.startsWith('exemption'))).toEqual([
      'exemption.asked',
      'exemption.granted',
    ]);
  });

  it('that ends before the release is approved lets it pass no longer', async () => {
    const world = await refusingWorld();
    await world.ask(ANA, asking);
    await world.ask(BEN, decide(true));
    const release = await world.cut(2);
    await world.settle(release);
    await world.time.run(world.time.now() + asking.forMs);
    const { planHash } = await world.state(release);
    await world.ask(BEN, { kind: 'approve', release, seen: { planHash, state: 'awaitingApproval' } });
    expect(last(world)).toMatch(/refuses it[\s\S]*`slo-gate-required`/);
    expect((await world.state(release)).approvals).toEqual([]);
  });

  it('that ends between approval and start keeps the release waiting, and says so', async () => {
    const world = await refusingWorld();
    await world.ask(ANA, { ...asking, forMs: 60_000 });
    await world.ask(BEN, decide(true));
    const release = await world.cut(2);
    // The manifest is on its branch; nobody has rung since the approval.
    await world.reconcile(release);
    const { planHash } = await world.state(release);
    await world.ask(BEN, { kind: 'approve', release, seen: { planHash, state: 'awaitingApproval' } });
    await world.time.run(world.time.now() + 60_000);
    await world.settle(release);
    expect((await world.state(release)).started).toBeUndefined();
    expect(wordsOf(posts(world).at(-1)?.message)).toMatch(
      /Waits for its preflight: [\s\S]*slo-gate-required/,
    );
  });

  it('is granted by nobody who asked for it, by nobody without the right, and once', async () => {
    const world = await refusingWorld();
    await world.ask(ANA, asking);
    await world.ask(ANA, decide(true));
    expect(last(world)).toContain('a second person grants it');
    world.people.roles.set('managers', { people: [ANA], usergroups: [] });
    await world.ask(BEN, decide(true));
    expect(last(world)).toContain('needs managers');
    world.people.roles.set('managers', { people: [ANA, BEN], usergroups: [] });
    await world.time.run(world.time.now() + 600_000);
    await world.ask(BEN, decide(false));
    await world.ask(BEN, decide(true));
    expect(last(world)).toContain('has been decided already');
    await world.cut(2);
    expect(last(world)).toContain('Not cut for prod');
  });

  it('that nobody decided in time is not granted afterwards', async () => {
    const world = await refusingWorld();
    await world.ask(ANA, asking);
    await world.time.run(world.time.now() + asking.forMs);
    await world.ask(BEN, decide(true));
    expect(last(world)).toContain('would have ended already');
  });

  it.each([
    [{ rule: 'image-digest-pinned' }, /Nobody is exempted from image-digest-pinned/],
    [{ rule: 'maker-checker' }, /protects the record, the approval or the plan/],
    [{ rule: 'no-such-rule' }, /There is no rule no-such-rule/],
    [{ forMs: 31 * 24 * 3_600_000 }, /30 days at most/],
    [{ target: 'cart' }, /neither a service nor an open release/],
    [{ environment: undefined }, /Say in which environment/],
  ])('that is impossible is refused with what is possible: %o', async (more, words) => {
    const world = await refusingWorld();
    await world.ask(ANA, { ...asking, ...more });
    expect(last(world)).toMatch(words);
    expect(posts(world)).toEqual([]);
  });

  it('is asked for once, also when the answer of the channel was lost', async () => {
    const world = await refusingWorld();
    world.workspace.failNext({ kind: 'answerLost' }, { method: 'post' });
    await expect(world.ask(ANA, asking)).rejects.toThrow(UnavailableError);
    await world.carryOut('request-1');
    expect(posts(world)).toHaveLength(1);
    const { state } = await readEnvironment(world.ports, 'prod');
    expect(state.exemptions.map(({ id }) => id)).toEqual(['E1']);
  });
});
