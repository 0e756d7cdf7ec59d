import type { AppAnswer, Outgoing } from './payload.ts';
import { signRequest } from './signature.ts';

/** A request as it goes over the wire. */
export interface WireRequest {
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string;
}

/** An app's plain HTTP answer, as a test that plays attacker sees it. */
export interface WireAnswer {
  readonly status: number;
  readonly body: string;
}

/** Writes a payload as Slack sends it by HTTP, signed. */
export function wireRequest(
  outgoing: Outgoing,
  key: { secret: string; timestampSeconds: number },
): WireRequest {
  const body = bodyOf(outgoing);
  const type = outgoing.family === 'events_api' ? 'application/json' : 'application/x-www-form-urlencoded';
  const retry =
    outgoing.family === 'events_api' && outgoing.retry !== undefined
      ? { 'x-slack-retry-num': String(outgoing.retry.num), 'x-slack-retry-reason': outgoing.retry.reason }
      : {};
  return {
    body,
    headers: {
      'content-type': type,
      'user-agent': 'Slackbot 1.0 (+https://api.slack.com/robots)',
      ...signRequest(body, key),
      ...retry,
    },
  };
}

function bodyOf(outgoing: Outgoing): string {
  switch (outgoing.family) {
    case 'slash_commands':
      return new URLSearchParams(outgoing.payload).toString();
    case 'interactive':
      return new URLSearchParams({ payload: JSON.stringify(outgoing.payload) }).toString();
    case 'events_api':
      return JSON.stringify(outgoing.payload);
  }
}

/** Posts a request to the app's request URL and reads its acknowledgement, waiting no longer than `ackMs`. */
export async function postToApp(
  request: WireRequest,
  options: { readonly requestUrl: string; readonly ackMs: number },
): Promise<AppAnswer> {
  const deadline = AbortSignal.timeout(options.ackMs);
  try {
    const response = await fetch(options.requestUrl, {
      method: 'POST',
      ...request,
      redirect: 'manual',
      signal: deadline,
    });
    const text = await response.text();
    if (!response.ok) {
      const forbidsRetry = response.headers.get('x-slack-no-retry') === '1';
      return { kind: 'refused', status: response.status, forbidsRetry };
    }
    const isJson = response.headers.get('content-type')?.startsWith('application/json') === true;
    return { kind: 'acknowledged', body: text === '' ? undefined : isJson ? JSON.parse(text) : text };
  } catch (error) {
    if (deadline.aborted) return { kind: 'timed_out' };
    return { kind: 'unreachable', reason: error instanceof Error ? error.message : String(error) };
  }
}

/** Posts whatever a test made up, and gives the plain answer. */
export async function postRaw(request: WireRequest, requestUrl: string): Promise<WireAnswer> {
  const response = await fetch(requestUrl, { method: 'POST', ...request, redirect: 'manual' });
  return { status: response.status, body: await response.text() };
}
