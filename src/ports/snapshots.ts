import type { StreamId } from '../domain/ids.ts';
import type { Known } from './ledger.ts';

/** A folded state and the place in its stream up to which it was folded. */
export interface Snapshot extends Known {
  /** As it was saved, through JSON. */
  state: unknown;
}

/** Folded states, kept so that a long stream need not be read from its beginning. Cheap to lose, never the truth. */
export interface Snapshots {
  /**
   * Absent when there is none for this `shape`. `shape` names the fold that made it: a program that folds differently, or knows
   * other facts, uses another. Whether the stream still has that head is for the reader to check.
   */
  load(stream: StreamId, shape: string): Promise<Snapshot | undefined>;
  save(stream: StreamId, shape: string, snapshot: Snapshot): Promise<void>;
}
