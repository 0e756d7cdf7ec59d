/**
 * A turn at something that only one worker should do at a time. It is no lock: a worker that was cut off or slow loses it without
 * being told, so whatever must never happen twice is fenced where it happens (the ledger's epochs, a fast-forward push).
 */
export interface Held {
  /** Grows with every taking of any lease, also over an emptied store: a higher one came later. */
  fence: number;
  /** Whether, by our own clocks, nobody can have taken it because it ran out. Ask again after everything slow. */
  stillMine(): boolean;
  /** Asks the store, and so also sees that somebody seized it. False when the store cannot say in time. */
  confirm(): Promise<boolean>;
  /** Aborted as soon as it is known to be lost. */
  lost: AbortSignal;
  /** Gives it back at once. Never throws: what cannot be given back runs out. */
  release(): Promise<void>;
}

export type Taken =
  | { kind: 'mine'; held: Held }
  /** Somebody has it, and without a renewal it is free in so many milliseconds. */
  | { kind: 'taken'; freeInMs: number };

/** Short leases by name, renewed while they are held. Throws `UnavailableError` when the store cannot be reached. */
export interface Leases {
  /** `seize`: take it from whoever has it. For recovery. */
  take(name: string, options?: { seize?: boolean }): Promise<Taken>;
}
