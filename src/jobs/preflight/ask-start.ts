import type { EnvironmentName } from '../../domain/ids.ts';
import type { Plan } from '../../domain/plan/plan.ts';
import { type StartAnswer, startGates } from '../../domain/policy/start-answer.ts';
import type { GateQuestion } from '../../domain/release/look.ts';
import { gates } from '../../gates/registry.ts';
import type { Ports } from '../../ports/ports.ts';
import { openIncidents } from '../incidents/read-incident.ts';

export type StartPorts = Pick<Ports, 'ledger' | 'metrics' | 'alerts' | 'clock'>;

/** Services that are asked about side by side: a Prometheus has other readers. */
const AT_ONCE = 8;

/** A gate of a service, and where. */
export type Question = GateQuestion;

/** Asks every gate that a release has to pass before it starts, as the world is now. */
export function askStart(
  ports: StartPorts,
  { plan, environment }: { plan: Plan; environment: EnvironmentName },
): Promise<StartAnswer[]> {
  const questions = startGates(plan).flatMap(({ service, gate, namespaces }) =>
    // There are no pods of it yet.
    namespaces.map((namespace) => ({ service, gate, namespace, stablePodHash: '', moment: { podHash: '' } })),
  );
  return askGates(ports, { questions, environment });
}

/** Asks each gate once, as the world is now. */
export async function askGates(
  ports: StartPorts,
  { questions, environment }: { questions: readonly Question[]; environment: EnvironmentName },
): Promise<StartAnswer[]> {
  const at = ports.clock.now();
  // Everybody asks the same of those who are called and of the record: once is enough.
  const asked = {
    metrics: ports.metrics,
    alerts: { open: once(() => ports.alerts.open()) },
    openIncidents: once(() => openIncidents(ports)),
  };
  const answers: StartAnswer[] = [];
  for (let i = 0; i < questions.length; i += AT_ONCE) {
    const some = questions.slice(i, i + AT_ONCE).map(async (question) => {
      const { service, gate } = question;
      const kind = gates.find(({ type }) => type === gate.type);
      if (kind === undefined) throw new TypeError(`no gate of type ${gate.type} can measure`);
      const { measurement, advice } = await kind.measure(question, { at, environment }, asked);
      return { service, gate, measurement, advice };
    });
    answers.push(...(await Promise.all(some)));
  }
  return answers;
}

function once<T>(ask: () => Promise<T>): () => Promise<T> {
  let answer: Promise<T> | undefined;
  return () => {
    answer ??= ask();
    return answer;
  };
}
