import { UnavailableError } from '../../errors.ts';
import { createHttp, unreachable } from '../http.ts';

/** Whoever is told when something is wrong, as it is reached. */
export interface Source {
  url: string;
  /** Absent: nobody asks who we are. */
  authorization?: string | undefined;
  /** For each exchange. */
  timeoutMs: number;
}

/** Hundreds of alerts with their labels stay below; more is a house on fire, or a filter that filters nothing. */
const MAX_BYTES = 8 * 1024 * 1024;

/** Longest words of theirs that are shown. */
const MOST_WORDS = 200;

/** Asks with GET. Throws `UnavailableError` without an answer, and for every status but 200 with what the body says. */
export async function ask(
  what: string,
  { url, authorization, timeoutMs }: Source,
  request: { path: string; headers?: Record<string, string> },
): Promise<unknown> {
  const http = createHttp({ timeoutMs, maxBytes: MAX_BYTES });
  const answer = await http
    .get<string>(new URL(request.path, url.endsWith('/') ? url : `${url}/`).toString(), {
      headers: {
        accept: 'application/json',
        ...request.headers,
        ...(authorization && { authorization }),
      },
    })
    .catch((error: unknown) => {
      throw unreachable(what, error);
    });
  const body = parsed(answer.data);
  if (answer.status === 200) return body;
  const words = wordsOf(body);
  throw new UnavailableError(`${what} answers ${answer.status}${words ? `: ${words}` : ''}`);
}

/** Alertmanager refuses with a bare JSON text, PagerDuty with an object. Sources: alertmanager api/v2/openapi.yaml, PagerDuty's errors. */
function wordsOf(body: unknown): string {
  const error = fieldOf(body, 'error');
  const said = [body, fieldOf(body, 'message'), fieldOf(error, 'message'), error].find(
    (each) => typeof each === 'string',
  );
  return typeof said === 'string' ? said.replace(/\s+/g, ' ').slice(0, MOST_WORDS) : '';
}

function fieldOf(value: unknown, key: string): unknown {
  return typeof value === 'object' && value !== null && Object.hasOwn(value, key)
    ? (value as Record<string, unknown>)[key]
    : undefined;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
