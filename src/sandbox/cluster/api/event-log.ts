import type { KubeObject } from '../rollout/objects.ts';
import type { Resource } from './resources.ts';

/** A change, as watches tell it. */
export interface StoreEvent {
  type: 'ADDED' | 'MODIFIED' | 'DELETED';
  resource: Resource;
  object: KubeObject;
  /** The object before; absent for a new one. Selectors need it: an object that stops matching is gone for a watch. */
  previous?: KubeObject;
  version: number;
}

/** Events since a version, or that they are forgotten: `oldest` is then the first version still known. */
export type EventsSince = { kind: 'events'; events: StoreEvent[] } | { kind: 'expired'; oldest: number };

/** The store's changes: told to who listens, remembered for watches that come back. */
export interface EventLog {
  publish(event: StoreEvent): void;
  /** Returns the way to stop listening. */
  subscribe(listener: (event: StoreEvent) => void): () => void;
  since(version: number): EventsSince;
  /** Forgets all events up to this version. */
  compact(version: number): void;
}

/** Events remembered; the older half is forgotten when there are more. */
const MOST_EVENTS = 5000;

/** An empty log; `firstVersion` is the version of the empty store. */
export function createEventLog(firstVersion: number): EventLog {
  const listeners = new Set<(event: StoreEvent) => void>();
  let events: StoreEvent[] = [];
  let oldest = firstVersion;
  return {
    publish(event) {
      events.push(event);
      if (events.length > MOST_EVENTS) {
        events = events.slice(-MOST_EVENTS / 2);
        oldest = events[0]?.version ?? event.version;
      }
      for (const listener of [...listeners]) listener(event);
    },
    subscribe(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
    since(version) {
      if (version < oldest) return { kind: 'expired', oldest };
      return { kind: 'events', events: events.filter((event) => event.version > version) };
    },
    compact(version) {
      events = [];
      oldest = version;
    },
  };
}
