import { describe, expect, it } from 'vitest';
import { makePlan } from '../../../src/domain/plan/make-plan.ts';
import type { PlanInput } from '../../../src/domain/plan/plan-input.ts';
import { mayBeCut, RULE_IDS } from '../../../src/domain/policy/finding.ts';
import { judgeManifest, preflight, preflightOffline } from '../../../src/domain/policy/preflight.ts';
import type { FoundRollout, PreflightInput } from '../../../src/domain/policy/preflight-input.ts';
import { refusing, tallyOf } from '../../../src/domain/policy/row.ts';
import {
  ANA,
  BEN,
  CLEO,
  catalogOf,
  contentOf,
  environmentOf,
  knownAs,
  planInput,
  type Said,
  serviceOf,
} from '../plan/world.ts';
import { WORLD_EXAMPLES } from './rules/world-examples.ts';

const contents = { orders: contentOf('orders', '1.8.0'), web: contentOf('web', '9.10.0') };
const catalog = catalogOf({ orders: [], web: ['orders'], search: [] });
const image = (text: string): Said => ({ services: { web: { image: text } } });

interface World {
  said?: Said;
  input?: Partial<PlanInput>;
  around?: Partial<PreflightInput>;
}

/** "rule outcome path" of everything that is no pass. */
function preflightOf({ said, input, around }: World): string[] {
  const known = { web: [knownAs(contentOf('web', '9.9.1'), 1)] };
  const full = planInput(contents, { catalog, known, ...input, ...(said && { said }) });
  const made = makePlan(full);
  const rows = preflight({
    ...full,
    plan: made.kind === 'planned' ? made.plan : undefined,
    earlier: [
      {
        environment: 'dev',
        known: {
          orders: [knownAs(contents.orders, 2, 'dev/shop-2026-11-02.1')],
          web: [
            knownAs(contentOf('web', '9.11.0'), 3, 'dev/shop-2026-11-03.1'),
            knownAs(contents.web, 2, 'dev/shop-2026-11-02.1'),
          ],
        },
      },
    ],
    isLastEnvironment: true,
    members: { managers: [ANA, BEN], 'orders-owners': [CLEO], 'web-owners': [CLEO] },
    rollouts: {},
    contracts: {},
    policy: { kind: 'notConfigured' },
    ...around,
  });
  return rows
    .filter(({ outcome }) => outcome !== 'pass')
    .map(({ rule, outcome, path }) => `${rule} ${outcome} ${path ?? ''}`);
}

const NO_SLO = ['slo-gate-required warn spec.services.orders', 'slo-gate-required warn spec.services.web'];

describe('a release before it starts', () => {
  it('is fine but for gates that are advised', () => {
    expect(preflightOf({})).toEqual(NO_SLO);
  });

  it('is refused when its content was not verified one environment earlier', () => {
    const earlier = [{ environment: 'dev', known: { orders: [knownAs(contents.orders, 1)] } }];
    expect(preflightOf({ around: { earlier } })).toEqual([
      'environment-order refuse spec.services.orders',
      'environment-order refuse spec.services.web',
      ...NO_SLO,
    ]);
    const environment = environmentOf({ requireVerified: false });
    expect(preflightOf({ around: { earlier }, input: { environment } })).toEqual(NO_SLO);
  });

  it('looks at the nearest earlier environment in which the service exists', () => {
    const { dev: _, ...placements } = serviceOf('web').placements;
    const noDev = { services: { ...catalog.services, web: serviceOf('web', { placements }) } };
    const earlier = [
      { environment: 'dev', known: { orders: [knownAs(contents.orders, 1, 'dev/shop-2026-11-01.1')] } },
    ];
    expect(preflightOf({ around: { earlier }, input: { catalog: noDev } })).toEqual(NO_SLO);
  });

  it('of a critical service needs a gate at the end of the order, and only is advised one before', () => {
    const critical = {
      services: {
        ...catalog.services,
        orders: serviceOf('orders', { tier: 1, gates: ['errors'] }),
        web: serviceOf('web', { tier: 1 }),
        search: serviceOf('search'),
      },
    };
    const finding = (severity: string) => [`slo-gate-required ${severity} spec.services.web`];
    expect(preflightOf({ input: { catalog: critical } })).toEqual(finding('refuse'));
    expect(preflightOf({ input: { catalog: critical }, around: { isLastEnvironment: false } })).toEqual(
      finding('warn'),
    );
  });

  it('is told of a gate that compares failures and not their share', () => {
    const absolute = {
      type: 'prometheus',
      query: 'sum(rate(http_requests_total{status=~"5.."}[5m]))',
      threshold: '< 0.02',
    };
    expect(preflightOf({ said: { spec: { gates: [absolute] } } })).toEqual([
      'gate-query-not-ratio warn spec.gates',
    ]);
  });

  it('is refused when nobody could approve it but those who made it', () => {
    expect(
      preflightOf({
        around: { members: { managers: [ANA], 'orders-owners': [CLEO], 'web-owners': [CLEO] } },
      }),
    ).toEqual(['maker-checker refuse spec.approvals', ...NO_SLO]);
    const environment = environmentOf({
      approvals: { required: 0, from: [], owners: 'all', expiresAfterMs: 1 },
    });
    const members = { 'orders-owners': [ANA], 'web-owners': [CLEO] };
    expect(preflightOf({ around: { members }, input: { environment } })).toEqual([
      'maker-checker refuse spec.services.orders',
      ...NO_SLO,
    ]);
  });

  it('is told of services whose owners are nobody, and refused when they are asked', () => {
    const members = { managers: [BEN], 'orders-owners': [CLEO], 'web-owners': [] };
    expect(preflightOf({ around: { members } })).toContain('owners-declared warn spec.services.web');
    const environment = environmentOf({
      approvals: { required: 0, from: [], owners: 'all', expiresAfterMs: 1 },
    });
    expect(preflightOf({ around: { members }, input: { environment } })).toContain(
      'owners-declared refuse spec.services.web',
    );
  });

  it('is told of going down a version', () => {
    const known = {
      web: [knownAs(contentOf('web', '9.11.0'), 1)],
      orders: [knownAs(contentOf('orders', 'nightly'), 1)],
    };
    expect(preflightOf({ input: { known } })).toEqual([...NO_SLO, 'no-downgrade warn spec.services.web']);
  });

  it('without a plan passes no rule that needs one', () => {
    const input = planInput(contents, { catalog });
    const rows = preflight({
      ...input,
      earlier: [],
      isLastEnvironment: true,
      members: {},
      rollouts: {},
      contracts: {},
      policy: { kind: 'notConfigured' },
      plan: undefined,
    });
    expect(refusing(rows).map(({ rule, outcome }) => `${rule} ${outcome}`)).toEqual([
      'environment-order unknown',
      'slo-gate-required unknown',
      'gate-query-not-ratio unknown',
      'owners-declared unknown',
      'maker-checker unknown',
      'no-downgrade unknown',
      'release-overlap unknown',
      'batch-size unknown',
    ]);
    expect(
      mayBeCut([...judgeManifest(planInput(contents, { catalog, said: image('reg.example/web') }))]),
    ).toBe(false);
  });

  it('is not known to have approvers or owners when a role cannot be read', () => {
    const members = { 'web-owners': [CLEO] };
    expect(preflightOf({ around: { members } })).toEqual([
      'maker-checker unknown spec.approvals',
      'owners-declared unknown spec.services.orders',
      ...NO_SLO,
    ]);
  });
});

describe('the table of a preflight', () => {
  it('has a row for every rule, with what holds where it passes', () => {
    const rows = preflightOffline(planInput(contents, { catalog }));
    expect(new Set(rows.map(({ rule }) => rule))).toEqual(new Set(RULE_IDS));
    for (const row of rows) expect(row.says).not.toBe('');
  });

  it('refuses nothing for what files alone cannot say', () => {
    const offline = (said: Said) => preflightOffline(planInput(contents, { catalog, said }));
    expect(tallyOf(offline({}))).toMatchObject({ refuse: 0, refusing: 0 });
    const unknown = offline({}).filter(({ outcome }) => outcome === 'unknown');
    expect(unknown.map(({ rule }) => rule)).toEqual(expect.arrayContaining(Object.keys(WORLD_EXAMPLES)));
    expect(refusing(offline(image('reg.example/web'))).map(({ rule, service }) => [rule, service])).toEqual([
      ['no-floating-tag', 'web'],
    ]);
  });
});

describe('a rollout in a manifest', () => {
  const rollout = {
    strategy: 'canary',
    steps: [{ setWeight: 10 }, { pause: { duration: '5m' } }, { pause: {} }, { setWeight: 100 }],
  };
  const git = (
    steps: unknown[],
    strategy: 'canary' | 'blueGreen' = 'canary',
  ): Record<string, FoundRollout> => ({
    'main/prod/web': { kind: 'found', in: 'Git', strategy, steps },
  });
  const agrees = (rollouts: Record<string, FoundRollout>, stated: object = rollout) =>
    preflightOf({ said: { services: { web: { rollout: stated } } }, around: { rollouts } }).filter(
      (line) => !line.startsWith('slo'),
    );

  it('agrees when it does the same, however durations are written', () => {
    expect(
      agrees(git([{ setWeight: 10 }, { pause: { duration: 300 } }, { pause: null }, { setWeight: 100 }])),
    ).toEqual([]);
    expect(agrees(git([{ setWeight: 1 }]), { strategy: 'canary' })).toEqual([]);
  });

  it.each<[string, Record<string, FoundRollout>, string]>([
    [
      'another weight',
      git([{ setWeight: 20 }, { pause: { duration: 300 } }, { pause: {} }, { setWeight: 100 }]),
      '.steps',
    ],
    [
      'another duration',
      git([{ setWeight: 10 }, { pause: { duration: '6m' } }, { pause: {} }, { setWeight: 100 }]),
      '.steps',
    ],
    ['fewer steps', git([{ setWeight: 10 }]), '.steps'],
    ['another strategy', git([], 'blueGreen'), '.strategy'],
  ])('is refused when Git has %s', (_, rollouts, at) => {
    expect(agrees(rollouts)).toEqual([`rollout-agrees refuse spec.services.web.rollout${at}`]);
  });
});
