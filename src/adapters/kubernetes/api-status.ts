import { z } from 'zod';
import type { ApiAnswer } from './api-client.ts';

/** The object with which an API server explains a refusal. Source: kubernetes/apimachinery pkg/apis/meta/v1/types.go */
const ApiStatus = z.object({
  kind: z.literal('Status'),
  message: z.string().nullish(),
  reason: z.string().nullish(),
  code: z.int().nullish(),
});

/** Longest message that is repeated: a refused object may be quoted whole. */
const MAX_MESSAGE = 300;

/** What the server said, in one line: its own message where it gave one. */
export function saysOf({ status, body }: Pick<ApiAnswer, 'status' | 'body'>): string {
  const parsed = ApiStatus.safeParse(body);
  const message = parsed.success ? (parsed.data.message ?? parsed.data.reason) : undefined;
  return (message || `the API server answered ${status}`).slice(0, MAX_MESSAGE);
}

/** The code in a Status object, such as that of an `ERROR` event in a watch; absent where it is no Status. */
export function codeOf(body: unknown): number | undefined {
  const parsed = ApiStatus.safeParse(body);
  return parsed.success ? (parsed.data.code ?? undefined) : undefined;
}
