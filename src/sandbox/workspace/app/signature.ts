import { createHmac } from 'node:crypto';

/** The headers by which an app knows that a request is from Slack: https://docs.slack.dev/authentication/verifying-requests-from-slack. */
export interface SignatureHeaders {
  readonly 'x-slack-request-timestamp': string;
  readonly 'x-slack-signature': string;
}

/** Signs a body as Slack does. `timestampSeconds` is since 1970. */
export function signRequest(
  body: string,
  key: { secret: string; timestampSeconds: number },
): SignatureHeaders {
  const timestamp = String(Math.floor(key.timestampSeconds));
  const digest = createHmac('sha256', key.secret).update(`v0:${timestamp}:${body}`).digest('hex');
  return { 'x-slack-request-timestamp': timestamp, 'x-slack-signature': `v0=${digest}` };
}
