import type { IncomingMessage, ServerResponse } from 'node:http';
import { json } from 'node:stream/consumers';
import type { Exchange } from '../exchange.ts';
import { secret } from '../ids.ts';
import type { WorkspaceParts } from '../parts.ts';
import { actingPerson } from '../people/person.ts';

import { type ActResult, doAct, readAct } from './act.ts';
import { type Bundle, bundlePage } from './bundle.ts';
import { pageHtml } from './page-html.ts';
import { screenOf } from './screen.ts';

/** The page's side of the server. */
export interface Page {
  /** With the secret that lets a browser in. */
  readonly url: string;
  /** Whether a request comes from a browser that was let in. */
  isViewer(request: IncomingMessage): boolean;
  serve(url: URL, exchange: Exchange): Promise<void>;
  /** Ends the streams of browsers that are looking. */
  close(): void;
}

/** What the page is told beside the workspace itself. */
export interface PageOptions {
  readonly thingsToTry: string;
  readonly firstPersonId: string;
}

/** Several changes within this time are told to a browser as one. */
const QUIET_MS = 30;

const COOKIE = 'workspace';

/** The one thing a stream ever says. */
const CHANGED = 'data: changed\n\n';

/**
 * The page. A browser is let in by the secret of the printed address, and from then on by a cookie that no other site
 * can make it send (SameSite=Strict).
 */
export function createPage(parts: WorkspaceParts, options: PageOptions): Page {
  const token = secret(16);
  const viewers = new Set<ServerResponse>();
  let bundle: Promise<Bundle> | undefined;
  const bundled = () => {
    bundle ??= bundlePage();
    return bundle;
  };
  const isViewer = (request: IncomingMessage) =>
    (request.headers.cookie ?? '').split('; ').includes(`${COOKIE}=${token}`);

  const tellViewers = () => {
    for (const viewer of viewers) viewer.write(CHANGED);
  };
  parts.world.listen(onceQuiet(tellViewers));

  return {
    url: `${parts.url}/?token=${token}`,
    isViewer,
    close: () => {
      for (const viewer of viewers) viewer.end();
    },
    serve: async (url, { request, response }) => {
      const isEntering = url.pathname === '/' && url.searchParams.get('token') === token;
      if (!isEntering && !isViewer(request)) {
        send(response, 403, { type: 'text/plain', body: 'Open the address that was printed at the start.' });
        return;
      }
      if (isEntering)
        response.setHeader('set-cookie', `${COOKIE}=${token}; HttpOnly; SameSite=Strict; Path=/`);
      switch (url.pathname) {
        case '/page/app.js':
          return send(response, 200, { type: 'text/javascript', body: (await bundled()).script });
        case '/page/app.css':
          return send(response, 200, { type: 'text/css', body: (await bundled()).style });
        case '/page/changes':
          return stream(response, viewers);
        case '/page/screen':
          return sendScreen(parts, url, { response, options });
        case '/page/act':
          return sendAct(parts, url, { request, response });
        case '/favicon.ico':
          return send(response, 404, { type: 'text/plain', body: '' });
        default:
          return send(response, 200, { type: 'text/html', body: pageHtml(parts.world.team.name) });
      }
    },
  };
}

function send(
  response: ServerResponse,
  status: number,
  { type, body }: { type: string; body: string },
): void {
  response.writeHead(status, {
    'content-type': `${type}; charset=utf-8`,
    'cache-control': 'no-store',
    'x-content-type-options': 'nosniff',
    'referrer-policy': 'no-referrer',
    // Block Kit's renderer writes style attributes; pictures may come from anywhere; nothing else may.
    'content-security-policy':
      "default-src 'self'; style-src 'self' 'unsafe-inline'; img-src 'self' https: data:; frame-ancestors 'none'; base-uri 'none'",
  });
  response.end(body);
}

/** Tells a browser that something changed; it then asks for its screen. */
function stream(response: ServerResponse, viewers: Set<ServerResponse>): void {
  response.writeHead(200, { 'content-type': 'text/event-stream', 'cache-control': 'no-store' });
  response.write(CHANGED);
  viewers.add(response);
  response.on('close', () => viewers.delete(response));
}

function sendScreen(
  parts: WorkspaceParts,
  url: URL,
  { response, options }: { response: ServerResponse; options: PageOptions },
): void {
  const person = actingPerson(parts.world, url.searchParams.get('as') || options.firstPersonId);
  const channelId = url.searchParams.get('channel') ?? '';
  const screen = screenOf(parts, person, { channelId, thingsToTry: options.thingsToTry });
  send(response, 200, { type: 'application/json', body: JSON.stringify(screen) });
}

/** Only JSON is taken: another site cannot send it without asking first, and is told no. */
async function sendAct(parts: WorkspaceParts, url: URL, { request, response }: Exchange): Promise<void> {
  if (request.method !== 'POST' || request.headers['content-type'] !== 'application/json') {
    send(response, 415, { type: 'text/plain', body: 'JSON only' });
    return;
  }
  const result = await attempt(parts, url.searchParams.get('as') ?? '', await json(request));
  send(response, 200, { type: 'application/json', body: JSON.stringify(result) });
}

/** What a person tries and cannot do is told in words, as a client tells it. */
async function attempt(parts: WorkspaceParts, who: string, body: unknown): Promise<ActResult> {
  try {
    return await doAct(parts, actingPerson(parts.world, who), readAct(body));
  } catch (error) {
    return { words: error instanceof Error ? error.message : String(error) };
  }
}

/** Runs once when it has been asked for, however often, within a short while. */
function onceQuiet(run: () => void): () => void {
  let isWaiting = false;
  return () => {
    if (isWaiting) return;
    isWaiting = true;
    setTimeout(() => {
      isWaiting = false;
      run();
    }, QUIET_MS).unref();
  };
}
