import { setTimeout as wait } from 'node:timers/promises';
import type { Exchange } from '../exchange.ts';
import type { WorkspaceParts } from '../parts.ts';
import { answerBody, type MethodAnswer, refuse } from './answer.ts';
import type { ApiCall } from './api-call.ts';
import type { Fault, OrderedFaults } from './faults.ts';
import type { Method } from './method.ts';
import { METHODS } from './methods/registry.ts';
import type { RateLimits } from './rate-limits.ts';
import { readArguments } from './read-arguments.ts';

/** What answering the Web API takes. */
export interface ApiServing {
  readonly parts: WorkspaceParts;
  readonly limits: RateLimits;
  readonly faults: Pick<OrderedFaults, 'meet'>;
  /** Called once for each call, before it is answered. */
  note(call: ApiCall): void;
}

/** Answers `POST /api/<method>`. */
export async function serveApi(
  serving: ApiServing,
  url: URL,
  { request, response }: Exchange,
): Promise<void> {
  const startedMs = performance.now();
  const name = decodeURIComponent(url.pathname.slice('/api/'.length));
  const read = await readArguments(request, url);
  const args = read.kind === 'arguments' ? read.args : {};
  const call: ApiCall = { atMs: serving.parts.world.now(), method: name, args };
  serving.note(call);
  const finish = (status: number, body: Record<string, unknown>, headers: Record<string, string> = {}) => {
    Object.assign(call, { status, answer: body, tookMs: performance.now() - startedMs });
    response.writeHead(status, { 'content-type': 'application/json; charset=utf-8', ...headers });
    response.end(JSON.stringify(body));
  };
  const refused = (error: string) => finish(200, answerBody(refuse(error)));

  if (read.kind === 'unreadable') return refused(read.error);
  const method = METHODS.find((candidate) => candidate.name === name);
  if (method === undefined) return refused('unknown_method');
  const unauthorised = judgeToken(serving.parts, method, read.token);
  if (unauthorised !== undefined) return refused(unauthorised);

  const channel = typeof args['channel'] === 'string' ? args['channel'] : undefined;
  const fault = serving.faults.meet({ method: name, channel });
  if (fault !== undefined) call.fault = fault.kind;
  const waitSeconds =
    fault?.kind === 'rate_limited' ? fault.retryAfterSeconds : serving.limits.take(method, channel);
  if (waitSeconds > 0) {
    return finish(429, answerBody(refuse('ratelimited')), { 'retry-after': String(waitSeconds) });
  }
  await meetFault(fault, {
    work: () => answer(serving.parts, method, args),
    finish: (given) => finish(200, answerBody(given), scopeHeaders(serving.parts, method, args)),
    fail: () => finish(500, { ok: false, error: 'internal_error' }),
    cut: () => request.socket.destroy(),
  });
}

async function meetFault(
  fault: Fault | undefined,
  ways: {
    work: () => MethodAnswer;
    finish: (answer: MethodAnswer) => void;
    fail: () => void;
    cut: () => void;
  },
): Promise<void> {
  switch (fault?.kind) {
    case undefined:
    case 'rate_limited':
      ways.finish(ways.work());
      return;
    case 'slow':
      await wait(fault.delayMs);
      ways.finish(ways.work());
      return;
    case 'error_500':
      ways.fail();
      return;
    case 'commit_then_500':
      ways.work();
      ways.fail();
      return;
    case 'commit_then_reset':
      ways.work();
      ways.cut();
      return;
    case 'never_answer':
      if (fault.commits) ways.work();
  }
}

/** Names of the refusals: any method's page, https://docs.slack.dev/reference/methods/chat.postMessage. */
function judgeToken(
  { tokens }: WorkspaceParts,
  method: Method,
  token: string | undefined,
): string | undefined {
  if (method.token === 'none') return undefined;
  if (token === undefined) return 'not_authed';
  if (token === tokens[method.token]) return undefined;
  return token === tokens.bot || token === tokens.app ? 'not_allowed_token_type' : 'invalid_auth';
}

function answer(
  parts: WorkspaceParts,
  method: Method,
  args: Readonly<Record<string, unknown>>,
): MethodAnswer {
  const needed = method.scopes(args, parts);
  if (needed.length > 0 && !needed.some((scope) => parts.scopes.has(scope))) {
    return refuse('missing_scope', {
      extra: { needed: needed.join(','), provided: [...parts.scopes].join(',') },
    });
  }
  return method.run(args, parts);
}

function scopeHeaders(parts: WorkspaceParts, method: Method, args: Readonly<Record<string, unknown>>) {
  return {
    'x-oauth-scopes': [...parts.scopes].join(','),
    'x-accepted-oauth-scopes': method.scopes(args, parts).join(','),
  };
}
