import { z } from 'zod';
import { type Listening, listen, type Received, type Reply } from './listen.ts';

/** What an OFREP server evaluates: one value for everybody, or a share. */
export interface OfrepState {
  token: string;
  flags: Map<
    string,
    { value: unknown; reason: 'STATIC' | 'DEFAULT' | 'SPLIT' | 'DISABLED' | 'TARGETING_MATCH' }
  >;
  trouble?: 'hang' | 'broken' | undefined;
}

export interface OfrepServer extends Listening {
  holds: OfrepState;
}

const Asked = z.object({ context: z.looseObject({ targetingKey: z.string().min(1) }) });

/** A strict OFREP server. Paths, codes and bodies: open-feature/protocol, `service/openapi.yaml`. */
export async function startOfrep(given: Partial<OfrepState> = {}): Promise<OfrepServer> {
  const holds: OfrepState = { token: 'ofrep-token', flags: new Map(), ...given };
  return Object.assign(await listen((received) => answer(holds, received)), { holds });
}

function answer(holds: OfrepState, { method, path, headers, body }: Received): Reply {
  if (holds.trouble === 'hang') return 'hang';
  if (holds.trouble === 'broken') return { status: 500, body: { errorDetails: 'broken' } };
  if (headers.authorization !== `Bearer ${holds.token}`) return { status: 401, body: {} };
  const [, key] = /^\/ofrep\/v1\/evaluate\/flags\/([^/]+)$/.exec(path) ?? [];
  if (method !== 'POST' || key === undefined)
    return { status: 404, body: 'not found', contentType: 'text/plain' };
  const asked = Asked.safeParse(parsed(body));
  const name = decodeURIComponent(key);
  if (!asked.success) return { status: 400, body: { key: name, errorCode: 'TARGETING_KEY_MISSING' } };
  const flag = holds.flags.get(name);
  if (flag === undefined) return { status: 404, body: { key: name, errorCode: 'FLAG_NOT_FOUND' } };
  return { status: 200, body: { key: name, ...flag } };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
