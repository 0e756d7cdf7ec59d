import type { WrittenGate } from '../manifest/gate-schema.ts';

/** A part of a gate that is understood and not acted on, and what to write instead. */
export interface GateRefusal {
  /** Key of the gate. */
  key: keyof WrittenGate;
  remedy: string;
}

/** Keys of a written gate that planning reads, by type. Everything else is refused by name, so that no promise is dropped in silence. */
const CARRIED_OUT: Readonly<Record<'prometheus' | 'manual', readonly (keyof WrittenGate)[]>> = {
  prometheus: [
    'type',
    'name',
    'phase',
    'services',
    'required',
    'moves',
    'prometheus',
    'query',
    'threshold',
    'failThreshold',
    'trafficQuery',
    'minTraffic',
    'reduce',
    'interval',
    'count',
    'timeout',
    'window',
    'failureLimit',
    'inconclusiveLimit',
    'consecutiveErrorLimit',
    'onNoData',
  ],
  manual: ['type', 'name', 'phase', 'services', 'required', 'moves'],
};

const REMEDIES: Partial<Record<keyof WrittenGate, string>> = {
  onFail: 'Leave it out: onGateFailure of the environment in signalbox.yaml decides.',
  approvers: 'Leave it out: the roles under may.resume of the environment let a canary go on.',
  quorum:
    'Leave it out: one person of may.resume lets a canary go on; approvals of the environment may ask for more before the start.',
  initialDelay: 'Leave it out: the first measurement waits for the window and one scrape.',
};

/** Everything in a gate that would not be acted on. */
export function gateRefusals(gate: WrittenGate): GateRefusal[] {
  const { type } = gate;
  if (type !== 'prometheus' && type !== 'manual') {
    return [{ key: 'type', remedy: `Gates of type ${type} are not judged yet; use prometheus or manual.` }];
  }
  const refused: GateRefusal[] = writtenKeys(gate)
    .filter((key) => !CARRIED_OUT[type].includes(key))
    .map((key) => ({
      key,
      remedy: REMEDIES[key] ?? `Leave it out: it means nothing to a ${type} gate here.`,
    }));
  const phase = gate.phase ?? (type === 'manual' ? 'promotion' : 'canary');
  if (phase !== 'canary' && phase !== 'step' && phase !== 'postDeploy') {
    refused.push({
      key: 'phase',
      remedy: `Phase ${phase} is not carried out yet; use canary, step or postDeploy${type === 'manual' ? ', or the approvals of the environment' : ''}.`,
    });
  }
  return refused;
}

function writtenKeys(gate: WrittenGate): (keyof WrittenGate)[] {
  return (Object.keys(gate) as (keyof WrittenGate)[]).filter((key) => gate[key] !== undefined);
}
