import type { PlannedGate } from '../../gate/planned-gate.ts';
import { countsFailures, looksAbsolute } from '../../gate/query-text.ts';
import { planGates } from '../../plan/plan-gates.ts';
import type { PlanInput } from '../../plan/plan-input.ts';
import { percent } from '../../text/numbers.ts';
import { type Finding, findingAt } from '../finding.ts';
import type { PreflightInput } from '../preflight-input.ts';

/** `gate-complete`: every gate can be judged, and has a name of its own. */
export function gateComplete(input: PlanInput): Finding[] {
  return planGates(input).problems.map(({ path, says }) =>
    findingAt(input.document, {
      rule: 'gate-complete',
      path,
      says,
      remedy: 'Complete the gate, or use a preset of signalbox.yaml.',
    }),
  );
}

/**
 * `slo-gate-required`: a critical service (tier 0 and 1) has a required Prometheus gate. Required at the end of the promotion
 * order, advised before it and for tier 2. Source of the tiers: seed 000_e3aaf332e5f161c4.txt.
 */
export function sloGateRequired(input: PreflightInput): Finding[] {
  return Object.entries(input.plan?.services ?? {}).flatMap(([name, { tier, gates }]) => {
    if (tier > 2 || gates.some(watchesCanary)) return [];
    return [
      findingAt(input.document, {
        rule: 'slo-gate-required',
        severity: tier <= 1 && input.isLastEnvironment ? 'error' : 'warn',
        path: ['spec', 'services', name],
        says: `${name} is tier ${tier} and has no required prometheus gate`,
        remedy: `Give it a gate in the catalog, or one to all of ${input.environment.name} in signalbox.yaml.`,
      }),
    ];
  });
}

function watchesCanary({ type, phase, required }: PlannedGate): boolean {
  return type === 'prometheus' && phase !== 'preflight' && required;
}

/** `gate-query-not-ratio`: an absolute rate of failures passes on a quiet day whatever the software does. */
export function gateQueryNotRatio(input: PreflightInput): Finding[] {
  const gates = Object.values(input.plan?.services ?? {}).flatMap((service) => service.gates);
  const absolute = new Map<string, PlannedGate>();
  for (const gate of gates)
    if (gate.query !== undefined && looksAbsolute(gate.query)) absolute.set(gate.name, gate);
  return [...absolute.values()].map((gate) =>
    findingAt(input.document, {
      rule: 'gate-query-not-ratio',
      severity: 'warn',
      path: ['spec', 'gates'],
      says: `gate ${gate.name} compares failures for each second, not their share of all requests`,
      remedy: 'Divide by the rate of all requests.',
    }),
  );
}

/** The fastest burn that pages: what a canary lets pass beyond it, users' objective does not. Source: https://sre.google/workbook/alerting-on-slos/. */
const FASTEST_BURN = 14.4;

/** `gate-threshold-vs-slo`: a canary is not let pass with a share of failures that would page at once. */
export function gateThresholdVsSlo({ document, plan }: PreflightInput): Finding[] {
  return Object.entries(plan?.services ?? {}).flatMap(([service, { gates }]) => {
    const objective = gates.find((gate) => gate.objective)?.objective;
    if (objective === undefined) return [];
    const most = FASTEST_BURN * (1 - objective.ratio);
    return gates
      .filter((gate) => lets(gate) > most)
      .map((gate) =>
        findingAt(document, {
          rule: 'gate-threshold-vs-slo',
          severity: 'warn',
          path: ['spec', 'services', service],
          says: `gate ${gate.name} of ${service} passes ${gate.threshold?.text}, and the objective pages from ${percent(most * 100)} on`,
          remedy: `Compare with < ${percent(most * 100)} or less.`,
        }),
      );
  });
}

/** The share of failures that a gate of a canary lets pass; 0 for one that compares something else. */
function lets(gate: PlannedGate): number {
  const { query = '', threshold, type, phase } = gate;
  const isShare =
    type === 'prometheus' && phase !== 'preflight' && countsFailures(query) && query.includes('/');
  const isUpper = threshold?.operator === '<' || threshold?.operator === '<=';
  return isShare && isUpper ? threshold.value : 0;
}
