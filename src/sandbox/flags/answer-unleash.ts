import { randomUUID } from 'node:crypto';
import { z } from 'zod';
import { type FeatureEnvironment, type KeptStrategy, Strategy, type UnleashState } from './unleash-state.ts';

/** A request as it is judged. */
interface Asked {
  method: string;
  path: string;
  body: string;
  contentType?: string;
  /** Whether it came with a token. */
  isKnown: boolean;
  mayWrite: boolean;
}

/** `body` absent: none. */
export interface UnleashReply {
  status: number;
  body?: unknown;
}

const FEATURE = /^\/api\/admin\/projects\/([^/]+)\/features\/([^/]+)\/environments\/([^/]+)(\/.*)?$/;
const ENVIRONMENTS = /^\/api\/admin\/environments\/project\/([^/]+)$/;

/**
 * Answers as Unleash does, and refuses what it refuses. Each status and sentence was seen at unleash-server 8.2.0; sources:
 * `features/feature-toggle/feature-toggle-controller.ts`, `openapi/spec/*.ts`.
 */
export function answerUnleash(state: UnleashState, asked: Asked): UnleashReply {
  if (!asked.isKnown) return refused(401, 'UnauthorizedError', 'You must log in to use Unleash.');
  const { method, path } = asked;
  if (method === 'GET' && path === '/api/admin/user') return { status: 200, body: whoAmI(asked) };
  const [, project] = ENVIRONMENTS.exec(path) ?? [];
  if (method === 'GET' && project !== undefined) return environmentsOf(state, decodeURIComponent(project));
  const found = FEATURE.exec(path);
  if (found === null)
    return refused(404, 'NotFoundError', `The path you were looking for (${path}) is not available.`);
  const [p = '', name = '', environment = ''] = found.slice(1, 4).map(decodeURIComponent);
  const feature = state.features.get(name);
  if (feature === undefined || p !== state.project)
    return refused(404, 'NotFoundError', `There's no feature named "${name}" in project "${p}".`);
  const here = feature[environment];
  if (here === undefined) {
    const says =
      method === 'GET'
        ? `Could not find ${name} in ${environment}`
        : `Could not find environment ${environment} for feature: ${name}`;
    return refused(404, 'NotFoundError', says);
  }
  return inEnvironment(here, { ...asked, name, environment, rest: found[4] ?? '' });
}

function inEnvironment(
  here: FeatureEnvironment,
  asked: Asked & { name: string; environment: string; rest: string },
): UnleashReply {
  const { method, rest, name, environment } = asked;
  if (method === 'GET' && rest === '') return { status: 200, body: { name, environment, ...here } };
  if (!asked.mayWrite)
    return refused(
      403,
      'NoAccessError',
      'You need the UPDATE_FEATURE_ENVIRONMENT permission to perform this action.',
    );
  if (method === 'POST' && (rest === '/on' || rest === '/off')) {
    here.enabled = rest === '/on';
    // Whoever turns a flag on that has no active strategy gives it to everybody.
    if (here.enabled && here.strategies.every(({ disabled }) => disabled))
      here.strategies.push(forEverybody(name));
    return { status: 200 };
  }
  if (asked.contentType !== 'application/json')
    return refused(
      415,
      'ContentTypeError',
      `We do not accept the content-type you provided (${asked.contentType}).`,
    );
  if (method === 'POST' && rest === '/strategies') return addStrategy(here, asked);
  const [, id] = /^\/strategies\/([^/]+)$/.exec(rest) ?? [];
  return method === 'PATCH' && id !== undefined
    ? patchStrategy(here, { id: decodeURIComponent(id), body: asked.body })
    : refused(404, 'NotFoundError', 'The path you were looking for is not available.');
}

function addStrategy(here: FeatureEnvironment, { body }: Asked): UnleashReply {
  const read = Strategy.safeParse(parsed(body));
  if (!read.success) return invalid(read.error);
  const strategy: KeptStrategy = { ...read.data, id: randomUUID() };
  here.strategies.push(strategy);
  return { status: 200, body: strategy };
}

/** `test` is not among what Unleash takes: its API compares nothing. Source: `openapi/spec/patch-schema.ts`. */
const Patches = z.array(
  z.strictObject({ op: z.literal('replace'), path: z.literal('/parameters/rollout'), value: z.unknown() }),
);

function patchStrategy(here: FeatureEnvironment, { id, body }: { id: string; body: string }): UnleashReply {
  const strategy = here.strategies.find((each) => each.id === id);
  if (strategy === undefined) return refused(404, 'NotFoundError', `Could not find strategy with id: ${id}`);
  const read = Patches.safeParse(parsed(body));
  if (!read.success) return invalid(read.error);
  for (const { path, value } of read.data) {
    if (typeof value !== 'string')
      return badData(`The \`${path}\` property must be string. You sent ${value}.`);
    strategy.parameters = { ...strategy.parameters, rollout: value };
  }
  return { status: 200, body: strategy };
}

function whoAmI({ mayWrite }: Asked): unknown {
  const permissions = mayWrite ? [{ permission: 'ADMIN' }] : [];
  return { user: { username: 'signalbox' }, permissions, feedback: [], splash: {} };
}

/** Every environment of the installation, also for a project that is not there: then none is visible. */
function environmentsOf({ project, environments }: UnleashState, asked: string): UnleashReply {
  const listed = environments.map((name) => ({ name, enabled: true, visible: asked === project }));
  return { status: 200, body: { version: 1, environments: listed } };
}

function forEverybody(name: string): KeptStrategy {
  return {
    id: randomUUID(),
    name: 'flexibleRollout',
    parameters: { rollout: '100', stickiness: 'default', groupId: name },
    constraints: [],
  };
}

function invalid(error: z.ZodError): UnleashReply {
  return badData(error.issues.map(({ path, message }) => `/${path.join('/')}: ${message}`).join('; '));
}

function badData(says: string): UnleashReply {
  return refused(400, 'BadDataError', `Request validation failed: ${says}`);
}

function refused(status: number, name: string, message: string): UnleashReply {
  return { status, body: { name, message, details: [{ message }] } };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
