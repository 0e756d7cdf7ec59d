import type { IncomingMessage } from 'node:http';
import { z } from 'zod';
import { type Reply, refuse } from './reply.ts';

/** A command with sixty services and their digests is a tenth of it. */
export const MAX_BODY_BYTES = 65_536;

const Fields = z.record(z.string().max(100), z.union([z.string(), z.array(z.string())]));

/** What may be asked for: words as they are typed, the same already parted, or a button of an answer with its form's fields. */
export const Body = z.union(
  [
    z.strictObject({ command: z.string().min(1) }),
    z.strictObject({ argv: z.array(z.string()).min(1).max(1000) }),
    z.strictObject({ press: z.string().min(1).max(100), fields: Fields.default({}) }),
  ],
  { error: 'is none of what may be asked for' },
);
export type Body = z.infer<typeof Body>;

export type ReadBody = { kind: 'read'; body: Body } | { kind: 'refused'; reply: Reply };

const EXAMPLE =
  'Send {"command": "/release status"}, {"argv": ["release", "status"]} or {"press": "<id of an action>"}.';

/** Reads a request's body, and no more of it than may be. */
export async function readBody(request: IncomingMessage): Promise<ReadBody> {
  const bytes = await readBytes(request, { maxBytes: MAX_BODY_BYTES });
  if (bytes === undefined) return refused(tooLarge(MAX_BODY_BYTES));
  const json = parseJson(bytes.toString('utf8'));
  if (json === undefined)
    return refused(refuse({ code: 'not-json', says: 'The body is not JSON.', remedy: EXAMPLE }));
  const body = Body.safeParse(json);
  if (body.success) return { kind: 'read', body: body.data };
  return refused(
    refuse({ code: 'misunderstood', says: 'The body is none of what may be asked for.', remedy: EXAMPLE }),
  );
}

function refused(reply: Reply): ReadBody {
  return { kind: 'refused', reply };
}

/** A body as it came, which is what signatures are over. Absent when it is larger than it may be. */
export async function readBytes(
  request: IncomingMessage,
  { maxBytes }: { maxBytes: number },
): Promise<Buffer | undefined> {
  if (Number(request.headers['content-length'] ?? 0) > maxBytes) return undefined;
  const parts: Buffer[] = [];
  let bytes = 0;
  // The connection stays: the refusal is still to be sent over it.
  for await (const part of request.iterator({ destroyOnReturn: false })) {
    bytes += part.length;
    if (bytes > maxBytes) return undefined;
    parts.push(part);
  }
  return Buffer.concat(parts);
}

/** A body that was not read to its end. */
export function tooLarge(maxBytes: number): Reply {
  return refuse(
    { code: 'too-large', says: `A body has at most ${maxBytes} bytes.`, remedy: 'Send less at once.' },
    // What was not read would be taken for the next request.
    { connection: 'close' },
  );
}

/** Undefined for what is no JSON. */
export function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
