import type { IncomingMessage, ServerResponse } from 'node:http';
import { admit } from './access.ts';
import { discover } from './discovery.ts';
import { badRequest, type Failure, fail, noSuchResource, type Outcome, onDemand, value } from './failure.ts';
import type { Fault, FaultTable } from './faults.ts';
import { forbiddenTo } from './impersonation.ts';
import type { Continuations } from './list.ts';
import { type Answer, operate } from './operations.ts';
import { requestInfo } from './request-info.ts';
import { type LoggedRequest, logLine, readBody } from './request-log.ts';
import { resourceAt } from './resources.ts';
import { refuse, respond } from './respond.ts';
import { answerReview } from './reviews.ts';
import type { User, Users } from './users.ts';
import { serveWatch, type WatchContext } from './watch-response.ts';

/** Largest body the API server takes (apiserver `MaxRequestBodyBytes`). */
const MOST_BODY_BYTES = 3 * 1024 * 1024;

/** What a request meets. */
export interface RequestContext extends WatchContext {
  users: Users;
  continuations: Continuations;
  requests: LoggedRequest[];
  faults: FaultTable;
}

/** Takes one request from its first byte to its answer. */
export async function handleRequest(
  context: RequestContext,
  request: IncomingMessage,
  response: ServerResponse,
): Promise<void> {
  const url = new URL(request.url ?? '/', 'http://cluster');
  const line = logLine(request, requestInfo(request.method ?? 'GET', url), context.scheduler.now());
  context.requests.push(line);
  response.on('finish', () => {
    line.code ??= response.statusCode;
  });
  const body = await collect(request);
  line.body = readBody(body ?? '');
  const admitted = admit(context, request, line);
  const fault = context.faults.strike(line);
  if (fault !== undefined && (await strikeBefore(context, fault, { line, response }))) return;
  if (body === undefined) refuse(response, tooLarge());
  else if (admitted.kind === 'failure') refuse(response, admitted.failure);
  else if (line.isResource && line.verb === 'watch') serveWatch(context, line, response);
  else answer(response, serve(context, admitted.value, { line, body }), fault);
}

async function collect(request: IncomingMessage): Promise<string | undefined> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    size += chunk.length;
    if (size <= MOST_BODY_BYTES) chunks.push(chunk);
  }
  return size > MOST_BODY_BYTES ? undefined : Buffer.concat(chunks).toString('utf8');
}

function tooLarge(): Failure {
  const message = `Request entity too large: limit is ${MOST_BODY_BYTES}`;
  return { code: 413, reason: 'RequestEntityTooLarge', message };
}

function answer(response: ServerResponse, outcome: Outcome<Answer>, fault: Fault | undefined): void {
  if (fault?.kind === 'commitThenReset') response.socket?.destroy();
  else if (fault?.kind === 'commitThenAnswer') refuse(response, onDemand(fault.code, undefined));
  else if (outcome.kind === 'failure') refuse(response, outcome.failure);
  else respond(response, outcome.value.code, outcome.value.body);
}

/** Trouble ahead of the act. Answers whether that was all. */
async function strikeBefore(
  context: RequestContext,
  fault: Fault,
  at: { line: LoggedRequest; response: ServerResponse },
): Promise<boolean> {
  const { line, response } = at;
  switch (fault.kind) {
    case 'answer':
      if (fault.retryAfterSeconds !== undefined)
        response.setHeader('Retry-After', String(fault.retryAfterSeconds));
      refuse(response, onDemand(fault.code, fault.retryAfterSeconds));
      return true;
    case 'forbid':
      refuse(response, forbiddenTo(line));
      return true;
    case 'delay':
      await new Promise<void>((resolve) => context.scheduler.after(fault.ms, resolve));
      return false;
    case 'blackHole':
      return true;
    case 'reset':
      response.socket?.destroy();
      return true;
    case 'commitThenReset':
    case 'commitThenAnswer':
      return false;
  }
}

function serve(
  context: RequestContext,
  user: User,
  request: { line: LoggedRequest; body: string },
): Outcome<Answer> {
  const { line, body } = request;
  if (!line.isResource) return serveOther(line);
  const resource = resourceAt(line);
  if (resource === undefined) return serveReview(context, user, line);
  const { store, continuations, scheduler } = context;
  const query = new URLSearchParams(line.query);
  const operation = { info: line, resource, query, contentType: line.contentType, body };
  return operate({ store, continuations, now: scheduler.now }, operation);
}

function serveReview(context: RequestContext, user: User, line: LoggedRequest): Outcome<Answer> {
  if (line.verb !== 'create') return fail(noSuchResource());
  const reviewed = answerReview(context.store, user, { plural: line.plural, body: line.body });
  if (reviewed === undefined) return fail(noSuchResource());
  return reviewed.kind === 'failure' ? reviewed : value({ code: 201, body: reviewed.value });
}

function serveOther({ path, method }: LoggedRequest): Outcome<Answer> {
  if (method !== 'GET') return fail(badRequest('only GET is supported here'));
  if (/^\/(healthz|readyz|livez)(\/|$)/.test(path)) return value({ code: 200, body: 'ok' });
  const found = discover(path);
  return found === undefined ? fail(noSuchResource()) : value({ code: 200, body: found });
}
