import type { Measurement } from '../domain/gate/planned-gate.ts';
import type { IncidentState } from '../domain/incident/incident-state.ts';
import type { GateAtMoment, GateQuestion } from '../domain/release/look.ts';
import type { Alerts } from '../ports/alerts.ts';
import type { Metrics } from '../ports/metrics.ts';

/** What gates may ask the world. */
export interface GatePorts {
  metrics: Metrics;
  alerts: Alerts;
  /** Incidents of our own record that are not resolved. */
  openIncidents(): Promise<IncidentState[]>;
}

/** What one look came to. */
export interface Measured {
  measurement: Measurement;
  link?: string;
  /** As it was sent, or what was asked in words. */
  query: string;
  /** It passes, and whoever approves should know this. */
  advice?: string;
}

/** A kind of gate that measures. */
export interface Gate {
  type: GateAtMoment['gate']['type'];
  /**
   * One look at the world as it was at `at` (milliseconds since 1970). Not being able to tell is a measurement too, with outcome
   * `error`: it never throws for the world's sake.
   */
  measure(
    judged: GateQuestion,
    options: { at: number; environment: string },
    ports: GatePorts,
  ): Promise<Measured>;
}
