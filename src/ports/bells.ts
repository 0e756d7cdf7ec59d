import type { EnvironmentName, IncidentId, ReleaseId } from '../domain/ids.ts';
import { asksForRecovery, type Request } from '../domain/request.ts';
import type { Held } from './lease.ts';

/** What a bell asks to look at. A lost or doubled ring changes nothing: whoever is rung reads the facts. */
export type Bell =
  /** `urgent`: it asks for recovery, so it goes to recovery's own workers. */
  | { kind: 'request'; id: string; urgent?: boolean }
  | { kind: 'release'; release: ReleaseId }
  /** A release of type rollback: its own queue and workers. */
  | { kind: 'recovery'; release: ReleaseId }
  /** Messages about a release or an incident are to be drawn again. */
  | { kind: 'speak'; subject: ReleaseId | IncidentId }
  | { kind: 'incident'; incident: IncidentId }
  /** Flags of an environment are to be set, or told of. */
  | { kind: 'flags'; environment: EnvironmentName };

/** The bell of a request: one that asks for recovery has workers of its own. */
export function bellOfRequest({ id, request }: { id: string; request: Request }): Bell {
  return { kind: 'request', id, ...(asksForRecovery(request) && { urgent: true }) };
}

export interface Bells {
  /**
   * Ring now, or after `delayMs`. At most one look per subject waits while one is under way, and one later: of several later rings
   * the nearest counts, and a ring now does not take back a later one.
   */
  ring(bell: Bell, options?: { delayMs?: number }): Promise<void>;
  /**
   * Says that this bell is rung within moments, as soon as what is being written is safe: whoever answers it here gets ready
   * meanwhile. Nothing comes of it when no ring follows. Never throws.
   */
  expect(bell: Bell): void;
}

/**
 * Answers one kind of bell: looks, does what is to be done now, rings for later. What it throws is rung again after a while, an
 * `UnavailableError` not before its `retryAfterMs`. `held` is the lease under which it alone looks at this subject.
 */
export type BellHandler<K extends Bell['kind'] = Bell['kind']> = (
  bell: Extract<Bell, { kind: K }>,
  held: Held,
) => Promise<void>;

/** Who answers which bell. Queues with a kind that is absent are left to other processes. */
export type BellHandlers = { [K in Bell['kind']]?: BellHandler<K> };
