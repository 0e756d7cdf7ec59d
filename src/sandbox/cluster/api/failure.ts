import { qualifiedName } from './resources.ts';

/** A cause inside a failure's details. */
export interface FailureCause {
  reason?: string;
  message: string;
  field?: string;
}

/** A refusal as the API server words it (apimachinery `pkg/api/errors/errors.go`). */
export interface Failure {
  code: number;
  reason: string;
  message: string;
  details?: {
    name?: string | undefined;
    group?: string | undefined;
    kind?: string | undefined;
    causes?: FailureCause[] | undefined;
    retryAfterSeconds?: number | undefined;
  };
}

/** A value, or why there is none. */
export type Outcome<T> = { kind: 'value'; value: T } | { kind: 'failure'; failure: Failure };

type Named = { group: string; plural: string };

/** A value as an outcome. */
export function value<T>(of: T): Outcome<T> {
  return { kind: 'value', value: of };
}

/** A failure as an outcome. */
export function fail(failure: Failure): { kind: 'failure'; failure: Failure } {
  return { kind: 'failure', failure };
}

/** The `Status` object of a failure, as it goes over the wire. */
export function statusObject(failure: Failure): Record<string, unknown> {
  const details = Object.entries(failure.details ?? {}).filter(
    ([, part]) => part !== undefined && part !== '',
  );
  return {
    kind: 'Status',
    apiVersion: 'v1',
    metadata: {},
    status: 'Failure',
    message: failure.message,
    reason: failure.reason,
    ...(failure.details === undefined ? {} : { details: Object.fromEntries(details) }),
    code: failure.code,
  };
}

function detailsOf(resource: Named, name: string): NonNullable<Failure['details']> {
  return { name, group: resource.group, kind: resource.plural };
}

/** 404. */
export function notFound(resource: Named, name: string): Failure {
  const message = `${qualifiedName(resource)} "${name}" not found`;
  return { code: 404, reason: 'NotFound', message, details: detailsOf(resource, name) };
}

/** 409: the name is taken. */
export function alreadyExists(resource: Named, name: string): Failure {
  const message = `${qualifiedName(resource)} "${name}" already exists`;
  return { code: 409, reason: 'AlreadyExists', message, details: detailsOf(resource, name) };
}

/** 409: somebody wrote in between. */
export function conflict(resource: Named, name: string): Failure {
  const message = `Operation cannot be fulfilled on ${qualifiedName(resource)} "${name}": the object has been modified; please apply your changes to the latest version and try again`;
  return { code: 409, reason: 'Conflict', message, details: detailsOf(resource, name) };
}

/** 400. */
export function badRequest(message: string): Failure {
  return { code: 400, reason: 'BadRequest', message };
}

/** 422 with its causes. `kind` is qualified, such as `Rollout.argoproj.io`. */
export function invalid(kind: string, name: string, causes: readonly FailureCause[]): Failure {
  const said = causes.map(({ field, message }) => `${field}: ${message}`);
  const list = said.length > 1 ? `[${said.join(', ')}]` : said.join('');
  const [plain = kind, ...group] = kind.split('.');
  return {
    code: 422,
    reason: 'Invalid',
    message: `${kind} "${name}" is invalid: ${list}`,
    details: { name, group: group.join('.'), kind: plain, causes: [...causes] },
  };
}

/** 422 of a JSON Patch that does not apply: the server does not say why (`handlers/patch.go`). */
export function patchRejected(): Failure {
  const message = 'the server rejected our request due to an error in our request';
  return { code: 422, reason: 'Invalid', message, details: {} };
}

/** 415. */
export function unsupportedMediaType(accepted: readonly string[]): Failure {
  const message = `the body of the request was in an unknown format - accepted media types include: ${accepted.join(', ')}`;
  return { code: 415, reason: 'UnsupportedMediaType', message };
}

/** 410. */
export function expired(message: string): Failure {
  return { code: 410, reason: 'Expired', message };
}

/** 401. */
export function unauthorized(): Failure {
  return { code: 401, reason: 'Unauthorized', message: 'Unauthorized' };
}

/** 405. */
export function methodNotAllowed(): Failure {
  const message = 'the server does not allow this method on the requested resource';
  return { code: 405, reason: 'MethodNotAllowed', message, details: {} };
}

/** 404 of a path that no resource answers. */
export function noSuchResource(): Failure {
  const message = 'the server could not find the requested resource';
  return { code: 404, reason: 'NotFound', message, details: {} };
}

/** 500 of what a real server can and this one does not. */
export function notSupportedHere(what: string): Failure {
  const message = `Internal error occurred: ${what} is not supported in the sandbox`;
  return { code: 500, reason: 'InternalError', message, details: { causes: [{ message: what }] } };
}

/** 429 or 5xx on demand. */
export function onDemand(code: number, retryAfterSeconds: number | undefined): Failure {
  const reasons: Record<number, string> = {
    429: 'TooManyRequests',
    503: 'ServiceUnavailable',
    504: 'Timeout',
  };
  return {
    code,
    reason: reasons[code] ?? 'InternalError',
    message:
      code === 429
        ? 'the server has received too many requests and has asked us to try again later'
        : 'an error on the server has prevented the request from succeeding',
    details: { retryAfterSeconds },
  };
}
