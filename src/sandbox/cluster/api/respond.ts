import type { ServerResponse } from 'node:http';
import { type Failure, statusObject } from './failure.ts';

/** Answers with a failure's Status object. */
export function refuse(response: ServerResponse, failure: Failure): void {
  respond(response, failure.code, statusObject(failure));
}

/** Answers with JSON, or with plain text where the body is text. Does nothing when an answer has begun. */
export function respond(response: ServerResponse, code: number, body: unknown): void {
  if (response.headersSent) return;
  const isText = typeof body === 'string';
  response.writeHead(code, { 'Content-Type': isText ? 'text/plain; charset=utf-8' : 'application/json' });
  response.end(isText ? body : JSON.stringify(body));
}
