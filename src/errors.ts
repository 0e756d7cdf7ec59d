/**
 * An act that must not be tried again as it is: the world said no, or the input was wrong.
 * The message names the act and the object, and may be shown to a person: no secrets, no addresses with credentials.
 */
export class TerminalError extends Error {
  override readonly name = 'TerminalError';
}

/** An act whose outcome is "not now": try again, after `retryAfterMs` when the other side said so. */
export class UnavailableError extends Error {
  override readonly name = 'UnavailableError';
  /** Milliseconds the other side asked us to wait; absent when it did not say. */
  readonly retryAfterMs: number | undefined;
  /**
   * Whether the act may have taken effect although we could not see it (a time-out, a cut connection, a 5xx).
   * Whoever tries again looks at the world first.
   */
  readonly ambiguous: boolean;

  constructor(
    message: string,
    options: { cause?: unknown; retryAfterMs?: number; ambiguous?: boolean } = {},
  ) {
    super(message, { cause: options.cause });
    this.retryAfterMs = options.retryAfterMs;
    this.ambiguous = options.ambiguous ?? false;
  }
}
