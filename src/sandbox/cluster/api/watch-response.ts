import type { ServerResponse } from 'node:http';
import type { Scheduler } from '../scheduler.ts';
import { noSuchResource } from './failure.ts';
import type { WatchCut } from './faults.ts';
import type { LoggedRequest } from './request-log.ts';
import { resourceAt } from './resources.ts';
import { refuse } from './respond.ts';
import type { Store } from './store.ts';
import { readWatch, startWatch } from './watch.ts';

/** A watch that a client holds open. */
export interface OpenWatch {
  response: ServerResponse;
  stop: () => void;
}

/** What watches need, and where they are kept while they are open. */
export interface WatchContext {
  store: Store;
  scheduler: Scheduler;
  bookmarkMs: number;
  watches: Set<OpenWatch>;
}

/** Answers a watch: 200 at once, then one line of JSON for each event. */
export function serveWatch(context: WatchContext, line: LoggedRequest, response: ServerResponse): void {
  const resource = resourceAt(line);
  if (resource === undefined) {
    refuse(response, noSuchResource());
    return;
  }
  const wish = readWatch(resource, { info: line, query: new URLSearchParams(line.query) });
  if (wish.kind === 'failure') {
    refuse(response, wish.failure);
    return;
  }
  line.code = 200;
  response.writeHead(200, { 'Content-Type': 'application/json', 'Cache-Control': 'no-cache, private' });
  response.flushHeaders();
  const sink = { write: (text: string) => response.write(text), end: () => response.end() };
  const open: OpenWatch = { response, ...startWatch(context, wish.value, sink) };
  context.watches.add(open);
  response.on('close', () => {
    open.stop();
    context.watches.delete(open);
  });
}

/** Ends all open watches in the way asked for. Answers how many there were. */
export function cutWatches(watches: ReadonlySet<OpenWatch>, how: WatchCut): number {
  const open = [...watches];
  for (const { response, stop } of open) {
    stop();
    if (how === 'clean') response.end();
    if (how === 'halfLine') response.end('{"type":"MODIFIED","object":{"kind":"Rol');
    if (how === 'midChunk') {
      // A chunk that says it has 4096 bytes and has a dozen.
      response.socket?.write('1000\r\n{"type":"MOD', () => response.socket?.destroy());
    }
  }
  return open.length;
}
