import type { AcceptedRequest } from '../domain/request.ts';

/**
 * Requests that were accepted and not yet carried out. The record is durable before the person is told so; the same
 * identity is accepted once.
 */
export interface Inbox {
  /** Throws `UnavailableError` when nothing can be promised. */
  accept(request: AcceptedRequest): Promise<'accepted' | 'repeated'>;
  /** Absent when it was carried out already. */
  take(id: string): Promise<AcceptedRequest | undefined>;
  /** Carried out: forget it, but remember its identity for 24 hours. */
  finish(id: string): Promise<void>;
  /** Identities accepted before `before` (milliseconds since 1970) and not finished. */
  waiting(before: number): Promise<string[]>;
}
