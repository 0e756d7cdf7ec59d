import type { LoggedRequest } from './request-log.ts';

/** What goes wrong with a request. */
export type Fault =
  /** Answers this code, with `Retry-After` when seconds are given; nothing is done. */
  | { kind: 'answer'; code: number; retryAfterSeconds?: number }
  /** 403, as if the rights had just been taken away. */
  | { kind: 'forbid' }
  /** Answers late. */
  | { kind: 'delay'; ms: number }
  /** Takes the request and never answers; nothing is done. */
  | { kind: 'blackHole' }
  /** Closes the connection; nothing is done. */
  | { kind: 'reset' }
  /** Does what was asked, then closes the connection without an answer. */
  | { kind: 'commitThenReset' }
  /** Does what was asked, then answers this code. */
  | { kind: 'commitThenAnswer'; code: number };

/** When a fault strikes. */
export interface FaultRule {
  fault: Fault;
  /** Absent: every request. */
  when?: (request: LoggedRequest) => boolean;
  /** How often; absent: until it is called off. */
  times?: number;
}

/** How a watch ends: between lines, inside an HTTP chunk, with half a line, or not at all, but in silence. */
export type WatchCut = 'clean' | 'midChunk' | 'halfLine' | 'silence';

/** Trouble on demand. */
export interface Faults {
  /** Refuses connections and breaks those there are. */
  down(): Promise<void>;
  /** Listens again, on the same port. */
  up(): Promise<void>;
  /** Answers how to call it off. */
  add(rule: FaultRule): () => void;
  /** Ends all open watches. Answers how many. */
  cutWatches(how: WatchCut): number;
  /** Forgets the past: older watches and half-read lists get 410. */
  compact(): void;
  /** Calls everything off. */
  clear(): void;
}

/** The faults in force, in the order they were added. */
export interface FaultTable {
  add(rule: FaultRule): () => void;
  /** The first that strikes this request; it is used up by one. */
  strike(request: LoggedRequest): Fault | undefined;
  clear(): void;
}

/** No faults. */
export function createFaultTable(): FaultTable {
  const rules = new Map<FaultRule, number>();
  return {
    add(rule) {
      rules.set(rule, rule.times ?? Number.POSITIVE_INFINITY);
      return () => rules.delete(rule);
    },
    strike(request) {
      for (const [rule, left] of rules) {
        if (rule.when?.(request) === false) continue;
        if (left <= 1) rules.delete(rule);
        else rules.set(rule, left - 1);
        return rule.fault;
      }
      return undefined;
    },
    clear: () => rules.clear(),
  };
}
