import { policyOf } from '../domain/actor.ts';
import { judgeGate, nextMeasurementAt } from '../domain/gate/judge-gate.ts';
import { type Judgement, Measurement, type Verdict } from '../domain/gate/planned-gate.ts';
import { type EnvironmentName, releaseStream } from '../domain/ids.ts';
import type { GateAtMoment } from '../domain/release/look.ts';
import type { PendingGate } from '../domain/release/progress.ts';
import type { ReleaseState } from '../domain/release/release-state.ts';
import type { Gate } from '../gates/gate.ts';
import type { Ports } from '../ports/ports.ts';
import { openIncidents } from './incidents/read-incident.ts';
import { recordAlways, stamp } from './record.ts';

export type JudgePorts = Pick<Ports, 'ledger' | 'metrics' | 'alerts' | 'scratch' | 'clock'>;

/** Measurements are worth keeping over a restart for as long as any canary takes. */
const KEEP_MS = 24 * 3600 * 1000;

/** Takes the measurements that are due and records the verdicts they give. Answers with the gates that need more time. */
export async function judgeGates(
  ports: JudgePorts,
  gates: readonly Gate[],
  work: { release: ReleaseState; judge: readonly GateAtMoment[] },
): Promise<{ pending: PendingGate[]; judged: number }> {
  const { id, environment } = work.release;
  const judged = await Promise.all(
    work.judge.map((each) => measureGate(ports, gates, { subject: id, environment, each })),
  );
  const verdicts = judged.filter((result) => result.kind === 'judged').map((result) => result.judgement);
  if (verdicts.length > 0) {
    const facts = verdicts.map((data) =>
      stamp(ports.clock, { kind: 'gate.judged', actor: policyOf(work.release.environment), data }),
    );
    await recordAlways(ports.ledger, releaseStream(work.release.id), facts);
  }
  return {
    pending: judged.filter((result) => result.kind === 'pending').map((result) => result.pending),
    judged: verdicts.length,
  };
}

export type Judged = { kind: 'judged'; judgement: Judgement } | { kind: 'pending'; pending: PendingGate };

/** Takes the measurements of one gate that are due. `subject`: whatever is judged; what was measured so far is kept under it. */
export async function measureGate(
  ports: JudgePorts,
  gates: readonly Gate[],
  { subject, environment, each }: { subject: string; environment: EnvironmentName; each: GateAtMoment },
): Promise<Judged> {
  const { gate, moment, service } = each;
  const kind = gates.find((known) => known.type === gate.type);
  if (kind === undefined) throw new TypeError(`no gate of type ${gate.type} can measure`);
  const key = `gate:${subject}:${gate.name}:${Object.values(moment).join(':')}`;
  const soFar = Measurement.array()
    .catch([])
    .parse(await ports.scratch.get(key));
  const since = Date.parse(moment.since);
  const asked = { ...ports, openIncidents: () => openIncidents(ports) };
  let link: string | undefined;
  let query = gate.query;
  for (
    let at = nextMeasurementAt(gate, since, soFar);
    at <= ports.clock.now();
    at = nextMeasurementAt(gate, since, soFar)
  ) {
    const measured = await kind.measure(each, { at, environment }, asked);
    soFar.push(measured.measurement);
    ({ link, query } = { link: measured.link ?? link, query: measured.query });
    await ports.scratch.put(key, soFar, KEEP_MS);
    const verdict = judgeGate(gate, soFar);
    if (verdict) return { kind: 'judged', judgement: judgementOf(each, verdict, { soFar, link, query }) };
  }
  const nextAt = nextMeasurementAt(gate, since, soFar);
  return {
    kind: 'pending',
    pending: { gate: gate.name, service, placement: moment.placement, soFar, nextAt },
  };
}

function judgementOf(
  { gate, service, moment }: GateAtMoment,
  verdict: Verdict,
  told: { soFar: Measurement[]; link: string | undefined; query: string | undefined },
): Judgement {
  return {
    gate: gate.name,
    service,
    moment,
    verdict,
    required: gate.required,
    ...(told.query !== undefined && { query: told.query }),
    ...(gate.threshold && { threshold: gate.threshold.text }),
    windowMs: gate.windowMs,
    measurements: told.soFar,
    ...(told.link !== undefined && { link: told.link }),
  };
}
