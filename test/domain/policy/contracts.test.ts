import { describe, expect, it } from 'vitest';
import type { ContractAnswer, SchemaAnswer } from '../../../src/domain/contract/contract-answer.ts';
import { makePlan } from '../../../src/domain/plan/make-plan.ts';
import { preflight, preflightOffline } from '../../../src/domain/policy/preflight.ts';
import { BEN, CLEO, catalogOf, contentOf, digestOf, environmentOf, planInput } from '../plan/world.ts';

const contents = { orders: contentOf('orders', '1.8.0'), web: contentOf('web', '9.10.0') };
const environment = environmentOf({ requireVerified: false });
const ORDERS = digestOf('orders 1.8.0');

const schema = (more: object = {}) => ({
  type: 'schemaRegistry',
  subject: 'orders.v1-value',
  schemaFile: 'schemas/orders.avsc',
  producer: 'orders',
  consumers: ['web'],
  ...more,
});
const judged = (more: Partial<Extract<SchemaAnswer, { kind: 'judged' }>> = {}): ContractAnswer => ({
  of: 'schema',
  answer: { kind: 'judged', isCompatible: true, messages: [], level: 'FULL', isNew: false, ...more },
});
const pact = { type: 'pact', service: 'web', pacticipant: 'web', version: '9ab1c2d' };
const pacts = (deployable: boolean | null, rows = 1): ContractAnswer => ({
  of: 'pact',
  answer: { kind: 'judged', deployable, reason: 'as the broker says', rows },
});
const openapi = { type: 'openapi', service: 'orders', schemaFile: 'contracts/orders.yaml' };
const file = (value: unknown): ContractAnswer => ({ of: 'file', answer: { kind: 'read', value } });

/** "rule outcome: says" of the contracts' rules that do not pass, and the waves. */
function come(
  contracts: object[],
  answers: Record<string, ContractAnswer> = {},
  graph: Record<string, string[]> = { orders: [], web: [] },
) {
  const input = planInput(contents, {
    environment,
    catalog: catalogOf(graph),
    said: { spec: { contracts } },
  });
  const made = makePlan(input);
  const plan = made.kind === 'planned' ? made.plan : undefined;
  const rows = preflight({
    ...input,
    plan,
    earlier: [],
    isLastEnvironment: false,
    members: { managers: [BEN], 'orders-owners': [CLEO], 'web-owners': [CLEO] },
    rollouts: {},
    contracts: answers,
    policy: { kind: 'notConfigured' },
  }).filter(({ rule, outcome }) => /^(contract-|not-carried)/.test(rule) && outcome !== 'pass');
  return {
    rows: rows.map(({ rule, outcome, refuses, says }) => `${rule} ${outcome}${refuses ? '!' : ''}: ${says}`),
    services: rows.map(({ service }) => service),
    waves: plan?.waves,
  };
}

describe('a contract that a schema registry keeps', () => {
  it('passes with a yes under a level that is as strong as what is promised', () => {
    expect(come([schema({ compatibility: 'FULL' })], { 'contracts[0]': judged() }).rows).toEqual([]);
    expect(come([schema()], { 'contracts[0]': judged() }).rows).toEqual([]);
  });

  it.each<[string, ContractAnswer | undefined, RegExp, object?]>([
    [
      'a no',
      judged({ isCompatible: false, messages: ['note has no default'] }),
      /refuse!: .*note has no default/,
    ],
    ['a yes of a registry that checks nothing', judged({ level: 'NONE' }), /refuse!: .*level NONE/],
    ['a weaker level', judged({ level: 'BACKWARD' }), /refuse!: .*promised as FULL.*only asks for BACKWARD/],
    [
      'an error of the registry',
      { of: 'schema', answer: { kind: 'refused', says: '42201 Invalid' } },
      /refuse!: .*42201/,
    ],
    ['nobody to ask', { of: 'schema', answer: { kind: 'notConfigured' } }, /unknown!: nobody can be asked/],
    [
      'no answer in time',
      { of: 'unknown', says: "the schema registry can't be reached" },
      /unknown!: .*reached/,
    ],
    ['a question that was not asked', undefined, /unknown!: was not asked/],
    ['another one’s answer', pacts(true), /unknown!: was answered with something else/],
    ['a subject that is new', judged({ isNew: true }), /warn: .*new to the schema registry/],
  ])('with %s does not', (_, answer, words) => {
    const { rows, services } = come(
      [schema({ compatibility: 'FULL' })],
      answer ? { 'contracts[0]': answer } : {},
    );
    expect(rows).toEqual([expect.stringMatching(words)]);
    expect(services).toEqual(['orders']);
  });
});

describe('the order of producers and consumers', () => {
  it('is what the compatibility makes safe', () => {
    const wavesOf = (compatibility: string) => come([schema({ compatibility })]).waves;
    expect(wavesOf('BACKWARD')).toEqual([['web'], ['orders']]);
    expect(wavesOf('FORWARD_TRANSITIVE')).toEqual([['orders'], ['web']]);
    expect(wavesOf('FULL')).toEqual([['orders', 'web']]);
  });

  it('is refused where a dependency or another contract says the opposite, naming both', () => {
    const needs = { orders: [], web: ['orders'] };
    expect(come([schema({ compatibility: 'BACKWARD' })], {}, needs).rows).toContainEqual(
      expect.stringMatching(
        /contract-order refuse!: .*BACKWARD, so that web goes before orders.*orders → web → orders/,
      ),
    );
    const opposite = schema({ compatibility: 'FORWARD', subject: 'other' });
    const both = come([schema({ compatibility: 'BACKWARD' }), opposite]);
    expect(both.waves).toBeUndefined();
    expect(both.rows).toContainEqual(expect.stringMatching(/contract-order refuse!: other is FORWARD/));
  });

  it('is also that of the level in force, where the contract states none', () => {
    const answers = { 'contracts[0]': judged({ level: 'BACKWARD' }) };
    expect(come([schema()], answers).rows).toEqual([
      expect.stringMatching(
        /contract-compatible refuse!: .*is BACKWARD.*web goes first, and the plan does not say so/,
      ),
    ]);
    expect(come([schema()], answers, { orders: ['web'], web: [] }).rows).toEqual([]);
  });
});

describe('pacts', () => {
  it.each<[boolean | null, number, string[]]>([
    [true, 3, []],
    [false, 1, ['contract-compatible refuse!: web 9ab1c2d cannot be deployed: as the broker says']],
    [null, 1, ['contract-compatible unknown!: web 9ab1c2d may not be deployable: as the broker says']],
    [
      true,
      0,
      [
        'contract-compatible unknown!: the pact broker has no contract of web 9ab1c2d, so that its yes says nothing',
      ],
    ],
  ])('that are deployable: %s with %i rows', (deployable, rows, expected) => {
    expect(come([pact], { pacts: pacts(deployable, rows) }).rows).toEqual(expected);
  });

  it('of a release are one question, with the version of the image where none is written', () => {
    const two = [pact, { type: 'pact', service: 'orders' }];
    expect(come(two, { pacts: pacts(false) }).rows).toEqual([
      expect.stringContaining('orders 1.8.0, web 9ab1c2d cannot be deployed'),
    ]);
    expect(come([pact, { ...pact, version: 'other' }]).rows).toContainEqual(
      expect.stringMatching(/contract-complete refuse!: is other, and another contract has 9ab1c2d for web/),
    );
  });
});

describe('evidence in a file', () => {
  it('is about these very images, and lists what breaks', () => {
    const rowsFor = (value: unknown) => come([openapi], { 'contracts[0]': file(value) }).rows;
    expect(rowsFor({ digest: ORDERS, breaking: [], tool: 'oasdiff 1.11' })).toEqual([]);
    expect(rowsFor({ digest: ORDERS, breaking: ['GET /orders lost id'] })).toEqual([
      expect.stringMatching(/refuse!: .*GET \/orders lost id/),
    ]);
    expect(rowsFor({ digest: digestOf('orders 1.7.4'), breaking: [] })).toEqual([
      expect.stringMatching(/refuse!: .*no image of this release/),
    ]);
    for (const nothing of [null, {}, [], { digest: ORDERS }, { breaking: [] }])
      expect(rowsFor(nothing)).toEqual([expect.stringMatching(/refuse!: .*is no openapi evidence/)]);
  });
});

describe('a contract that says too little', () => {
  it.each<[object, string]>([
    [schema({ subject: undefined }), 'contract-complete refuse!: is missing from a schemaRegistry contract'],
    [
      schema({ schemaFile: undefined }),
      'contract-complete refuse!: is missing from a schemaRegistry contract',
    ],
    [{ type: 'pact' }, 'contract-complete refuse!: is missing from a pact contract'],
    [{ type: 'pact', producer: 'orders' }, 'contract-complete refuse!: is missing from a pact contract'],
    [{ ...openapi, service: 'search' }, 'contract-complete refuse!: search is no service of this release'],
    [
      { type: 'custom', name: 'ours' },
      'not-carried-out refuse!: is understood, and not carried out by this version',
    ],
  ])('is refused: %o', (contract, row) => {
    expect(come([contract]).rows).toContainEqual(row);
  });

  it('is told with files alone; what the keepers say is not known', () => {
    const offline = (contract: object) => {
      const input = planInput(contents, { environment, said: { spec: { contracts: [contract] } } });
      const rows = preflightOffline({ ...input, contents: {} }).filter(({ rule }) =>
        rule.startsWith('contract-'),
      );
      return rows.map(({ rule, outcome }) => `${rule} ${outcome}`);
    };
    expect(offline({ type: 'pact', service: 'web' })).toEqual([
      'contract-compatible unknown',
      'contract-window unknown',
      'contract-complete pass',
      'contract-order pass',
      // About migrations, of which there are none.
      'contract-after-soak pass',
    ]);
    expect(offline({ type: 'pact' })).toContain('contract-complete refuse');
  });
});
