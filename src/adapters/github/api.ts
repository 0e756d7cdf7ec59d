import pLimit from 'p-limit';
import { z } from 'zod';
import { TerminalError, UnavailableError } from '../../errors.ts';
import type { Clock } from '../../ports/clock.ts';
import { createHttp, unreachable } from '../http.ts';
import { createCredentials, type GithubAccess } from './credentials.ts';

export interface GithubSettings {
  /** Without a slash at its end. */
  apiUrl: string;
  access: GithubAccess;
  /** For each exchange. */
  timeoutMs: number;
}

/** What GitHub said. `refused`: it understood and says no; `says` is the end of a sentence. */
export type GithubAnswer =
  | { kind: 'ok'; status: number; body: unknown; scopes: string | undefined }
  | { kind: 'refused'; status: number; says: string };

export interface Github {
  /** `path` without a slash before it, its parts escaped. Throws `UnavailableError` for "not now". */
  get(path: string, query?: Readonly<Record<string, string>>): Promise<GithubAnswer>;
  post(path: string, body: unknown): Promise<GithubAnswer>;
}

/** The version this was written against. Source: https://docs.github.com/en/rest/about-the-rest-api/api-versions */
const API_VERSION = '2022-11-28';
/** A page of a hundred check runs with their outputs. */
const MAX_BYTES = 8 * 1024 * 1024;

/** GitHub refuses more than a hundred at once, of everything that acts in our name. Source: https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api#about-secondary-rate-limits */
const MOST_AT_ONCE = 20;

const Said = z.looseObject({ message: z.string() });

/** GitHub's REST API, each request in our name and within its limits. */
export function openGithub(settings: GithubSettings, { clock }: { clock: Clock }): Github {
  const { apiUrl, timeoutMs } = settings;
  const http = createHttp({ timeoutMs, maxBytes: MAX_BYTES });
  const inTurn = pLimit(MOST_AT_ONCE);
  const credentials = createCredentials(settings.access, { http, apiUrl, clock });

  async function send(
    method: 'GET' | 'POST',
    path: string,
    more: { query?: Readonly<Record<string, string>>; body?: unknown },
  ): Promise<GithubAnswer> {
    const token = await credentials.token().catch((error: unknown) => {
      // A preflight tells it in its row; everything else of it is judged all the same.
      if (error instanceof TerminalError) return error;
      throw error;
    });
    if (token instanceof TerminalError) return { kind: 'refused', status: 401, says: token.message };
    const answer = await http
      .request<string>({
        method,
        url: `${apiUrl}/${path}`,
        headers: {
          accept: 'application/vnd.github+json',
          authorization: `Bearer ${token}`,
          'user-agent': 'signalbox',
          'x-github-api-version': API_VERSION,
          ...(more.body !== undefined && { 'content-type': 'application/json' }),
        },
        ...(more.query && { params: more.query }),
        ...(more.body !== undefined && { data: JSON.stringify(more.body) }),
      })
      .catch((error: unknown) => {
        throw unreachable('GitHub', error);
      });
    const { status, headers } = answer;
    const body = parsed(answer.data);
    if (status >= 200 && status < 300) {
      const scopes = headers['x-oauth-scopes'];
      return { kind: 'ok', status, body, scopes: typeof scopes === 'string' ? scopes : undefined };
    }
    notNow(status, { headers, now: clock.now() });
    return { kind: 'refused', status, says: refusal(status, body) };
  }

  return {
    get: (path, query) => inTurn(() => send('GET', path, query ? { query } : {})),
    post: (path, body) => inTurn(() => send('POST', path, { body })),
  };
}

/**
 * Throws for answers that mean "later". A limit is told by 403 as well as 429.
 * Source: https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api
 */
function notNow(
  status: number,
  { headers, now }: { headers: Readonly<Record<string, unknown>>; now: number },
): void {
  const after = Number(headers['retry-after']);
  const isLimited =
    status === 429 || (status === 403 && (after > 0 || headers['x-ratelimit-remaining'] === '0'));
  if (isLimited) {
    const resetMs = Number(headers['x-ratelimit-reset']) * 1000 - now;
    const waitMs = after > 0 ? after * 1000 : resetMs;
    throw new UnavailableError(
      'GitHub takes no more requests for a while',
      Number.isFinite(waitMs) && waitMs > 0 ? { retryAfterMs: waitMs } : {},
    );
  }
  if (status >= 500) throw new UnavailableError(`GitHub answers ${status}`, { ambiguous: true });
}

const LONGEST = 200;

function refusal(status: number, body: unknown): string {
  switch (status) {
    case 401:
      return 'it does not accept our token';
    case 404:
      return 'it is not there, or our token may not see it';
    case 301:
    case 307:
      return 'it has moved: name it as it is called now';
    default: {
      const said = Said.safeParse(body);
      return said.success ? `${status} ${said.data.message.slice(0, LONGEST)}` : `it answers ${status}`;
    }
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}

/** An answer in the shape that its documents give it. Throws `UnavailableError` for any other: it is no answer to us. */
export function shaped<T extends z.ZodType>(what: string, shape: T, body: unknown): z.output<T> {
  const read = shape.safeParse(body);
  if (read.success) return read.data;
  throw new UnavailableError(`GitHub answers with no ${what}`);
}

/** `owner/name` as a part of a path. */
export function repositoryPath(repository: string): string {
  return `repos/${repository.split('/').map(encodeURIComponent).join('/')}`;
}
