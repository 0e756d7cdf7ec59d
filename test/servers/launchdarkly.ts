import { z } from 'zod';
import { type Listening, listen, type Received, type Reply } from './listen.ts';

interface Served {
  variation?: number;
  rollout?: { variations: { variation: number; weight: number }[]; contextKind?: string };
}

export interface LaunchDarklyEnvironment {
  on: boolean;
  version: number;
  offVariation?: number;
  fallthrough: Served;
  rules: (Served & {
    description?: string;
    clauses: { attribute: string; op: string; values: unknown[] }[];
  })[];
  targets: { values: string[]; variation: number }[];
}

/** What a LaunchDarkly holds. */
export interface LaunchDarklyState {
  project: string;
  environments: readonly string[];
  /** The only token it knows. */
  token: string;
  mayWrite: boolean;
  flags: Map<string, { values: unknown[]; environments: Record<string, LaunchDarklyEnvironment> }>;
  /** Environments whose changes ask for an approval there. */
  withApproval: Set<string>;
  /** The next patch meets somebody else's. */
  conflict: boolean;
  trouble?: 'hang' | 'broken' | undefined;
}

export interface LaunchDarklyServer extends Listening {
  holds: LaunchDarklyState;
  add(key: string, values?: unknown[]): void;
}

const Instruction = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('turnFlagOn') }),
  z.strictObject({ kind: z.literal('turnFlagOff') }),
  z.strictObject({
    kind: z.literal('updateFallthroughVariationOrRollout'),
    variationId: z.string().optional(),
    rolloutContextKind: z.string().optional(),
    rolloutWeights: z.record(z.string(), z.int().min(0)).optional(),
  }),
]);
const SemanticPatch = z.strictObject({
  comment: z.string().optional(),
  environmentKey: z.string(),
  instructions: z.array(Instruction).min(1),
});

/** Source: launchdarkly/api-client-typescript, docs/FeatureFlagsApi.md (weights are thousandths of a percent). */
const WHOLE = 100_000;
const SEMANTIC = /^application\/json;\s*domain-model=launchdarkly\.semanticpatch$/;

/**
 * A strict LaunchDarkly: reading a flag, and semantic patches of it. Statuses and bodies: launchdarkly/api-client-typescript,
 * `api.ts` (header comment, `patchFeatureFlag`) and docs/FeatureFlagsApi.md.
 */
export async function startLaunchDarkly(given: Partial<LaunchDarklyState> = {}): Promise<LaunchDarklyServer> {
  const holds: LaunchDarklyState = {
    project: 'default',
    environments: ['development', 'production'],
    token: 'api-token',
    mayWrite: true,
    flags: new Map(),
    withApproval: new Set(),
    conflict: false,
    ...given,
  };
  const server = await listen((received) => answer(holds, received));
  return Object.assign(server, {
    holds,
    add(key: string, values: unknown[] = [true, false]) {
      const off = values.length - 1;
      const fresh = (): LaunchDarklyEnvironment => ({
        on: false,
        version: 1,
        offVariation: off,
        fallthrough: { variation: 0 },
        rules: [],
        targets: [],
      });
      const environments = Object.fromEntries(holds.environments.map((name) => [name, fresh()]));
      holds.flags.set(key, { values, environments });
    },
  });
}

function answer(holds: LaunchDarklyState, received: Received): Reply {
  if (holds.trouble === 'hang') return 'hang';
  if (holds.trouble === 'broken') return refused(503, 'service_unavailable', 'try again');
  // The token alone, without `Bearer`.
  if (received.headers.authorization !== holds.token) return refused(401, 'unauthorized', 'invalid_token');
  const { method, path, query } = received;
  const [, project = '', environment = ''] =
    /^\/api\/v2\/projects\/([^/]+)\/environments\/([^/]+)$/.exec(path)?.map(decodeURIComponent) ?? [];
  if (method === 'GET' && project !== '') {
    return project === holds.project && holds.environments.includes(environment)
      ? { status: 200, body: { key: environment } }
      : refused(404, 'not_found', 'Unknown environment key');
  }
  const [, of = '', , key] =
    /^\/api\/v2\/flags\/([^/]+)(\/([^/]+))?$/.exec(path)?.map((part) => part && decodeURIComponent(part)) ??
    [];
  if (of !== holds.project) return refused(404, 'not_found', 'Unknown project key');
  if (key === undefined) {
    const limit = Number(new URLSearchParams(query).get('limit') ?? 20);
    return {
      status: 200,
      body: { items: [...holds.flags.keys()].slice(0, limit).map((one) => ({ key: one })) },
    };
  }
  const flag = holds.flags.get(key);
  if (flag === undefined) return refused(404, 'not_found', `Unknown flag key ${key}`);
  if (method === 'GET') return { status: 200, body: shown(key, flag) };
  return method === 'PATCH' ? patch(holds, received, key) : refused(405, 'method_not_allowed', method);
}

function patch(holds: LaunchDarklyState, { headers, body, query }: Received, key: string): Reply {
  const flag = holds.flags.get(key);
  if (flag === undefined) return refused(404, 'not_found', `Unknown flag key ${key}`);
  if (!holds.mayWrite) return refused(403, 'forbidden', 'Access to the requested resource was denied');
  // Without the domain model the body is a JSON Patch, and an object is none.
  if (!SEMANTIC.test(headers['content-type'] ?? ''))
    return refused(400, 'invalid_request', 'Invalid JSON patch');
  const read = SemanticPatch.safeParse(JSON.parse(body));
  if (!read.success) return refused(400, 'invalid_request', z.prettifyError(read.error));
  const { environmentKey, instructions } = read.data;
  const here = flag.environments[environmentKey];
  if (here === undefined) return refused(404, 'not_found', `Unknown environment key ${environmentKey}`);
  if (holds.withApproval.has(environmentKey))
    return refused(405, 'approval_required', 'Approval is required to make this request');
  if (holds.conflict) {
    holds.conflict = false;
    return refused(409, 'optimistic_locking_error', 'Conflict. Optimistic lock error. Try again.');
  }
  const next = structuredClone(here);
  for (const instruction of instructions) {
    const wrong = apply(next, instruction, flag.values.length);
    if (wrong) return refused(400, 'invalid_request', wrong);
  }
  next.version += 1;
  if (new URLSearchParams(query).get('dryRun') !== 'true') flag.environments[environmentKey] = next;
  return { status: 200, body: shown(key, flag) };
}

/** What is wrong with an instruction; absent when it was applied. */
function apply(
  here: LaunchDarklyEnvironment,
  instruction: z.infer<typeof Instruction>,
  variations: number,
): string | undefined {
  if (instruction.kind !== 'updateFallthroughVariationOrRollout') {
    here.on = instruction.kind === 'turnFlagOn';
    return undefined;
  }
  const { variationId, rolloutWeights, rolloutContextKind } = instruction;
  if ((variationId === undefined) === (rolloutWeights === undefined))
    return 'exactly one of variationId and rolloutWeights is needed';
  if (variationId !== undefined) {
    const at = indexOf(variationId);
    if (at >= variations) return `unknown variation ${variationId}`;
    here.fallthrough = { variation: at };
    return undefined;
  }
  const weights = Object.entries(rolloutWeights ?? {});
  const sum = weights.reduce((total, [, weight]) => total + weight, 0);
  if (sum !== WHOLE) return `weights must sum to ${WHOLE}, and sum to ${sum}`;
  here.fallthrough = {
    rollout: {
      variations: weights.map(([id, weight]) => ({ variation: indexOf(id), weight })),
      ...(rolloutContextKind !== undefined && { contextKind: rolloutContextKind }),
    },
  };
  return undefined;
}

function indexOf(id: string): number {
  return Number(id.replace('variation-', ''));
}

function shown(key: string, { values, environments }: { values: unknown[]; environments: unknown }): unknown {
  const variations = values.map((value, index) => ({ _id: `variation-${index}`, value }));
  return { key, kind: 'boolean', variations, environments };
}

function refused(status: number, code: string, message: string): Reply {
  return { status, body: { code, message } };
}
