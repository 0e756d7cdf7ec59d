import { describe, expect, it } from 'vitest';
import type { PolicyAnswer } from '../../../src/domain/policy/policy-answer.ts';
import type { PolicyInput } from '../../../src/domain/policy/policy-input.ts';
import { UnavailableError } from '../../../src/errors.ts';
import { createMemoryPolicy } from '../../simulation/ports/memory-policy.ts';
import { wordsOf } from '../../views/fixtures.ts';
import { ANA, BEN, type PlainWorld, plainWorld, SERVICE } from '../plain-world.ts';

async function withPolicy(decide: (input: PolicyInput) => PolicyAnswer) {
  const world = await plainWorld({
    environment: {
      approvals: { required: 1, from: ['managers'], owners: 'none', expiresAfterMs: 24 * 3_600_000 },
    },
  });
  world.ports.policy = createMemoryPolicy(decide);
  return world;
}

const told = ({ workspace }: PlainWorld) => {
  const answer = workspace.told.at(-1)?.answer;
  return answer !== undefined && 'message' in answer
    ? wordsOf([answer.message.text, answer.message.blocks])
    : '';
};
const denying = (): PolicyAnswer => ({
  kind: 'decided',
  result: { deny: [{ says: 'not on a Friday', service: SERVICE, remedy: 'Wait for Monday.' }] },
  revision: 'sha256:a41c',
});

describe('a policy of the installation’s own', () => {
  it('that denies refuses a cut, in its words and with its revision', async () => {
    const asked: PolicyInput[] = [];
    const world = await withPolicy((input) => {
      asked.push(input);
      return denying();
    });
    await world.cut(2);
    expect(told(world)).toMatch(
      /Not cut for prod[\s\S]*not on a Friday\n_rule `policy` · `orders-api` · policy sha256:a41c_\nWait for Monday\./,
    );
    expect(await world.newest()).toBe('');
    expect(asked).toMatchObject([
      { services: { [SERVICE]: { tier: 2 } }, now: { weekday: 'Friday', hour: 14 } },
    ]);
  });

  it('that passes a release is on record with its revision', async () => {
    const world = await withPolicy(() => ({ kind: 'decided', result: [], revision: 'sha256:a41c' }));
    const { preflight } = await world.state(await world.cut(2));
    expect(preflight?.rows.find(({ rule }) => rule === 'policy')).toMatchObject({
      outcome: 'pass',
      says: 'the policy denies nothing (sha256:a41c)',
    });
  });

  it('that nobody can ask refuses too', async () => {
    const world = await withPolicy(() => {
      throw new UnavailableError('the policy server can’t be reached (ETIMEDOUT)');
    });
    await world.cut(2);
    expect(told(world)).toMatch(
      /Not cut for prod[\s\S]*policy server can’t be reached \(ETIMEDOUT\)[\s\S]*`policy`/,
    );
  });

  it('may be passed over by two people', async () => {
    const world = await withPolicy(denying);
    await world.ask(ANA, {
      kind: 'exempt',
      rule: 'policy',
      target: SERVICE,
      environment: 'prod',
      forMs: 3_600_000,
      reason: 'a fix that cannot wait',
    });
    await world.ask(BEN, { kind: 'decideExemption', environment: 'prod', exemption: 'E1', grant: true });
    const release = await world.cut(2);
    expect(await world.kinds(release)).toContain('preflight.judged');
  });
});
