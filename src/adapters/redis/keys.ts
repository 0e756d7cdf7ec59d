import type { StreamId } from '../../domain/ids.ts';
import { TerminalError } from '../../errors.ts';

/**
 * Every key of an installation begins with one hash tag, so that a Redis Cluster keeps them on one node and scripts may touch
 * several at once (https://redis.io/docs/latest/operate/oss_and_stack/reference/cluster-spec/#hash-tags).
 */
export function keyPrefix(installation: string): string {
  if (!/^[A-Za-z0-9][A-Za-z0-9._-]{0,62}$/.test(installation)) {
    throw new TerminalError(
      `The installation's name ${JSON.stringify(installation)} cannot be part of a key.`,
    );
  }
  return `{sb:${installation}}`;
}

/** Keys of the ledger. */
export interface LedgerKeys {
  /** Everything of the ledger begins with this. */
  prefix: string;
  /** Number and id of the incarnation that may write: absent in an empty store. */
  incarnation: string;
  /** The last sequence number. */
  sequence: string;
  /** List: `<version> <stream>` at index sequence number - 1. */
  order: string;
  /** Hash: track to epoch. */
  epochs: string;
  /** Sorted set: open streams by the sequence number at which they were opened. */
  unfinished: string;
  /** Sorted sets: streams by the sequence number of their last fact. */
  recentReleases: string;
  recentIncidents: string;
  /** List of a stream's facts, a line each. */
  stream(stream: StreamId): string;
  /** What an append by this name did, for 24 hours. */
  operation(id: string): string;
}

export function ledgerKeys(installation: string): LedgerKeys {
  const prefix = `${keyPrefix(installation)}:ledger:`;
  return {
    prefix,
    incarnation: `${prefix}incarnation`,
    sequence: `${prefix}sequence`,
    order: `${prefix}order`,
    epochs: `${prefix}epochs`,
    unfinished: `${prefix}unfinished`,
    recentReleases: `${prefix}recent:release`,
    recentIncidents: `${prefix}recent:incident`,
    stream: (stream) => `${prefix}stream:${stream}`,
    operation: (id) => `${prefix}operation:${id}`,
  };
}
