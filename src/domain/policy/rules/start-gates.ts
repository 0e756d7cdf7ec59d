import type { PlannedGate } from '../../gate/planned-gate.ts';
import { valueWords } from '../../gate/value-words.ts';
import type { About, Finding, RuleId } from '../finding.ts';
import { findingAt } from '../finding.ts';
import type { PreflightInput } from '../preflight-input.ts';
import { type StartAnswer, startGates } from '../start-answer.ts';

/** The rules that gates of phase `preflight` stand for, and which types of gate each is about. */
const TYPES = {
  'error-budget': ['errorBudget'],
  'no-active-sev1': ['incident'],
  capacity: ['capacity', 'prometheus'],
} as const satisfies Partial<Record<RuleId, readonly PlannedGate['type'][]>>;
export type StartRule = keyof typeof TYPES;

const REMEDIES: Readonly<Record<StartRule, string>> = {
  'error-budget': 'Wait until it burns less, or cut a hotfix for the incident.',
  'no-active-sev1': 'See it resolved first, or cut a hotfix for it.',
  capacity: 'Make room first.',
};

/** What these rules are judged on: less than all rules are, so that they can be judged again alone. */
export type StartInput = Pick<PreflightInput, 'plan' | 'start'> & { document: About };

/** Whether a release has gates of this rule. */
export function hasStartGates(rule: StartRule): (input: StartInput) => boolean {
  return ({ plan }) => gatesOf(rule, plan).length > 0;
}

/** `error-budget`, `no-active-sev1`, `capacity`: every gate that is asked before the start passes. */
export function startGatesPass(rule: StartRule): (input: StartInput) => Finding[] {
  return ({ document, plan, start = [] }) => {
    const answers = start.filter(({ gate }) => isOf(rule, gate));
    const unasked = gatesOf(rule, plan).filter(
      ({ service, gate }) =>
        !answers.some((answer) => answer.service === service && answer.gate.name === gate.name),
    );
    const found = [
      ...answers.flatMap((answer) => findingOf(answer, plan?.type === 'hotfix')),
      ...unasked.map(({ service, gate }) => ({
        service,
        severity: 'unknown' as const,
        required: gate.required,
        says: `${gate.name} was not asked`,
      })),
    ];
    return eachOnce(found).map(({ service, severity, required, says }) =>
      findingAt(document, {
        rule,
        severity,
        required,
        path: service === undefined ? [] : ['spec', 'services', service],
        says,
        remedy: REMEDIES[rule],
      }),
    );
  };
}

/** What a pass says: the numbers of the first few services. */
export function startWords(rule: StartRule): (input: StartInput) => string {
  return ({ start = [] }) => {
    const words = start
      .filter(({ gate }) => isOf(rule, gate))
      .map(({ service, gate, measurement }) =>
        rule === 'no-active-sev1'
          ? (measurement.note ?? 'nothing is open')
          : `${service}: ${valueWords(measurement, gate.threshold?.text)}`,
      );
    const different = [...new Set(words)];
    const more = different.length - 3;
    return [...different.slice(0, 3), ...(more > 0 ? [`and ${more} more`] : [])].join('; ');
  };
}

interface Found {
  /** Absent: the release as a whole. */
  service: string | undefined;
  severity: Finding['severity'];
  required: boolean;
  says: string;
}

/** Absent where it passes and nobody has to know more. A hotfix mends what these rules see, so they only tell it. */
function findingOf({ service, gate, measurement, advice }: StartAnswer, isHotfix: boolean): Found[] {
  const { outcome } = measurement;
  const words = `${gate.name} of ${service}: ${valueWords(measurement, gate.threshold?.text)}`;
  const said = gate.type === 'incident' ? (measurement.note ?? outcome) : words;
  if (outcome === 'pass')
    return advice === undefined ? [] : [{ service, severity: 'warn', required: false, says: advice }];
  if (isHotfix) return [{ service, severity: 'warn', required: false, says: `waived for a hotfix: ${said}` }];
  if (outcome === 'fail')
    return [{ service, severity: gate.required ? 'error' : 'warn', required: gate.required, says: said }];
  return [{ service, severity: 'unknown', required: gate.required, says: said }];
}

/** What is said alike of several services is said once, of the release. */
function eachOnce(found: readonly Found[]): Found[] {
  const byWords = Map.groupBy(found, ({ severity, required, says }) => `${severity} ${required} ${says}`);
  return [...byWords.values()].flatMap((alike) => {
    const [first] = alike;
    if (first === undefined) return [];
    const services = new Set(alike.map(({ service }) => service));
    return [{ ...first, service: services.size > 1 ? undefined : first.service }];
  });
}

function gatesOf(rule: StartRule, plan: PreflightInput['plan']) {
  return plan === undefined ? [] : startGates(plan).filter(({ gate }) => isOf(rule, gate));
}

function isOf(rule: StartRule, { type }: PlannedGate): boolean {
  const types: readonly PlannedGate['type'][] = TYPES[rule];
  return types.includes(type);
}
