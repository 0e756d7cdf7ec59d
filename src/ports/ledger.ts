import type { StreamId, TrackId } from '../domain/ids.ts';
import type { FactBody, FactEnvelope, NewFact } from '../domain/ledger/fact.ts';

/** A stream as it was when it was read. */
export interface StreamView {
  stream: StreamId;
  /** Number of facts; 0 for a stream that does not exist. */
  version: number;
  /** Hash of the last fact; 64 zeros for a stream that does not exist. */
  head: string;
  /** Those this program knows, older versions brought up to date. Shared between readers: change nothing in them. */
  facts: FactEnvelope[];
  /** Present when asked for and still so: `facts` are only those after this version. */
  after?: number;
  /**
   * Present when a fact of an unknown kind, of a newer version or with a broken chain was met: the stream may be shown and
   * recovered from, never appended to by forward work.
   */
  readOnly?: { reason: string };
}

/** Facts for one stream, on the condition that nobody appended since it was read. */
export interface Write {
  stream: StreamId;
  /**
   * Both absent: at the end, wherever that is by then. Only for facts that are true whatever was appended meanwhile, such as
   * receipts.
   */
  expectedVersion?: number;
  expectedHead?: string;
  facts: readonly NewFact<FactBody>[];
  correlation: string;
}

/** All or nothing over several streams. */
export interface Batch {
  /**
   * Identity of the append: sent again (a retry, a resent Redis command), it answers with what the first one did.
   * Absent: the writer makes one.
   */
  operation?: string;
  writes: readonly Write[];
  /** Tracks that must still have exactly these epochs. */
  fences: Readonly<Record<TrackId, number>>;
  /** Tracks whose epoch becomes this; each must be greater than the present one. */
  raises: Readonly<Record<TrackId, number>>;
  /** Releases or incidents that the sweep must look at until they are closed here. */
  opens?: readonly StreamId[];
  closes?: readonly StreamId[];
  /** Recovery appends to a read-only stream too: nothing may stop a rollback. Absent: forward work, which may not. */
  recovery?: boolean;
}

export type Appended =
  | { kind: 'appended'; facts: FactEnvelope[] }
  /** The operation was already carried out: these are its facts. */
  | { kind: 'repeated'; facts: FactEnvelope[] }
  /** Somebody appended first: read again and decide again. */
  | { kind: 'conflict'; stream: StreamId }
  /** A track has another epoch: whoever asked has lost it. `epoch` is the present one, 0 when never taken. */
  | { kind: 'fenced'; track: TrackId; epoch: number }
  /** The stream is read-only for this program. */
  | { kind: 'readOnly'; stream: StreamId; reason: string };

/** A place in a stream whose state somebody already has. */
export interface Known {
  version: number;
  head: string;
}

/**
 * The append-only truth of what happened. Every method throws `UnavailableError` when the store cannot be reached, or when it is no
 * longer the one this program opened (emptied, or restored by another).
 */
export interface Ledger {
  /** `after`: only facts after that place are wanted; all come when the stream is not so any more. */
  read(stream: StreamId, after?: Known): Promise<StreamView>;
  /** Throws `TerminalError` for a fact that is not sound. */
  append(batch: Batch): Promise<Appended>;
  /** Streams opened and not closed, oldest first. */
  unfinished(): Promise<StreamId[]>;
  /** Streams of a kind whose last fact is newest first, at most `limit`. */
  recent(kind: 'release' | 'incident', limit: number): Promise<StreamId[]>;
  /** Facts after `seq` in the installation's order, at most `limit`, as they were written: unknown ones too, none brought up to date. */
  since(seq: number, limit: number): Promise<FactEnvelope[]>;
  /** The incarnation this program writes under. */
  incarnation(): number;
}
