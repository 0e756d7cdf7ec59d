/** What goes to the app. The three families travel differently over HTTP and are named differently in a socket's envelope. */
export type Outgoing =
  | { readonly family: 'slash_commands'; readonly payload: Readonly<Record<string, string>> }
  | { readonly family: 'interactive'; readonly payload: Readonly<Record<string, unknown>> }
  | {
      readonly family: 'events_api';
      readonly payload: Readonly<Record<string, unknown>>;
      /** Absent on the first delivery. `num` counts from 1: https://docs.slack.dev/apis/events-api#retries. */
      readonly retry?: { readonly num: number; readonly reason: string };
    };

/** What came of a delivery. */
export type AppAnswer =
  /** Acknowledged in time. `body` is what the app put into the acknowledgement: parsed JSON, a text, or undefined for nothing. */
  | { readonly kind: 'acknowledged'; readonly body: unknown }
  | { readonly kind: 'timed_out' }
  /** An HTTP status other than 2xx. `forbidsRetry`: the answer carried `x-slack-no-retry: 1`. */
  | { readonly kind: 'refused'; readonly status: number; readonly forbidsRetry: boolean }
  | { readonly kind: 'unreachable'; readonly reason: string };

/** One way to an app. */
export interface AppTransport {
  send(outgoing: Outgoing): Promise<AppAnswer>;
}

/** A delivery that was made, as tests read and replay it. */
export interface Delivery {
  readonly atMs: number;
  readonly transport: 'http' | 'socket';
  readonly outgoing: Outgoing;
  /** What went over the wire by HTTP; absent for a socket. */
  readonly wire?: { readonly headers: Readonly<Record<string, string>>; readonly body: string };
  /** Absent until the app has answered or its time is over. */
  answer?: AppAnswer;
  /** Milliseconds from sending to the answer; absent until then. */
  tookMs?: number;
}
