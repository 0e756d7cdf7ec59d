import { z } from 'zod';
import { type Listening, listen, type Received, type Reply } from './listen.ts';

/** What an Open Policy Agent has loaded. */
export interface Loaded {
  /** Path of a rule to its value for an input; undefined where it has none. */
  rules: Record<string, (input: unknown) => unknown>;
  /** Bundle to revision; absent: policies were put there one by one. */
  bundles?: Record<string, string>;
  authorization?: string;
  /** `broken`: a rule has two values at once. */
  trouble?: 'hang' | 'broken' | 'starting';
}

export interface OpaTestServer extends Listening {
  holds: Loaded;
}

const Body = z.strictObject({ input: z.record(z.string(), z.unknown()) });

/**
 * A strict OPA: the Data API with its provenance. An undefined rule is 200 without `result`. Codes and forms:
 * open-policy-agent/opa, `docs/content/rest-api.md`.
 */
export async function startOpa(holds: Loaded): Promise<OpaTestServer> {
  const server = await listen((received) => answer(holds, received));
  return Object.assign(server, { holds });
}

function answer({ rules, bundles, authorization, trouble }: Loaded, received: Received): Reply {
  if (trouble === 'hang') return 'hang';
  if (trouble === 'starting') return { status: 503, body: 'no healthy upstream', contentType: 'text/plain' };
  if (trouble === 'broken')
    return fault(500, 'internal_error', 'complete rules must not produce multiple outputs');
  if (authorization !== undefined && received.headers.authorization !== authorization)
    return fault(401, 'unauthorized', 'request rejected by administrative policy');
  const [, path] = /^\/v1\/data\/(.+)$/.exec(received.path) ?? [];
  if (path === undefined) return { status: 404, body: '404 page not found', contentType: 'text/plain' };
  if (received.method !== 'POST') return { status: 405, body: '' };
  const asked = Body.safeParse(parsed(received.body));
  if (!asked.success) return fault(400, 'invalid_parameter', 'body contains malformed input document');
  const result = rules[decodeURIComponent(path)]?.(asked.data.input);
  const revisions = Object.entries(bundles ?? {}).map(([name, revision]) => [name, { revision }]);
  const wants = new URLSearchParams(received.query).get('provenance') === 'true';
  const provenance = wants && {
    provenance: { version: '1.22.2', ...(bundles && { bundles: Object.fromEntries(revisions) }) },
  };
  return { status: 200, body: { ...(result !== undefined && { result }), ...provenance } };
}

function fault(status: number, code: string, message: string): Reply {
  return { status, body: { code, message } };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
