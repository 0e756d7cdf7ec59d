import type { WrittenGate } from '../manifest/gate-schema.ts';

/** A part of a gate that is understood and not acted on, and what to write instead. */
export interface GateRefusal {
  /** Key of the gate. */
  key: keyof WrittenGate;
  remedy: string;
}

/** What every gate may say. */
const EVERY_GATE = ['type', 'name', 'phase', 'services', 'required', 'moves'] as const;

/** How often is asked, and how many answers of which kind are too many. */
const COUNTED = [
  'interval',
  'count',
  'timeout',
  'failureLimit',
  'inconclusiveLimit',
  'consecutiveErrorLimit',
] as const;

/** A query and what its answer is compared with. */
const QUERIED = [
  ...COUNTED,
  'prometheus',
  'query',
  'threshold',
  'failThreshold',
  'reduce',
  'window',
  'onNoData',
] as const;

/** Keys of a written gate that planning reads, by type. Everything else is refused by name, so that no promise is dropped in silence. */
const CARRIED_OUT: Readonly<Partial<Record<WrittenGate['type'], readonly (keyof WrittenGate)[]>>> = {
  errorBudget: [...EVERY_GATE, ...COUNTED, 'prometheus', 'minTraffic'],
  incident: [...EVERY_GATE, ...COUNTED],
  capacity: [...EVERY_GATE, ...QUERIED],
  prometheus: [...EVERY_GATE, ...QUERIED, 'trafficQuery', 'minTraffic'],
  manual: EVERY_GATE,
};

const REMEDIES: Partial<Record<keyof WrittenGate, string>> = {
  onFail: 'Leave it out: onGateFailure of the environment in signalbox.yaml decides.',
  approvers: 'Leave it out: the roles under may.resume of the environment let a canary go on.',
  quorum:
    'Leave it out: one person of may.resume lets a canary go on; approvals of the environment may ask for more before the start.',
  slo: 'Leave it out: a service has one objective, its slo in the catalog or in the release document.',
  initialDelay: 'Leave it out: the first measurement waits for the window and one scrape.',
};

/** Everything in a gate that would not be acted on. */
export function gateRefusals(gate: WrittenGate): GateRefusal[] {
  const { type } = gate;
  const carriedOut = CARRIED_OUT[type];
  if (carriedOut === undefined) {
    const known = Object.keys(CARRIED_OUT).join(', ');
    return [{ key: 'type', remedy: `Gates of type ${type} are not judged yet; use one of ${known}.` }];
  }
  const refused: GateRefusal[] = writtenKeys(gate)
    .filter((key) => !carriedOut.includes(key))
    .map((key) => ({
      key,
      remedy: REMEDIES[key] ?? `Leave it out: it means nothing to a ${type} gate here.`,
    }));
  const phase = gate.phase ?? (type === 'manual' ? 'promotion' : 'canary');
  const isKnown = phase === 'canary' || phase === 'step' || phase === 'postDeploy';
  // Before the start there is nobody to wait for but the approvers, who are asked anyway.
  if (!isKnown && !(phase === 'preflight' && type !== 'manual')) {
    refused.push({
      key: 'phase',
      remedy: `Phase ${phase} is not carried out yet; use preflight, canary, step or postDeploy${type === 'manual' ? ', or the approvals of the environment' : ''}.`,
    });
  }
  return refused;
}

function writtenKeys(gate: WrittenGate): (keyof WrittenGate)[] {
  return (Object.keys(gate) as (keyof WrittenGate)[]).filter((key) => gate[key] !== undefined);
}
