import { randomUUID } from 'node:crypto';
import type { KubeObject } from '../rollout/objects.ts';
import { timestamp } from '../rollout/time.ts';
import { createEventLog, type EventLog } from './event-log.ts';
import { countsGenerations, groupVersionOf, qualifiedName, type Resource } from './resources.ts';

/** Everything the API server keeps. Objects are never changed in place. */
export interface Store {
  get<T extends KubeObject>(
    resource: Resource<T>,
    namespace: string | undefined,
    name: string,
  ): T | undefined;
  /** In the order of namespace and name. */
  list<T extends KubeObject>(resource: Resource<T>, namespace?: string): T[];
  /** Gives uid, version, generation and time to an object. */
  insert(resource: Resource, object: KubeObject): KubeObject;
  /** Gives the next version to a changed object; its metadata is taken as given. */
  replace(resource: Resource, object: KubeObject): KubeObject;
  remove(resource: Resource, namespace: string | undefined, name: string): KubeObject | undefined;
  /** The version of the last change. */
  version(): number;
  subscribe: EventLog['subscribe'];
  eventsSince: EventLog['since'];
  /** Forgets all past events, as etcd does after five minutes: watches from an older version get 410. */
  compact(): void;
}

/** Versions begin here, so that nobody takes them for counters that start at one. */
const FIRST_VERSION = 1000;

/** An empty store. `now` gives times in milliseconds since 1970. */
export function createStore(now: () => number): Store {
  const tables = new Map<string, Map<string, KubeObject>>();
  const log = createEventLog(FIRST_VERSION);
  let version = FIRST_VERSION;

  const tableOf = (resource: Resource): Map<string, KubeObject> => {
    const name = qualifiedName(resource);
    const table = tables.get(name) ?? new Map<string, KubeObject>();
    tables.set(name, table);
    return table;
  };
  const put = (
    resource: Resource,
    object: KubeObject,
  ): { stored: KubeObject; previous: KubeObject | undefined } => {
    version += 1;
    const { metadata } = object;
    const key = keyOf(metadata.namespace, metadata.name);
    const previous = tableOf(resource).get(key);
    const written = { resourceVersion: String(version), managedFields: [{ time: timestamp(now()) }] };
    const stored = { ...object, metadata: { ...metadata, ...written } };
    tableOf(resource).set(key, stored);
    return { stored, previous };
  };

  return {
    get<T extends KubeObject>(resource: Resource<T>, namespace: string | undefined, name: string) {
      return tableOf(resource).get(keyOf(namespace, name)) as T | undefined;
    },
    list<T extends KubeObject>(resource: Resource<T>, namespace?: string) {
      const entries = [...tableOf(resource).entries()];
      const own =
        namespace === undefined ? entries : entries.filter(([key]) => key.startsWith(`${namespace}/`));
      return own.sort(([a], [b]) => (a < b ? -1 : 1)).map(([, object]) => object as T);
    },
    insert(resource, object) {
      const metadata = {
        ...object.metadata,
        uid: randomUUID(),
        creationTimestamp: timestamp(now()),
        generation: countsGenerations(resource) ? 1 : undefined,
      };
      const whole = { ...object, apiVersion: groupVersionOf(resource), kind: resource.kind, metadata };
      const { stored } = put(resource, whole);
      log.publish({ type: 'ADDED', resource, object: stored, version });
      return stored;
    },
    replace(resource, object) {
      const { stored, previous } = put(resource, object);
      log.publish({ type: 'MODIFIED', resource, object: stored, version, ...(previous && { previous }) });
      return stored;
    },
    remove(resource, namespace, name) {
      const key = keyOf(namespace, name);
      const previous = tableOf(resource).get(key);
      if (previous === undefined) return undefined;
      tableOf(resource).delete(key);
      version += 1;
      const object = { ...previous, metadata: { ...previous.metadata, resourceVersion: String(version) } };
      log.publish({ type: 'DELETED', resource, object, previous, version });
      return object;
    },
    version: () => version,
    subscribe: log.subscribe,
    eventsSince: log.since,
    compact: () => log.compact(version),
  };
}

function keyOf(namespace: string | undefined, name: string): string {
  return `${namespace ?? ''}/${name}`;
}
