import type { PersonId } from '../domain/ids.ts';

/** A token that is good now. */
export interface TokenHolder {
  /** Tells one token from another in logs and limits; no secret. */
  id: string;
  person: PersonId;
  /** Milliseconds since 1970. */
  expiresAt: number;
}

/** Personal tokens, by which people ask outside the chat workspace. Methods throw `UnavailableError`. */
export interface Tokens {
  /** A new one in the place of any that this person had. Only its hash is kept: its text is told here, and never again. */
  issue(person: PersonId, options: { lifetimeMs: number }): Promise<string>;
  /** Whose it is; absent when it was never issued, has expired, was replaced or was revoked. */
  holder(token: string): Promise<TokenHolder | undefined>;
  /** Whether there was one. */
  revoke(person: PersonId): Promise<boolean>;
}
