import { describe, expect, it } from 'vitest';
import type { WrittenStep } from '../../../src/domain/manifest/rollout-schema.ts';
import { gatedPauses } from '../../../src/domain/plan/gated-pauses.ts';
import { planGates } from '../../../src/domain/plan/plan-gates.ts';
import type { PlanInput } from '../../../src/domain/plan/plan-input.ts';
import { contentOf, environmentOf, GATE_BOOK, planInput, type Said, serviceOf } from './world.ts';

const gate = (more: object = {}) => ({ type: 'prometheus', query: 'a / b', threshold: '< 1%', ...more });
const contents = { orders: contentOf('orders', '1.0.0'), web: contentOf('web', '1.0.0') };

function names(said: Said, more: Partial<PlanInput> = {}): Record<string, string[]> {
  const { gates } = planGates(planInput(contents, { said, ...more }));
  return Object.fromEntries(Object.entries(gates).map(([name, list]) => [name, list.map((one) => one.name)]));
}

function problems(said: Said, more: Partial<PlanInput> = {}): string[] {
  return planGates(planInput(contents, { said, ...more })).problems.map(
    ({ path, says }) => `${path.join('.')} ${says}`,
  );
}

const canary = (...steps: unknown[]) => ({ rollout: { strategy: 'canary', steps } });

describe('the gates of a service', () => {
  it("are the environment's, the catalog's, the release's and its own, in this order", () => {
    const [preset] =
      planGates(planInput(contents, { said: { spec: { gates: [gate({ name: 'everywhere' })] } } })).gates[
        'web'
      ] ?? [];
    const catalog = {
      services: {
        orders: serviceOf('orders', { gates: ['errors', { type: 'manual', phase: 'canary' }] }),
        web: serviceOf('web'),
      },
    };
    const said = {
      spec: { gates: [gate(), gate({ name: 'only-web', services: ['web'] })] },
      services: { orders: { gates: [gate()] } },
    };
    const environment = environmentOf({ gates: preset ? [preset] : [] });
    expect(names(said, { catalog, environment })).toEqual({
      orders: ['everywhere', 'errors', 'catalog-manual-1', 'prometheus-0', 'orders-prometheus-0'],
      web: ['everywhere', 'prometheus-0', 'only-web'],
    });
  });

  it('count once when the environment and the catalog name the same preset', () => {
    const catalog = {
      services: { orders: serviceOf('orders', { gates: ['errors', 'errors'] }), web: serviceOf('web') },
    };
    expect(names({}, { catalog })).toEqual({ orders: ['errors'], web: [] });
  });

  it('are not replaced by another gate of the same name', () => {
    const catalog = {
      services: { orders: serviceOf('orders', { gates: ['errors'] }), web: serviceOf('web') },
    };
    const lax = { spec: { gates: [gate({ name: 'errors', threshold: '< 99%' })] } };
    expect(problems(lax, { catalog })).toEqual([
      'spec.gates.0 is a second gate by the name errors; give it another',
    ]);
  });

  it('say what is wrong with them, at the place', () => {
    const said = { spec: { gates: [gate({ query: undefined }), gate({ services: ['wbe'] })] } };
    expect(problems(said)).toEqual([
      expect.stringContaining('spec.gates.0.query is missing'),
      'spec.gates.1.services.0 wbe is not in this release; did you mean web?',
    ]);
  });
});

describe('a service with an objective', () => {
  const slo = (objective: number) => ({
    objective,
    errorQuery: 'e{service="{{service}}"}[{{window}}]',
    totalQuery: 't{service="{{service}}"}[{{window}}]',
  });
  const promised = {
    services: { orders: serviceOf('orders', { slo: slo(99.9) }), web: serviceOf('web') },
  };
  const budgets = (said: Said, more: Partial<PlanInput> = {}) =>
    (planGates(planInput(contents, { said, catalog: promised, ...more })).gates['orders'] ?? []).map(
      ({ name, phase, required, objective }) => ({ name, phase, required, ratio: objective?.ratio }),
    );

  it('has its error budget asked before it moves, where its users are', () => {
    expect(budgets({})).toEqual([{ name: 'error-budget', phase: 'preflight', required: true, ratio: 0.999 }]);
    expect(budgets({}, { isLastEnvironment: false })).toEqual([]);
  });

  it('is held to what the catalog says, whatever a document would rather', () => {
    const lax = { type: 'errorBudget', name: 'mine', required: false };
    expect(budgets({ services: { orders: { slo: slo(90), gates: [lax] } } })).toEqual([
      { name: 'mine', phase: 'preflight', required: false, ratio: 0.999 },
      { name: 'error-budget', phase: 'preflight', required: true, ratio: 0.999 },
    ]);
  });

  it('is told at the place what cannot be measured', () => {
    const said = { services: { web: { slo: { objective: 99, totalQuery: 'up' } } } };
    expect(problems(said)).toEqual([
      'spec.services.web.slo.errorQuery is missing: both queries measure the objective',
      'spec.services.web.slo.totalQuery does not name {{window}}: it is asked for windows from 5 minutes on',
    ]);
  });
});

describe('gates at steps', () => {
  const step = gate({ name: 'errors', phase: 'step', services: ['orders'] });

  it('are bound to the pauses beside which they stand', () => {
    const steps = [
      { setWeight: 10 },
      { gate: 'errors' },
      { pause: {} },
      { setWeight: 50 },
      { pause: {} },
      { gate: 'errors' },
    ];
    const said = { spec: { gates: [step] }, services: { orders: canary(...steps) } };
    const { gates, problems } = planGates(planInput(contents, { said }));
    expect(problems).toEqual([]);
    expect(gates['orders']?.[0]).toMatchObject({ phase: 'step', steps: [1, 3] });
  });

  it('must be bound to some, and by a gate that is theirs', () => {
    expect(problems({ spec: { gates: [step] } })).toEqual([
      'spec.services.orders.rollout.steps has no entry for gate errors, whose phase is step',
    ]);
    expect(problems({ services: { orders: canary({ gate: 'erors' }, { pause: {} }) } })).toEqual([
      'spec.services.orders.rollout.steps names gate erors; none is known',
    ]);
    const always = {
      spec: { gates: [gate({ name: 'errors' })] },
      services: { orders: canary({ pause: {} }, { gate: 'errors' }) },
    };
    expect(problems(always)).toEqual([
      'spec.services.orders.rollout.steps names gate errors, whose phase is canary; only phase step is bound to steps',
    ]);
    expect(problems({ services: { orders: canary({ setWeight: 5 }, { gate: 'errors' }) } })).toEqual([
      'spec.services.orders.rollout.steps.1 has no pause next to it, so that there is no moment to judge it',
    ]);
  });

  it.each<[string, WrittenStep[], Record<string, number[]>, number[]]>([
    ['the pause before', [{ pause: {} }, { gate: 'a' }], { a: [0] }, []],
    [
      'the pause after, where there is none before',
      [{ setWeight: 5 }, { gate: 'a' }, { pause: {} }],
      { a: [1] },
      [],
    ],
    ['one pause for several gates', [{ pause: {} }, { gate: 'a' }, { gate: 'b' }], { a: [0], b: [0] }, []],
    ['nothing', [{ gate: 'a' }, { setWeight: 5 }], {}, [0]],
  ])('belong to %s', (_, steps, byGate, lonely) => {
    const pauses = gatedPauses(steps);
    expect(Object.fromEntries(pauses.byGate)).toEqual(byGate);
    expect(pauses.lonely).toEqual(lonely);
  });
});

describe('presets', () => {
  it('are the names of their gates', () => {
    const catalog = {
      services: { orders: serviceOf('orders', { gates: ['errors'] }), web: serviceOf('web') },
    };
    const { gates } = planGates(planInput(contents, { catalog }));
    expect(gates['orders']?.[0]).toMatchObject({ name: 'errors', query: GATE_BOOK.presets['errors']?.query });
  });
});
