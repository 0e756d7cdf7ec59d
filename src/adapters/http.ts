import axios, { type AxiosError, type AxiosInstance } from 'axios';
import { UnavailableError } from '../errors.ts';

/** What an outside address may cost us at most. */
export interface HttpLimits {
  /** For the whole exchange. */
  timeoutMs: number;
  /** Of an answer's body. */
  maxBytes: number;
}

/**
 * The one way out by HTTP. axios by itself waits for ever, follows redirects to anywhere (also to loopback), takes bodies of any
 * size and believes proxy variables; here it does none of that, and a status is an answer, not an exception.
 */
export function createHttp(limits: HttpLimits): AxiosInstance {
  return axios.create({
    timeout: limits.timeoutMs,
    maxRedirects: 0,
    maxContentLength: limits.maxBytes,
    maxBodyLength: limits.maxBytes,
    proxy: false,
    validateStatus: () => true,
    // Parsing is ours, with a schema: a body that is not what it says it is must not become an object on the way.
    responseType: 'text',
    transformResponse: (body: unknown) => body,
  });
}

/** What went wrong without an answer, in words that hold no address and no credentials. */
export function unreachable(what: string, error: unknown): UnavailableError {
  const code = (error as AxiosError).code ?? 'no answer';
  return new UnavailableError(`${what} can't be reached (${code})`, {
    cause: new Error(code),
    ambiguous: true,
  });
}
