/** How long things take in the workspace. Tests shorten them; the defaults are Slack's own. */
export interface Timing {
  /** An app must acknowledge within 3 s: https://docs.slack.dev/interactivity/handling-user-interaction#acknowledgment_response. */
  readonly ackMs: number;
  /** A trigger lives 3 s and opens one view: https://docs.slack.dev/interactivity/handling-user-interaction#modal_responses. */
  readonly triggerMs: number;
  /** A response address lives 30 minutes: https://docs.slack.dev/interactivity/handling-user-interaction#message_responses. */
  readonly responseUrlMs: number;
  /** Waits before the second, third and fourth delivery of an event: https://docs.slack.dev/apis/events-api#retries. */
  readonly eventRetryDelaysMs: readonly number[];
  /** From the `warning` to the end of a Socket Mode connection, "about 10 s": https://docs.slack.dev/apis/events-api/using-socket-mode. */
  readonly disconnectWarningMs: number;
}

/** Slack's own times. */
export const SLACK_TIMING: Timing = {
  ackMs: 3000,
  triggerMs: 3000,
  responseUrlMs: 30 * 60_000,
  eventRetryDelaysMs: [0, 60_000, 300_000],
  disconnectWarningMs: 10_000,
};
