/** An alarm that has come due, to be handed on and then settled. */
export interface DueAlarms {
  /** What was set, in the order in which it came due. */
  due: string[];
  /** Milliseconds until the next one; absent when none is set. */
  nextInMs?: number;
}

/** Alarms by name, kept where they outlive us. Throws `UnavailableError` when they cannot be reached. */
export interface Alarms {
  /** In `delayMs`. Of several for one name the nearest counts. */
  set(name: string, delayMs: number): Promise<void>;
  /** Takes at most `limit` that are due. What is taken and not settled within seconds comes due again. */
  take(limit: number): Promise<DueAlarms>;
  /** It was handed on. */
  settle(name: string): Promise<void>;
}
