import type { Request } from '../domain/request.ts';

/**
 * What buttons do, kept by us: the wire carries only an opaque id, so that nobody can make a button of their own and an
 * old one is judged by what we know, not by what it says.
 */
export interface ButtonStore {
  /** The id of a request; the same request has the same id. Throws `UnavailableError` when it cannot be kept. */
  put(request: Request): Promise<string>;
  /** Absent for an id that was never given or is too old. Throws `UnavailableError`. */
  get(id: string): Promise<Request | undefined>;
}
