import type { Measurement } from '../domain/gate/planned-gate.ts';
import type { GateAtMoment } from '../domain/release/look.ts';
import type { Metrics } from '../ports/metrics.ts';

/** What gates may ask the world. */
export interface GatePorts {
  metrics: Metrics;
}

/** A kind of gate that measures. */
export interface Gate {
  type: GateAtMoment['gate']['type'];
  /**
   * One look at the world as it was at `at` (milliseconds since 1970). Not being able to tell is a measurement too, with outcome
   * `error`: it never throws for the world's sake.
   */
  measure(
    judged: GateAtMoment,
    options: { at: number; environment: string },
    ports: GatePorts,
  ): Promise<{ measurement: Measurement; link?: string; query: string }>;
}
