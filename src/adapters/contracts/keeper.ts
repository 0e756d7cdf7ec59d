import type { z } from 'zod';
import { UnavailableError } from '../../errors.ts';
import { createHttp, unreachable } from '../http.ts';

/** Whoever keeps contracts, as it is reached. */
export interface Keeper {
  url: string;
  /** Absent: nobody is asked who we are. */
  authorization?: string | undefined;
  /** For each exchange. */
  timeoutMs: number;
}

/** A matrix of hundreds of pacts with their reasons stays below. */
const MAX_BYTES = 8 * 1024 * 1024;

export interface KeeperAnswer {
  status: number;
  /** Absent when the body is no JSON. */
  body: unknown;
}

/** Asks. Throws `UnavailableError` without an answer, and for answers that mean "not now" (429 and 5xx). */
export async function askKeeper(
  what: string,
  { url, authorization, timeoutMs }: Keeper,
  request: { method: 'GET' | 'POST'; path: string; headers: Record<string, string>; body?: unknown },
): Promise<KeeperAnswer> {
  const http = createHttp({ timeoutMs, maxBytes: MAX_BYTES });
  const answer = await http
    .request<string>({
      method: request.method,
      url: new URL(request.path, url.endsWith('/') ? url : `${url}/`).toString(),
      headers: { ...request.headers, ...(authorization && { authorization }) },
      ...(request.body !== undefined && { data: JSON.stringify(request.body) }),
    })
    .catch((error: unknown) => {
      throw unreachable(`the ${what}`, error);
    });
  if (answer.status >= 500 || answer.status === 429)
    throw new UnavailableError(`the ${what} answers ${answer.status}`);
  return { status: answer.status, body: parsed(answer.data) };
}

/** An answer in the shape that its contract gives it. Throws `UnavailableError` for any other: it is no answer to us. */
export function shaped<T extends z.ZodType>(what: string, shape: T, answer: KeeperAnswer): z.output<T> {
  const read = shape.safeParse(answer.body);
  if (read.success) return read.data;
  throw new UnavailableError(
    `the ${what} answers ${answer.status} with something else than its contract says`,
  );
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
