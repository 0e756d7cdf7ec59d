import type { AddressInfo } from 'node:net';
import { createServer } from 'node:net';
import { App, LogLevel } from '@slack/bolt';
import type { Workspace } from '../../../../src/sandbox/workspace/workspace.ts';

/** What the echo app saw, in order: `command hello`, `action go`, `event message` … */
export interface EchoApp extends AsyncDisposable {
  readonly app: App;
  readonly heard: string[];
}

/** Starts a Bolt app over HTTP or Socket Mode against a workspace; `wire` adds its listeners. */
export async function startEchoApp(
  workspace: Workspace,
  transport: 'http' | 'socket',
  wire: (app: App, heard: string[]) => void,
): Promise<EchoApp> {
  const port = await freePort();
  const common = {
    token: workspace.tokens.bot,
    logLevel: LogLevel.ERROR,
    clientOptions: { slackApiUrl: workspace.apiUrl, retryConfig: { retries: 0 } },
  };
  const app =
    transport === 'http'
      ? new App({ ...common, signingSecret: workspace.signingSecret })
      : new App({ ...common, appToken: workspace.tokens.app, socketMode: true });
  const heard: string[] = [];
  wire(app, heard);
  await app.start(port);
  workspace.connectApp(
    transport === 'http' ? { requestUrl: `http://127.0.0.1:${port}/slack/events` } : { socket: true },
  );
  return { app, heard, [Symbol.asyncDispose]: async () => void (await app.stop()) };
}

function freePort(): Promise<number> {
  return new Promise((resolve) => {
    const server = createServer().listen(0, '127.0.0.1', () => {
      const { port } = server.address() as AddressInfo;
      server.close(() => resolve(port));
    });
  });
}
