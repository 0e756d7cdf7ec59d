import type { Measurement } from '../gate/planned-gate.ts';
import type { Wait } from './look.ts';

/** A gate that has not spoken yet. */
export interface PendingGate {
  gate: string;
  service: string;
  placement: string;
  soFar: Measurement[];
  /** When it is measured next, in milliseconds since 1970. */
  nextAt: number;
}

/** What the last look found that is no fact: shown on the board, forgotten without harm. */
export interface Progress {
  /** When it was looked, in milliseconds since 1970. */
  at: number;
  waits: Wait[];
  pending: PendingGate[];
}
