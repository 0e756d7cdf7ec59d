import type { WrittenGate } from '../manifest/gate-schema.ts';
import type { WrittenSlo } from '../manifest/service-schema.ts';
import { didYouMean } from '../naming/nearest.ts';
import { parseDuration } from './duration.ts';
import type { Objective } from './objective.ts';
import type { PlannedGate } from './planned-gate.ts';
import { QUERY_NAMES, unknownQueryNames, windowOf } from './query-text.ts';
import { readObjective } from './read-objective.ts';
import { parseThreshold } from './threshold.ts';

/** What a gate may be filled up from. */
export interface GateDefaults {
  /** Name of each Prometheus of `signalbox.yaml` to how long a scrape may lag, in milliseconds. */
  prometheus: Readonly<Record<string, { scrapeIntervalMs: number }>>;
  /** The Prometheus of the environment, for gates that name none; absent when there is no obvious one. */
  defaultPrometheus?: string | undefined;
}

/** Something in a gate that cannot be planned: the key of the gate, and what is wrong with it. */
export interface GateFault {
  key: keyof WrittenGate;
  says: string;
}

export type GatePlanned = { kind: 'planned'; gate: PlannedGate } | { kind: 'faulty'; faults: GateFault[] };

/** Between two measurements, where a gate does not say. A choice of ours; Argo Rollouts has none. */
const INTERVAL_MS = 60_000;

/** For one query. A choice of ours: far below an interval, far above what a healthy Prometheus needs. */
const TIMEOUT_MS = 10_000;

/** Errors in a row still tolerated. Source: argoproj/argo-rollouts utils/defaults DefaultConsecutiveErrorLimit. */
const CONSECUTIVE_ERROR_LIMIT = 4;

/**
 * Fills a gate up with its defaults. Called for gates of which nothing is refused (`gateRefusals`); what is left to find
 * here is a gate that could never be judged.
 */
export function planGate(
  gate: WrittenGate,
  options: { name: string; defaults: GateDefaults; slo?: WrittenSlo | undefined },
): GatePlanned {
  const faults = faultsOf(gate, options.defaults);
  if (faults.length > 0) return { kind: 'faulty', faults };
  const prometheus = gate.prometheus ?? options.defaults.defaultPrometheus;
  const queried = asksPrometheus(gate) && prometheus !== undefined;
  return {
    kind: 'planned',
    gate: {
      name: options.name,
      type: plannedType(gate.type),
      phase: plannedPhase(gate),
      steps: [],
      required: gate.required ?? true,
      ...(queried && asked(gate, prometheus)),
      ...(gate.type === 'errorBudget' && { ...objectiveOf(options.slo) }),
      minTraffic: gate.minTraffic ?? 0,
      windowMs: gate.query === undefined ? 0 : windowOf(gate),
      intervalMs: ms(gate.interval) ?? INTERVAL_MS,
      count: gate.count ?? 1,
      failureLimit: gate.failureLimit ?? 0,
      inconclusiveLimit: gate.inconclusiveLimit ?? 0,
      consecutiveErrorLimit: gate.consecutiveErrorLimit ?? CONSECUTIVE_ERROR_LIMIT,
      onNoData: gate.onNoData ?? 'inconclusive',
      ...(gate.reduce && { reduce: gate.reduce }),
      scrapeIntervalMs: queried ? (options.defaults.prometheus[prometheus]?.scrapeIntervalMs ?? 0) : 0,
      timeoutMs: ms(gate.timeout) ?? TIMEOUT_MS,
    },
  };
}

function plannedType(type: WrittenGate['type']): PlannedGate['type'] {
  return type === 'manual' || type === 'errorBudget' || type === 'incident' || type === 'capacity'
    ? type
    : 'prometheus';
}

function plannedPhase({ phase, type }: WrittenGate): PlannedGate['phase'] {
  if (phase === 'step' || phase === 'postDeploy' || phase === 'preflight' || phase === 'canary') return phase;
  return type === 'errorBudget' || type === 'incident' || type === 'capacity' ? 'preflight' : 'canary';
}

function asksPrometheus({ type }: WrittenGate): boolean {
  return type === 'prometheus' || type === 'capacity' || type === 'errorBudget';
}

/** Absent where nobody promised anything, or nothing that can be measured: the gate then says so whenever it is asked. */
function objectiveOf(slo: WrittenSlo | undefined): { objective?: Objective } {
  const read = slo && readObjective(slo);
  return read?.kind === 'objective' ? { objective: read.objective } : {};
}

/** A gate's own name, or `<prefix><type>-<index in its list>`: stable for the life of the document. */
export function gateName(gate: WrittenGate, place: { index: number; prefix?: string }): string {
  return gate.name ?? `${place.prefix ?? ''}${gate.type}-${place.index}`;
}

function asked(gate: WrittenGate, prometheus: string): Partial<PlannedGate> {
  const threshold = parseThreshold(gate.threshold ?? '');
  const failThreshold = gate.failThreshold === undefined ? undefined : parseThreshold(gate.failThreshold);
  return {
    prometheus,
    ...(gate.query !== undefined && { query: gate.query }),
    ...(threshold && { threshold }),
    ...(failThreshold && { failThreshold }),
    ...(gate.trafficQuery !== undefined && { trafficQuery: gate.trafficQuery }),
  };
}

function faultsOf(gate: WrittenGate, defaults: GateDefaults): GateFault[] {
  switch (gate.type) {
    case 'manual':
      return [];
    case 'incident':
      return faultsOfCounters(gate);
    case 'errorBudget':
      return [...faultsOfServer(gate, defaults), ...faultsOfCounters({ ...gate, minTraffic: undefined })];
    default:
      return faultsOfQuery(gate, defaults);
  }
}

function faultsOfQuery(gate: WrittenGate, defaults: GateDefaults): GateFault[] {
  return [
    ...faultsOfServer(gate, defaults),
    ...faultsOfCounters(gate),
    ...missing(gate, 'query', `is missing: a ${gate.type} gate asks a query`),
    ...missing(gate, 'threshold', 'is missing: nothing says which value passes, such as "< 2%"'),
    ...(['query', 'trafficQuery'] as const).flatMap((key) =>
      unknownQueryNames(gate[key] ?? '').map((name) => ({
        key,
        says: `names {{${name}}}, which is not known; ${didYouMean(name, QUERY_NAMES)}`,
      })),
    ),
  ];
}

function faultsOfServer(gate: WrittenGate, defaults: GateDefaults): GateFault[] {
  const known = Object.keys(defaults.prometheus);
  const name = gate.prometheus ?? defaults.defaultPrometheus;
  if (name === undefined) {
    const says =
      known.length > 0
        ? `is missing: say which of ${known.join(', ')} to ask`
        : 'is missing: signalbox.yaml lists no Prometheus';
    return [{ key: 'prometheus', says }];
  }
  if (known.includes(name)) return [];
  return [
    { key: 'prometheus', says: `${name} is not a Prometheus of signalbox.yaml; ${didYouMean(name, known)}` },
  ];
}

function faultsOfCounters(gate: WrittenGate): GateFault[] {
  const faults: GateFault[] = [];
  const required = gate.required ?? true;
  const zero = (key: 'interval' | 'timeout') => gate[key] !== undefined && !ms(gate[key]);
  if (gate.count === 0) faults.push({ key: 'count', says: 'is 0, so that nothing would ever be measured' });
  // As in Argo Rollouts, where a count above 1 without an interval is an invalid metric.
  if ((gate.count ?? 1) > 1 && gate.interval === undefined) {
    faults.push({ key: 'interval', says: `is missing: ${gate.count} measurements need a time between them` });
  }
  if (gate.interval !== undefined && gate.count === undefined) {
    faults.push({ key: 'count', says: 'is missing: an interval needs a number of measurements' });
  }
  if (zero('interval')) faults.push({ key: 'interval', says: 'must be longer than nothing' });
  if (zero('timeout')) faults.push({ key: 'timeout', says: 'must be longer than nothing' });
  if (gate.minTraffic !== undefined && gate.trafficQuery === undefined) {
    faults.push({ key: 'trafficQuery', says: 'is missing: minTraffic is compared with its value' });
  }
  if (gate.onNoData === 'pass' && required) {
    faults.push({
      key: 'onNoData',
      says: 'cannot be pass on a required gate: an absent measurement is no proof',
    });
  }
  return faults;
}

function missing(gate: WrittenGate, key: 'query' | 'threshold', says: string): GateFault[] {
  return gate[key] === undefined ? [{ key, says }] : [];
}

function ms(written: string | number | undefined): number | undefined {
  return written === undefined ? undefined : parseDuration(written);
}
