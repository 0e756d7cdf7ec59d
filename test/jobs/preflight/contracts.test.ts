import { describe, expect, it } from 'vitest';
import type { PactAnswer, SchemaAnswer } from '../../../src/domain/contract/contract-answer.ts';
import type { ReleaseId } from '../../../src/domain/ids.ts';
import { releaseBranch } from '../../../src/domain/release/commits.ts';
import { UnavailableError } from '../../../src/errors.ts';
import { createMemoryContracts } from '../../simulation/ports/memory-contracts.ts';
import { wordsOf } from '../../views/fixtures.ts';
import { ANA, digestOf, type PlainWorld, plainWorld, SERVICE } from '../plain-world.ts';

const CONTRACTS = `
  contracts:
    - { type: schemaRegistry, subject: orders.v1-value, schemaFile: schemas/orders.avsc, producer: ${SERVICE} }
    - { type: pact, service: ${SERVICE}, version: 4f1c2ab }
    - { type: openapi, service: ${SERVICE}, schemaFile: contracts/orders.yaml }
`;

/** A release whose branch somebody gave a manifest with contracts, and keepers of them in the test's hands. */
async function withContracts(contracts = CONTRACTS) {
  const world = await plainWorld({
    environment: {
      approvals: { required: 1, from: ['managers'], owners: 'none', expiresAfterMs: 24 * 3_600_000 },
    },
  });
  const asked: string[] = [];
  const keepers = {
    schema: (subject: string): SchemaAnswer => {
      asked.push(subject);
      return { kind: 'judged', isCompatible: true, messages: [], level: 'FULL', isNew: false };
    },
    pacts: (): PactAnswer => {
      asked.push('pacts');
      return { kind: 'judged', deployable: true, reason: 'fine', rows: 2 };
    },
  };
  world.ports.contracts = createMemoryContracts({
    schema: (subject) => keepers.schema(subject),
    pacts: () => keepers.pacts(),
  });
  await world.repository.push({
    branch: 'main',
    files: {
      'schemas/orders.avsc': '{"type":"string"}',
      'contracts/orders.yaml': `digest: ${digestOf(2)}\nbreaking: []\n`,
    },
  });
  const release = await world.cut(2);
  await world.settle(release);
  const state = await world.state(release);
  const { path, text } = state.manifest;
  await world.repository.push({
    branch: releaseBranch(state),
    files: { [path]: text.trimEnd() + contracts },
  });
  await world.settle(release);
  const takeOver = async () => {
    const { foreignPush } = await world.state(release);
    return world.ask(ANA, { kind: 'adoptManifest', release, head: foreignPush?.head ?? '' });
  };
  return { world, release, keepers, asked, takeOver };
}

const told = ({ workspace }: PlainWorld) => {
  const answer = workspace.told.at(-1)?.answer;
  return answer !== undefined && 'message' in answer
    ? wordsOf([answer.message.text, answer.message.blocks])
    : '';
};
const again = (release: ReleaseId, afresh: boolean) =>
  ({ kind: 'preflight', release, afresh, whole: false }) as const;

describe('the contracts of a manifest', () => {
  it('are asked about when it is taken over, and pass when everybody says yes', async () => {
    const { world, release, asked, takeOver } = await withContracts();
    await takeOver();
    const { foreignPush, preflight } = await world.state(release);
    expect(foreignPush).toBeUndefined();
    const rows = preflight?.rows ?? [];
    expect(rows.find(({ rule }) => rule === 'contract-compatible')?.outcome).toBe('pass');
    expect(asked.toSorted()).toEqual(['orders.v1-value', 'pacts']);
  });

  it('are not asked about again for the same question, until somebody wants it afresh or time has gone by', async () => {
    const { world, release, asked, takeOver } = await withContracts();
    await takeOver();
    expect((await world.state(release)).manifest.text).toContain('contracts:');
    await world.ask(ANA, again(release, false));
    expect(asked).toHaveLength(2);
    await world.ask(ANA, again(release, true));
    expect(asked).toHaveLength(4);
    await world.time.run(world.time.now() + 5 * 60_000);
    await world.ask(ANA, again(release, false));
    expect(asked).toHaveLength(6);
  });

  it('refuse the release when a keeper says no, and when it does not answer', async () => {
    const { world, release, keepers, takeOver } = await withContracts();
    keepers.pacts = () => ({ kind: 'judged', deployable: false, reason: 'web breaks', rows: 1 });
    await takeOver();
    expect(told(world)).toMatch(
      /Not cut for prod[\s\S]*cannot be deployed: web breaks[\s\S]*`contract-compatible`/,
    );
    expect((await world.state(release)).foreignPush).toBeDefined();
    keepers.pacts = () => {
      throw new UnavailableError("the pact broker can't be reached");
    };
    await world.time.run(world.time.now() + 5 * 60_000);
    await takeOver();
    expect(told(world)).toMatch(/pact broker can't be reached[\s\S]*`contract-compatible`/);
  });

  it('refuse the release when their files are not there, or lead out of the repository', async () => {
    const { world, takeOver } = await withContracts(`
  contracts:
    - { type: schemaRegistry, subject: orders.v1-value, schemaFile: ../secrets.avsc }
    - { type: protobuf, service: ${SERVICE}, schemaFile: contracts/none.yaml }
`);
    await takeOver();
    expect(told(world)).toMatch(/\.\.\/secrets\.avsc is no path inside gitops/);
    expect(told(world)).toMatch(/no protobuf evidence: there is no contracts\/none\.yaml on main of gitops/);
  });
});
