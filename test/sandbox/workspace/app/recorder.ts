import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { text } from 'node:stream/consumers';
import type { Workspace } from '../../../../src/sandbox/workspace/workspace.ts';

/** A request the app received. */
export interface Received {
  readonly headers: Readonly<Record<string, string | string[] | undefined>>;
  readonly body: string;
  readonly payload: Record<string, unknown>;
}

/** An app that acknowledges everything and remembers it. */
export interface Recorder extends AsyncDisposable {
  readonly received: readonly Received[];
  last(): Record<string, unknown>;
  /** The trigger of the last payload. */
  lastTrigger(): string;
  /** What the app answers from now on; absent fields: 200, nothing. */
  answer(with_: { status?: number; body?: string; headers?: Record<string, string>; delayMs?: number }): void;
}

/** Starts the app and connects it by HTTP. */
export async function startRecorder(workspace: Workspace): Promise<Recorder> {
  const received: Received[] = [];
  let answer: Parameters<Recorder['answer']>[0] = {};
  const server = createServer(async (request, response) => {
    const body = await text(request);
    received.push({ headers: request.headers, body, payload: payloadOf(body) });
    const { status = 200, headers = {}, delayMs = 0 } = answer;
    setTimeout(() => response.writeHead(status, headers).end(answer.body), delayMs).unref();
  });
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  workspace.connectApp({ requestUrl: `http://127.0.0.1:${(server.address() as AddressInfo).port}/` });
  const last = () => received.at(-1)?.payload ?? {};
  return {
    received,
    last,
    lastTrigger: () => String(last()['trigger_id']),
    answer: (given) => {
      answer = given;
    },
    [Symbol.asyncDispose]: () =>
      new Promise((resolve) => {
        server.close(() => resolve());
        server.closeAllConnections();
      }),
  };
}

function payloadOf(body: string): Record<string, unknown> {
  if (body.startsWith('{')) return JSON.parse(body) as Record<string, unknown>;
  const form = Object.fromEntries(new URLSearchParams(body));
  return typeof form['payload'] === 'string'
    ? (JSON.parse(form['payload']) as Record<string, unknown>)
    : form;
}
