import type { Measurement, PlannedGate } from '../gate/planned-gate.ts';
import type { ServiceName } from '../ids.ts';
import type { Plan } from '../plan/plan.ts';

/** What a gate of phase `preflight` said of one service. */
export interface StartAnswer {
  service: ServiceName;
  gate: PlannedGate;
  measurement: Measurement;
  /** It passes, and whoever approves should know this. */
  advice?: string | undefined;
}

/** The gates that a release has to pass before it starts. */
export function startGates(
  plan: Pick<Plan, 'services'>,
): { service: ServiceName; gate: PlannedGate; namespaces: string[] }[] {
  return Object.entries(plan.services).flatMap(([service, { gates, placements }]) =>
    gates
      .filter(({ phase }) => phase === 'preflight')
      .map((gate) => ({
        service,
        gate,
        namespaces: [...new Set(placements.map(({ namespace }) => namespace))],
      })),
  );
}
