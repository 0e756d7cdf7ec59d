import type { AppAnswer } from '../app/payload.ts';

/** The app did not do its part in time, or not well. */
export interface AppFailure {
  readonly kind: 'failed';
  /** Slack's name for it, as it stands in the line people see. */
  readonly error: string;
  /** What the person reads. */
  readonly words: string;
}

/** Slack's name for a delivery that was not acknowledged; undefined when it was. */
export function failureOf(answer: AppAnswer): string | undefined {
  switch (answer.kind) {
    case 'acknowledged':
      return undefined;
    // The names people see after "failed with the error": https://docs.slack.dev/interactivity/implementing-slash-commands#responding_basic_receipt.
    case 'timed_out':
      return 'operation_timeout';
    case 'refused':
    case 'unreachable':
      return 'dispatch_failed';
  }
}

/** What a person sees beside a button or in a modal when the app does not answer. */
export function failed(error: string): AppFailure {
  return { kind: 'failed', error, words: 'We had some trouble connecting. Try again?' };
}
