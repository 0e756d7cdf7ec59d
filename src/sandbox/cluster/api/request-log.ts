import type { IncomingMessage } from 'node:http';
import type { RequestInfo } from './request-info.ts';
import type { User } from './users.ts';

/** One request, as an audit log tells it. Credentials are never in it. */
export interface LoggedRequest extends RequestInfo {
  /** Milliseconds since 1970 at arrival. */
  at: number;
  method: string;
  query: string;
  userAgent: string;
  contentType: string;
  /** Parsed where it is JSON; absent where there is none. */
  body?: unknown;
  /** Who held the credentials; absent while nobody has been made out. */
  user?: string;
  groups?: readonly string[];
  /** In whose name it was made. */
  impersonated?: { user: string; groups: readonly string[] };
  /** HTTP status; absent while unanswered, and for good when nothing was answered. */
  code?: number;
}

/** The log's line for a request that has just arrived. */
export function logLine(request: IncomingMessage, info: RequestInfo, at: number): LoggedRequest {
  const { headers, method = '', url = '' } = request;
  return {
    ...info,
    at,
    method,
    query: url.split('?')[1] ?? '',
    userAgent: headers['user-agent'] ?? '',
    contentType: headers['content-type'] ?? '',
  };
}

/** Notes who made a request, and as whom. */
export function noteUser(line: LoggedRequest, requester: User, acting: User | undefined): void {
  line.user = requester.name;
  line.groups = requester.groups;
  if (acting !== undefined) line.impersonated = { user: acting.name, groups: acting.groups };
}

/** JSON where it is JSON, else the text. */
export function readBody(text: string): unknown {
  if (text === '') return undefined;
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}
