import { placementId } from '../../domain/catalog/placement.ts';
import { type EnvironmentState, trusted } from '../../domain/environment/environment-state.ts';
import type { BroughtFlag } from '../../domain/flag/flag-change.ts';
import { judgeGate, nextMeasurementAt } from '../../domain/gate/judge-gate.ts';
import type { Judgement, Measurement, PlannedGate } from '../../domain/gate/planned-gate.ts';
import { ReleaseId } from '../../domain/ids.ts';
import type { GateAtMoment } from '../../domain/release/look.ts';
import type { Gate } from '../../gates/gate.ts';
import type { Ports } from '../../ports/ports.ts';
import { openIncidents } from '../incidents/read-incident.ts';
import { readRelease } from '../read-state.ts';

type StepPorts = Pick<Ports, 'ledger' | 'metrics' | 'alerts' | 'clock'>;

export interface StepJudged {
  judgements: Judgement[];
  /** Gates that cannot have said enough yet: sentences without their stops. */
  pending: string[];
}

/**
 * What the gates of the services that read a flag say of the step it is at: each over the newest stretch of time that is long
 * enough for it and lies wholly after the step. They ask Prometheus about times that are past, so nobody has to wait here.
 */
export async function judgeStep(
  ports: StepPorts,
  gates: readonly Gate[],
  of: { state: EnvironmentState; brought: BroughtFlag; stepAt: number },
): Promise<StepJudged> {
  const asked = await gatesOf(ports, of);
  const judged = await Promise.all(asked.map((each) => judgeOne(ports, gates, { each, ...of })));
  return {
    judgements: judged.flatMap((one) => (one.kind === 'judged' ? [one.judgement] : [])),
    pending: judged.flatMap((one) => (one.kind === 'pending' ? [one.says] : [])),
  };
}

/** Gates as the release planned them that brought what each service runs now. */
async function gatesOf(
  { ledger }: Pick<Ports, 'ledger'>,
  { state, brought }: { state: EnvironmentState; brought: BroughtFlag },
): Promise<GateAtMoment[]> {
  const found = await Promise.all(
    brought.flag.services.map(async (service) => {
      const running = ReleaseId.safeParse(trusted(state, service)?.release);
      const reading = await readRelease(ledger, running.success ? running.data : brought.release);
      const planned = reading?.state.plan.services[service];
      if (reading === undefined || planned === undefined) return [];
      return planned.placements.flatMap((placement) => {
        const id = placementId(placement);
        const podHash = reading.state.proofs[id]?.proof.podHash;
        if (podHash === undefined) return [];
        return planned.gates
          .filter((gate) => gate.type === 'prometheus' && gate.required && gate.phase !== 'preflight')
          .map((gate) => ({
            gate,
            service,
            namespace: placement.namespace,
            stablePodHash: podHash,
            moment: { placement: id, podHash, step: 'postDeploy' as const, since: '' },
          }));
      });
    }),
  );
  return found.flat();
}

type Judged = { kind: 'judged'; judgement: Judgement } | { kind: 'pending'; says: string };

async function judgeOne(
  ports: StepPorts,
  gates: readonly Gate[],
  { each, state, stepAt }: { each: GateAtMoment; state: EnvironmentState; stepAt: number },
): Promise<Judged> {
  const kind = gates.find(({ type }) => type === each.gate.type);
  if (kind === undefined) throw new TypeError(`no gate of type ${each.gate.type} can measure`);
  const now = ports.clock.now();
  const since = Math.max(stepAt, now - neededMs(each.gate));
  const judged = { ...each, moment: { ...each.moment, since: new Date(since).toISOString() } };
  const soFar: Measurement[] = [];
  let told: { link?: string | undefined; query?: string | undefined } = {};
  for (
    let at = nextMeasurementAt(each.gate, since, soFar);
    at <= now;
    at = nextMeasurementAt(each.gate, since, soFar)
  ) {
    const measured = await kind.measure(
      judged,
      { at, environment: state.name },
      {
        ...ports,
        openIncidents: () => openIncidents(ports),
      },
    );
    soFar.push(measured.measurement);
    told = { link: measured.link ?? told.link, query: measured.query };
    const verdict = judgeGate(each.gate, soFar);
    if (verdict === undefined) continue;
    return {
      kind: 'judged',
      judgement: {
        gate: each.gate.name,
        service: each.service,
        moment: judged.moment,
        verdict,
        required: each.gate.required,
        ...(told.query !== undefined && { query: told.query }),
        ...(each.gate.threshold && { threshold: each.gate.threshold.text }),
        windowMs: each.gate.windowMs,
        measurements: soFar,
        ...(told.link !== undefined && { link: told.link }),
      },
    };
  }
  const leftMs = since + neededMs(each.gate) - now;
  const note = soFar.at(-1)?.note;
  const says = note
    ? `${each.gate.name} of ${each.service} could not be measured: ${note}`
    : `${each.gate.name} of ${each.service} can tell in ${Math.max(1, Math.ceil(leftMs / 1000))} s`;
  return { kind: 'pending', says };
}

/** From the beginning of the first window to the last measurement, in milliseconds. */
function neededMs({ windowMs, scrapeIntervalMs, intervalMs, count }: PlannedGate): number {
  return windowMs + scrapeIntervalMs + (count - 1) * intervalMs;
}
