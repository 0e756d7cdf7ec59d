import type { z } from 'zod';
import { UnavailableError } from '../../errors.ts';
import { createHttp, unreachable } from '../http.ts';

/** A provider of flags as it is reached. */
export interface ReachedProvider {
  /** Its name in `signalbox.yaml`. */
  name: string;
  url: string;
  /** As it goes on the wire, with `Bearer` where the provider wants it; absent: nobody is asked who we are. */
  authorization?: string | undefined;
  /** For each exchange. */
  timeoutMs: number;
}

/** A flag with hundreds of rules and targets stays below. */
const MAX_BYTES = 4 * 1024 * 1024;

export interface ProviderAnswer {
  status: number;
  /** Absent when the body is no JSON. */
  body: unknown;
}

/** Asks. Throws `UnavailableError` without an answer, and for answers that mean "not now" (429 and 5xx). */
export async function askProvider(
  { name, url, authorization, timeoutMs }: ReachedProvider,
  request: {
    method: 'GET' | 'POST' | 'PATCH';
    path: string;
    headers?: Record<string, string>;
    body?: unknown;
  },
): Promise<ProviderAnswer> {
  const http = createHttp({ timeoutMs, maxBytes: MAX_BYTES });
  const answer = await http
    .request<string>({
      method: request.method,
      url: new URL(request.path, url.endsWith('/') ? url : `${url}/`).toString(),
      headers: {
        accept: 'application/json',
        ...(request.body !== undefined && { 'content-type': 'application/json' }),
        ...request.headers,
        ...(authorization && { authorization }),
      },
      ...(request.body !== undefined && { data: JSON.stringify(request.body) }),
    })
    .catch((error: unknown) => {
      throw unreachable(name, error);
    });
  if (answer.status === 429 || answer.status >= 500) {
    const retryAfterMs = retryAfter(answer.headers);
    throw new UnavailableError(`${name} answers ${answer.status}`, {
      ...(retryAfterMs !== undefined && { retryAfterMs }),
    });
  }
  return { status: answer.status, body: parsed(answer.data) };
}

/** An answer in the shape that its contract gives it. Throws `UnavailableError` for any other: it is no answer to us. */
export function shaped<T extends z.ZodType>(name: string, shape: T, answer: ProviderAnswer): z.output<T> {
  const read = shape.safeParse(answer.body);
  if (read.success) return read.data;
  throw new UnavailableError(`${name} answers ${answer.status} with something else than its contract says`);
}

/** Longest wait that a provider may ask for. */
const LONGEST_WAIT_MS = 60_000;

/** Seconds, or a date. Source: https://www.rfc-editor.org/rfc/rfc9110#field.retry-after */
function retryAfter(headers: unknown): number | undefined {
  const text = String((headers as Record<string, unknown>)['retry-after'] ?? '');
  if (!/^\d+$/.test(text)) return undefined;
  return Math.min(Number(text) * 1000, LONGEST_WAIT_MS);
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
