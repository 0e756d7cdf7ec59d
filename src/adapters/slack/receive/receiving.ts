import type { IncomingMessage, ServerResponse } from 'node:http';

/** A page beside Slack's endpoint, such as `/healthz`. */
export interface Route {
  path: string;
  handler: (request: IncomingMessage, response: ServerResponse) => void;
}

/** Requests of Slack being taken in. */
export interface Receiving {
  /** The port that is listened on; absent when there is none. */
  port?: number;
  /** Whether a command that is typed now would arrive here. */
  health(): { kind: 'up' } | { kind: 'down'; why: string };
  /** Takes in nothing more; what is under way has `withinMs` milliseconds to finish. Always settles about then. */
  close(options: { withinMs: number }): Promise<void>;
}
