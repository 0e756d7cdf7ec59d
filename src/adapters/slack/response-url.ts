import { z } from 'zod';
import type { RenderedMessage } from './render/message.ts';

/** How one way of answering ended. */
export type Delivered =
  | { kind: 'delivered' }
  /** It certainly did not arrive this way: another may be tried. */
  | { kind: 'closed'; why: string }
  /** It may have arrived: another way could say it twice. */
  | { kind: 'unsure'; why: string };

/** Posts to a `response_url`, for the one person, beside what is there. Never throws, and never tells the address. */
export type RespondTo = (responseUrl: string, message: RenderedMessage) => Promise<Delivered>;

/** A person waits for it. */
const TIMEOUT_MS = 2_000;

const Refusal = z.looseObject({ ok: z.literal(false), error: z.string() });

/**
 * `apiUrl`: where the Web API is. An address without TLS is followed only there: a test workspace's. `response_url`s come in
 * signed requests, so they are Slack's; they are capabilities (5 uses, 30 minutes) and never stand in an error or a log.
 */
export function createRespond({ apiUrl }: { apiUrl: string }): RespondTo {
  const { host } = new URL(apiUrl);
  return async (responseUrl, message) => {
    const url = URL.parse(responseUrl);
    if (!url || (url.protocol !== 'https:' && url.host !== host))
      return { kind: 'closed', why: 'not an address of Slack' };
    const body = JSON.stringify({ response_type: 'ephemeral', replace_original: false, ...message });
    return send(url, body);
  };
}

async function send(url: URL, body: string): Promise<Delivered> {
  try {
    const response = await fetch(url, {
      method: 'POST',
      body,
      headers: { 'content-type': 'application/json; charset=utf-8' },
      redirect: 'error',
      signal: AbortSignal.timeout(TIMEOUT_MS),
    });
    return judge(response.status, await response.text());
  } catch (error) {
    // The runtime's message may hold the address: only its kind is told.
    return { kind: 'unsure', why: `no answer (${error instanceof Error ? error.name : 'unknown'})` };
  }
}

function judge(status: number, text: string): Delivered {
  if (status >= 500) return { kind: 'unsure', why: `HTTP ${status}` };
  const refusal = Refusal.safeParse(parseJson(text));
  if (status === 200 && !refusal.success) return { kind: 'delivered' };
  return { kind: 'closed', why: `HTTP ${status} ${refusal.data?.error.slice(0, 80) ?? ''}`.trim() };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
