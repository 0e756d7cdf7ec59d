import { EVENTS } from '../api/resources.ts';
import { safeHash } from '../rollout/hash.ts';
import type { KubeObject } from '../rollout/objects.ts';
import { timestamp } from '../rollout/time.ts';
import type { RolloutEvent } from '../rollout/writes.ts';
import { type ControllerContext, change, create, remove } from './controller.ts';

/** Events kept in a namespace; the API server keeps them for an hour. */
const MOST_EVENTS = 500;

/** Records an event on an object; one that was told before is counted. */
export function recordEvent(context: ControllerContext, object: KubeObject, event: RolloutEvent): void {
  const { namespace, name, uid } = object.metadata;
  const eventName = `${name}.${safeHash(`${uid}/${event.reason}/${event.message}`)}`;
  const at = timestamp(context.scheduler.now());
  if (context.store.get(EVENTS, namespace, eventName) !== undefined) {
    const to = (stored: KubeObject): KubeObject => ({
      ...stored,
      count: Number(stored['count'] ?? 1) + 1,
      lastTimestamp: at,
    });
    change(context, EVENTS, { namespace, name: eventName, part: 'main', to });
    return;
  }
  create(context, EVENTS, {
    apiVersion: 'v1',
    kind: 'Event',
    metadata: { name: eventName, namespace },
    involvedObject: { apiVersion: object.apiVersion, kind: object.kind, namespace, name, uid },
    ...event,
    count: 1,
    firstTimestamp: at,
    lastTimestamp: at,
    source: { component: 'rollouts-controller' },
  });
  forgetOldEvents(context, namespace ?? '');
}

function forgetOldEvents(context: ControllerContext, namespace: string): void {
  const events = context.store.list(EVENTS, namespace);
  if (events.length <= MOST_EVENTS) return;
  const byAge = events.sort(
    (a, b) => Number(a.metadata.resourceVersion) - Number(b.metadata.resourceVersion),
  );
  for (const { metadata } of byAge.slice(0, events.length - MOST_EVENTS)) {
    remove(context, EVENTS, { namespace, name: metadata.name });
  }
}
