import { WebClient } from '@slack/web-api';
import type { Workspace } from '../../../../src/sandbox/workspace/workspace.ts';

/** Slack's own client, pointed at a workspace, without retries of its own. */
export function clientOf(workspace: Workspace, token: string = workspace.tokens.bot): WebClient {
  return new WebClient(token, {
    slackApiUrl: workspace.apiUrl,
    retryConfig: { retries: 0 },
    rejectRateLimitedCalls: true,
    logger: SILENT,
  });
}

const SILENT = {
  debug: () => undefined,
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
  setLevel: () => undefined,
  getLevel: () => 'error' as never,
  setName: () => undefined,
};

/** Calls a method with whatever arguments; the answer's `error`, or `ok`. */
export async function errorOf(
  workspace: Workspace,
  method: string,
  args: Readonly<Record<string, unknown>> = {},
): Promise<string> {
  const answer = await callJson(workspace, method, args);
  return answer['ok'] === true ? 'ok' : String(answer['error']);
}

/** Calls a method with JSON, as a program without a client library would. */
export async function callJson(
  workspace: Workspace,
  method: string,
  args: Readonly<Record<string, unknown>> = {},
  token: string = workspace.tokens.bot,
): Promise<Record<string, unknown>> {
  const response = await fetch(`${workspace.apiUrl}${method}`, {
    method: 'POST',
    headers: { 'content-type': 'application/json; charset=utf-8', authorization: `Bearer ${token}` },
    body: JSON.stringify(args),
  });
  return (await response.json()) as Record<string, unknown>;
}
