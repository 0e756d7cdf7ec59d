import type { KubeObject } from '../rollout/objects.ts';
import type { Scheduler } from '../scheduler.ts';
import type { StoreEvent } from './event-log.ts';
import {
  badRequest,
  expired,
  type Failure,
  fail,
  invalid,
  type Outcome,
  statusObject,
  value,
} from './failure.ts';
import { selection } from './list.ts';
import type { RequestInfo } from './request-info.ts';
import { groupVersionOf, type Resource } from './resources.ts';
import type { Predicate } from './selectors.ts';
import type { Store } from './store.ts';

/** What a client asked to watch. */
export interface WatchWish {
  resource: Resource;
  namespace: string;
  matches: Predicate;
  /** Empty or `0`: begin with what is there. */
  resourceVersion: string;
  bookmarks: boolean;
  sendInitialEvents: boolean;
  /** Seconds after which the server ends the stream; absent: as the server likes. */
  timeoutSeconds: number | undefined;
}

/** Reads the query of a watch. */
export function readWatch(
  resource: Resource,
  request: { info: RequestInfo; query: URLSearchParams },
): Outcome<WatchWish> {
  const { info, query } = request;
  const selected = selection(query, resource, info.name);
  if (selected.kind === 'failure') return selected;
  const resourceVersion = query.get('resourceVersion') ?? '';
  if (!/^\d*$/.test(resourceVersion)) {
    return fail(
      badRequest(
        `invalid resource version ${JSON.stringify(resourceVersion)}: strconv.ParseUint: parsing ${JSON.stringify(resourceVersion)}: invalid syntax`,
      ),
    );
  }
  const problem = optionsProblem(query);
  if (problem !== undefined) return fail(problem);
  const timeout = query.get('timeoutSeconds');
  return value({
    resource,
    namespace: info.namespace,
    matches: selected.value.matches,
    resourceVersion,
    bookmarks: query.get('allowWatchBookmarks') === 'true',
    sendInitialEvents: query.get('sendInitialEvents') === 'true',
    timeoutSeconds: timeout === null ? undefined : Number(timeout),
  });
}

/** `ValidateListOptions` of apimachinery, for watches. */
function optionsProblem(query: URLSearchParams): Failure | undefined {
  const match = query.get('resourceVersionMatch') ?? '';
  const wants = query.has('sendInitialEvents');
  const forbidden = (why: string): Failure => {
    const cause = {
      reason: 'FieldValueForbidden',
      message: `Forbidden: ${why}`,
      field: 'resourceVersionMatch',
    };
    return invalid('ListOptions.meta.k8s.io', '', [cause]);
  };
  if (wants && match !== 'NotOlderThan')
    return forbidden('sendInitialEvents requires setting resourceVersionMatch to NotOlderThan');
  if (!wants && match !== '') {
    return forbidden('resourceVersionMatch is forbidden for watch unless sendInitialEvents is provided');
  }
  return undefined;
}

/** Where a watch's lines go. */
export interface WatchSink {
  write(line: string): void;
  end(): void;
}

/** How often a server tells a quiet watch where it is; Kubernetes: about a minute (`cacher.go` `bookmarkFrequency`). */
export const BOOKMARK_MS = 60_000;

/** Seconds a server keeps a watch that names no timeout: `--min-request-timeout` (1800) to twice that. */
const DEFAULT_TIMEOUT_SECONDS = 1800;

/**
 * Runs a watch until its time is over, the sink is gone (`stop`) or its version is forgotten. A version that is too old is an
 * ERROR event on a stream that began with 200, never an HTTP error.
 */
export function startWatch(
  from: { store: Store; scheduler: Scheduler; bookmarkMs: number },
  wish: WatchWish,
  sink: WatchSink,
): { stop: () => void } {
  const { store, scheduler } = from;
  const send = (type: string, object: unknown): void => sink.write(`${JSON.stringify({ type, object })}\n`);
  const stops: (() => void)[] = [];
  const stop = (): void => {
    for (const undo of stops.splice(0)) undo();
  };
  const beginsWithAll = wish.sendInitialEvents || wish.resourceVersion === '' || wish.resourceVersion === '0';
  const past = beginsWithAll ? undefined : store.eventsSince(Number(wish.resourceVersion));
  if (past?.kind === 'expired') {
    const message = `too old resource version: ${wish.resourceVersion} (${past.oldest})`;
    send('ERROR', statusObject(expired(message)));
    sink.end();
    return { stop };
  }
  if (past === undefined) sendAll(store, wish, send);
  for (const event of past?.events ?? []) tell(event, wish, send);
  stops.push(store.subscribe((event) => tell(event, wish, send)));
  if (wish.bookmarks)
    stops.push(repeat(scheduler, from.bookmarkMs, () => send('BOOKMARK', bookmark(store, wish))));
  const seconds = wish.timeoutSeconds ?? DEFAULT_TIMEOUT_SECONDS;
  stops.push(
    scheduler.after(seconds * 1000, () => {
      stop();
      sink.end();
    }),
  );
  return { stop };
}

function sendAll(store: Store, wish: WatchWish, send: (type: string, object: unknown) => void): void {
  const namespace = wish.namespace === '' ? undefined : wish.namespace;
  for (const object of store.list(wish.resource, namespace).filter(wish.matches)) send('ADDED', object);
  if (!wish.sendInitialEvents || !wish.bookmarks) return;
  const mark = bookmark(store, wish);
  const annotations = { 'k8s.io/initial-events-end': 'true' };
  send('BOOKMARK', { ...mark, metadata: { ...mark.metadata, annotations } });
}

function bookmark(store: Store, { resource }: WatchWish) {
  const metadata = { resourceVersion: String(store.version()), creationTimestamp: null };
  return { kind: resource.kind, apiVersion: groupVersionOf(resource), metadata };
}

/** One change as this watch sees it: an object that starts or stops matching comes or goes. */
function tell(event: StoreEvent, wish: WatchWish, send: (type: string, object: KubeObject) => void): void {
  if (event.resource !== wish.resource) return;
  if (wish.namespace !== '' && event.object.metadata.namespace !== wish.namespace) return;
  const is = event.type !== 'DELETED' && wish.matches(event.object);
  const was = event.previous !== undefined && wish.matches(event.previous);
  if (is) send(was ? 'MODIFIED' : 'ADDED', event.object);
  else if (was) send('DELETED', event.object);
}

function repeat(scheduler: Scheduler, ms: number, callback: () => void): () => void {
  let cancel = scheduler.after(ms, function again() {
    callback();
    cancel = scheduler.after(ms, again);
  });
  return () => cancel();
}
