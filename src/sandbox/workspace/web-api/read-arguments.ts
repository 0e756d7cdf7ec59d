import type { IncomingMessage } from 'node:http';
import { buffer } from 'node:stream/consumers';

/** What came with a call. */
export type ReadArguments =
  | {
      readonly kind: 'arguments';
      readonly args: Readonly<Record<string, unknown>>;
      /** From the Authorization header, or from a form's `token`. Absent when there is neither. */
      readonly token?: string;
    }
  | { readonly kind: 'unreadable'; readonly error: string };

/**
 * Reads a call's arguments from the query, a form or JSON. Names of the refusals: any method's page,
 * https://docs.slack.dev/reference/methods/chat.postMessage. A token within JSON does not count:
 * "tokens should be passed as an HTTP Authorization header" (https://docs.slack.dev/apis/web-api#authentication).
 */
export async function readArguments(request: IncomingMessage, url: URL): Promise<ReadArguments> {
  const query = Object.fromEntries(url.searchParams);
  const body = await buffer(request);
  const contentType = request.headers['content-type'] ?? '';
  const bearer = /^Bearer (\S+)$/.exec(request.headers.authorization ?? '')?.[1];
  const [type] = contentType.split(';');
  if (body.length === 0) return withToken(query, bearer);
  switch (type?.trim()) {
    case '':
      return { kind: 'unreadable', error: 'missing_post_type' };
    case 'application/json':
      return readJson(body.toString(), query, bearer);
    case 'application/x-www-form-urlencoded':
      return withToken({ ...query, ...Object.fromEntries(new URLSearchParams(body.toString())) }, bearer);
    case 'multipart/form-data':
      return withToken({ ...query, ...(await readMultipart(body, contentType)) }, bearer);
    default:
      return { kind: 'unreadable', error: 'invalid_post_type' };
  }
}

function readJson(text: string, query: Record<string, unknown>, bearer: string | undefined): ReadArguments {
  try {
    const value: unknown = JSON.parse(text);
    if (typeof value !== 'object' || value === null || Array.isArray(value)) {
      return { kind: 'unreadable', error: 'json_not_object' };
    }
    const { token: _, ...args } = { ...query, ...value, token: undefined };
    return { kind: 'arguments', args, ...(bearer === undefined ? {} : { token: bearer }) };
  } catch {
    return { kind: 'unreadable', error: 'invalid_json' };
  }
}

/** The fields of a multipart form, files as `Blob`. */
export async function readMultipart(body: Buffer, contentType: string): Promise<Record<string, unknown>> {
  const form = await new Response(new Uint8Array(body), {
    headers: { 'content-type': contentType },
  }).formData();
  return Object.fromEntries(form);
}

function withToken(all: Record<string, unknown>, bearer: string | undefined): ReadArguments {
  const { token: formToken, ...args } = all;
  const token = bearer ?? (typeof formToken === 'string' ? formToken : undefined);
  return { kind: 'arguments', args, ...(token === undefined ? {} : { token }) };
}
