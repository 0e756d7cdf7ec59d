import { z } from 'zod';
import { Told } from '../../domain/told.ts';
import { TerminalError, UnavailableError } from '../../errors.ts';
import { createHttp, unreachable } from '../http.ts';
import type { Body } from './read-body.ts';
import { COMMANDS_PATH } from './take-in.ts';

/** A running bot, asked as the person whose token it is. */
export interface Bot {
  /** Gives the request's identity, or what was not understood. `key`: the same runs once. */
  post(body: Body, key: string): Promise<{ kind: 'accepted'; id: string } | NotUnderstood>;
  /** The answer, if there is one within `waitSeconds` (at most 60). Throws `TerminalError` for a request that nobody made. */
  answer(id: string, waitSeconds: number): Promise<Told | undefined>;
}

export interface NotUnderstood {
  kind: 'misunderstood';
  says: string;
  remedy: string;
  suggestions: string[];
}

/** An answer with a whole timeline in it is far smaller. */
const MAX_BYTES = 8 * 1024 * 1024;
/** Longer than any answer that is waited for. */
const TIMEOUT_MS = 75_000;

/** As much of an answer as is read. */
interface HttpAnswer {
  status: number;
  data: string;
  headers: Readonly<Record<string, unknown>>;
}

const Accepted = z.looseObject({ id: z.string() });
const Answered = z.looseObject({ answer: Told });
const Failure = z.looseObject({
  error: z.looseObject({
    code: z.string(),
    says: z.string(),
    remedy: z.string(),
    suggestions: z.array(z.string()).default([]),
  }),
});

/** Reaches a bot at an address. Throws `TerminalError` for one over which a token must not go. */
export function reachBot({ url, token }: { url: string; token: string }): Bot {
  const base = baseOf(url);
  const http = createHttp({ timeoutMs: TIMEOUT_MS, maxBytes: MAX_BYTES });
  const send = async (path: string, init: { body?: unknown; headers?: Record<string, string> }) => {
    try {
      return await http.request<string>({
        url: `${base}${path}`,
        method: init.body === undefined ? 'GET' : 'POST',
        headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json', ...init.headers },
        ...(init.body !== undefined && { data: JSON.stringify(init.body) }),
      });
    } catch (error) {
      throw unreachable(`Signalbox at ${base}`, error);
    }
  };
  return {
    async post(body, key) {
      const response = await send(COMMANDS_PATH, { body, headers: { 'idempotency-key': key } });
      if (response.status === 202) return { kind: 'accepted', id: parse(Accepted, response).id };
      if (response.status !== 422) throw failureOf(response);
      const { says, remedy, suggestions } = parse(Failure, response).error;
      return { kind: 'misunderstood', says, remedy, suggestions };
    },
    async answer(id, waitSeconds) {
      const path = `${COMMANDS_PATH}/${encodeURIComponent(id)}?wait=${Math.min(60, Math.ceil(waitSeconds))}`;
      const response = await send(path, {});
      if (response.status === 202) return undefined;
      if (response.status === 200) return parse(Answered, response).answer;
      throw failureOf(response);
    },
  };
}

/** Without TLS a token would go to whoever listens on the way; on the machine itself nobody does. */
function baseOf(url: string): string {
  const parsed = URL.parse(url);
  if (parsed === null || !/^https?:$/.test(parsed.protocol))
    throw new TerminalError(`${url} is no address of Signalbox: write https://signalbox.example.com`);
  if (parsed.username !== '' || parsed.password !== '')
    throw new TerminalError(
      'The address of Signalbox holds a user or a password: leave them out, the token is enough.',
    );
  if (parsed.protocol === 'http:' && !/^(localhost|127(\.\d+){3}|\[::1\])$/.test(parsed.hostname)) {
    throw new TerminalError(
      `A token does not go to ${parsed.host} without TLS: use https, or reach it on this machine (kubectl port-forward).`,
    );
  }
  return `${parsed.origin}${parsed.pathname.replace(/\/+$/, '')}`;
}

/** What is not now may be later; everything else says what to do. */
function failureOf(response: HttpAnswer): Error {
  const failure = Failure.safeParse(parseJson(response.data)).data?.error;
  const says = failure
    ? `${failure.says} ${failure.remedy}`
    : `Signalbox answered with HTTP ${response.status}.`;
  if (response.status !== 429 && response.status < 500) return new TerminalError(says);
  const seconds = Number(response.headers['retry-after']);
  return new UnavailableError(says, {
    ambiguous: response.status >= 500,
    ...(Number.isFinite(seconds) && { retryAfterMs: seconds * 1000 }),
  });
}

function parse<T>(schema: z.ZodType<T>, { data, status }: HttpAnswer): T {
  const read = schema.safeParse(parseJson(data));
  if (read.success) return read.data;
  throw new TerminalError(
    `What answers there (HTTP ${status}) is not this version of Signalbox: look at the address.`,
  );
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
