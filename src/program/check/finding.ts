/** One line of a check. */
export type Finding =
  | { kind: 'ok'; says: string }
  /** `warning`: it works, and may not always. `fix`: absent only where `says` itself tells what to do. */
  | { kind: 'warning' | 'fault'; says: string; fix?: string };

/** One thing to look at, apart from all others: what becomes of it hides nothing else. */
export interface Look {
  /** Headline that findings stand under, such as `Slack`. */
  area: string;
  /** What cannot be told when the look itself fails: the beginning of a sentence. */
  about: string;
  /** What to do then. */
  fix: string;
  /** Milliseconds; absent: `LOOK_WITHIN_MS`. */
  withinMs?: number;
  /** Throws what it likes: that is a fault. */
  look(): Promise<Finding[]>;
}

/** What was found in one area. */
export interface AreaReport {
  area: string;
  findings: Finding[];
}

export function ok(says: string): Finding {
  return { kind: 'ok', says };
}

export function warning(says: string, fix?: string): Finding {
  return { kind: 'warning', says, ...(fix !== undefined && { fix }) };
}

export function fault(says: string, fix?: string): Finding {
  return { kind: 'fault', says, ...(fix !== undefined && { fix }) };
}
