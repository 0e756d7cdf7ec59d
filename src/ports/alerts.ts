import type { SourceAnswer } from '../domain/incident/open-alert.ts';

/** Everybody who is told when something is wrong: Alertmanager, PagerDuty. */
export interface Alerts {
  /**
   * What is open now at every source that is configured; empty when none is. A source that is away or refuses says so in its own
   * answer, so that it hides no other. Never throws for the world's sake.
   */
  open(): Promise<SourceAnswer[]>;
}
