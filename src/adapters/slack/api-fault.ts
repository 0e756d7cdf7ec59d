import {
  WebAPIHTTPError,
  WebAPIPlatformError,
  WebAPIRateLimitedError,
  WebAPIRequestError,
} from '@slack/web-api';
import { TerminalError, UnavailableError } from '../../errors.ts';

/** What became of a call that did not succeed. */
export type ApiFault =
  /** Slack said no, by a name of its reference such as `not_in_channel`. */
  | { kind: 'refused'; code: string; detail: string }
  /** Not done: too many calls. */
  | { kind: 'limited'; retryAfterMs: number }
  /** No answer that could be trusted. `ambiguous`: it may have been done. */
  | { kind: 'unavailable'; why: string; ambiguous: boolean; retryAfterMs?: number };

/** Slack's own troubles: "It's possible some aspect of the operation succeeded" (any method's page, `fatal_error`). */
const TROUBLES = new Set(['fatal_error', 'internal_error', 'request_timeout', 'service_unavailable']);

/** The token is of no use until a person does something; trying again now and then finds out. */
const TOKEN_REFUSED = new Set([
  'invalid_auth',
  'not_authed',
  'account_inactive',
  'token_revoked',
  'token_expired',
]);
const TOKEN_RETRY_MS = 60_000;

/** Failures before anything was sent. */
const NOT_SENT = new Set([
  'ECONNREFUSED',
  'ENOTFOUND',
  'EAI_AGAIN',
  'UND_ERR_CONNECT_TIMEOUT',
  'EHOSTUNREACH',
  'ENETUNREACH',
]);

/** When Slack says that there were too many calls and not for how long. */
const LIMITED_MS = 1_000;

/** Reads what the Web API's client threw. Rethrows what is none of its failures: a defect. */
export function apiFault(error: unknown): ApiFault {
  if (error instanceof WebAPIRateLimitedError)
    return { kind: 'limited', retryAfterMs: error.retryAfter * 1000 };
  if (error instanceof WebAPIPlatformError) return platformFault(error);
  if (error instanceof WebAPIHTTPError) {
    return { kind: 'unavailable', why: `Slack answered HTTP ${error.statusCode}`, ambiguous: true };
  }
  if (error instanceof WebAPIRequestError) return requestFault(error.original);
  // The answer broke off while it was read: the client lets that through as the runtime's own error.
  if (error instanceof TypeError || (error instanceof DOMException && error.name.endsWith('Error'))) {
    return requestFault(error);
  }
  throw error;
}

/** The fault as the error to throw for an act that has no answer for it. */
export function faultError(fault: ApiFault, act: string): UnavailableError | TerminalError {
  switch (fault.kind) {
    case 'refused':
      return new TerminalError(`${act}: Slack refuses it as ${fault.code}${fault.detail}`);
    case 'limited':
      return new UnavailableError(`${act}: too many calls for Slack`, { retryAfterMs: fault.retryAfterMs });
    case 'unavailable':
      return new UnavailableError(`${act}: ${fault.why}`, {
        ambiguous: fault.ambiguous,
        ...(fault.retryAfterMs === undefined ? {} : { retryAfterMs: fault.retryAfterMs }),
      });
  }
}

/** Calls Slack; what it answers or what became of it. */
export async function attempt<T>(call: () => Promise<T>): Promise<{ kind: 'ok'; value: T } | ApiFault> {
  try {
    return { kind: 'ok', value: await call() };
  } catch (error) {
    return apiFault(error);
  }
}

/** Calls Slack for an act that has no answer but success. Throws `UnavailableError` or `TerminalError`. */
export async function demand<T>(act: string, call: () => Promise<T>): Promise<T> {
  const done = await attempt(call);
  if (done.kind === 'ok') return done.value;
  throw faultError(done, act);
}

function platformFault({ data }: WebAPIPlatformError): ApiFault {
  const code = String(data.error);
  if (code === 'ratelimited' || code === 'rate_limited') return { kind: 'limited', retryAfterMs: LIMITED_MS };
  if (TOKEN_REFUSED.has(code)) {
    const why = `Slack refuses the bot token (${code}): install the app again and set the new token`;
    return { kind: 'unavailable', why, ambiguous: false, retryAfterMs: TOKEN_RETRY_MS };
  }
  // A page instead of JSON (a proxy, a gateway) arrives as the "error" of an answer.
  if (TROUBLES.has(code) || !/^[a-z0-9_.:-]{1,80}$/i.test(code)) {
    return { kind: 'unavailable', why: 'Slack could not say whether it was done', ambiguous: true };
  }
  return { kind: 'refused', code, detail: detailOf(data) };
}

/** What Slack adds to a refusal: the scope it misses, the block it does not take. No text of ours is in it. */
function detailOf(data: WebAPIPlatformError['data']): string {
  const needed =
    'needed' in data && typeof data['needed'] === 'string' ? ` (needs the scope ${data['needed']})` : '';
  const messages = data.response_metadata?.messages ?? [];
  return messages.length > 0 ? `${needed} (${messages.join('; ').slice(0, 500)})` : needed;
}

function requestFault(cause: Error): ApiFault {
  const code = codeOf(cause) ?? codeOf(cause.cause) ?? cause.name;
  if (NOT_SENT.has(code))
    return { kind: 'unavailable', why: `Slack cannot be reached (${code})`, ambiguous: false };
  return { kind: 'unavailable', why: `the answer of Slack did not arrive (${code})`, ambiguous: true };
}

function codeOf(cause: unknown): string | undefined {
  if (typeof cause !== 'object' || cause === null) return undefined;
  if ('code' in cause && typeof cause.code === 'string') return cause.code;
  // Several addresses were tried, each with a failure of its own.
  return 'errors' in cause && Array.isArray(cause.errors) ? codeOf(cause.errors[0]) : undefined;
}
