import { resourceOfKind } from '../api/resources.ts';
import type { Store } from '../api/store.ts';
import type { KubeObject } from '../rollout/objects.ts';
import type { ApplicationHealth, ApplicationResource } from './application-object.ts';
import { applyPatch } from './apply.ts';
import { healthOf, worstHealth } from './health.ts';

/** Annotation by which Argo CD 3 knows what it made: `<app>:<group>/<kind>:<namespace>/<name>`. */
export const TRACKING_ID = 'argocd.argoproj.io/tracking-id';

/** How an Application's objects stand against what is wanted. */
export interface Comparison {
  isSynced: boolean;
  health: ApplicationHealth['status'];
  resources: ApplicationResource[];
  /** Objects of the Application that nobody wants any more. */
  surplus: KubeObject[];
}

/** An object as the Application makes it: with its mark. */
export function tracked(app: string, object: KubeObject): KubeObject {
  const { metadata } = object;
  const annotations = { ...metadata.annotations, [TRACKING_ID]: trackingId(app, object) };
  return { ...object, metadata: { ...metadata, annotations } };
}

function trackingId(app: string, { apiVersion, kind, metadata }: KubeObject): string {
  const group = apiVersion.includes('/') ? apiVersion.split('/')[0] : '';
  return `${app}:${group}/${kind}:${metadata.namespace ?? ''}/${metadata.name}`;
}

/**
 * The Application that made an object. Controllers copy annotations to what they make themselves: a mark that names another
 * object counts for nothing.
 */
export function trackedBy(object: KubeObject): string | undefined {
  const id = object.metadata.annotations?.[TRACKING_ID];
  const app = id?.split(':')[0];
  return app !== undefined && id === trackingId(app, object) ? app : undefined;
}

/** Compares what is wanted with what is there. */
export function compare(
  store: Store,
  wanted: readonly KubeObject[],
  known: readonly KubeObject[],
): Comparison {
  const resources: ApplicationResource[] = wanted.map((object) => {
    const live = liveOf(store, object);
    const isSynced = live !== undefined && applyPatch(live, object) === undefined;
    const health: ApplicationHealth | undefined = live === undefined ? { status: 'Missing' } : healthOf(live);
    return { ...reference(object), status: isSynced ? 'Synced' : 'OutOfSync', ...(health && { health }) };
  });
  const names = new Set(wanted.map(nameOf));
  const surplus = known.filter((object) => !names.has(nameOf(object)));
  for (const object of surplus)
    resources.push({ ...reference(object), status: 'OutOfSync', requiresPruning: true });
  return {
    isSynced: resources.every(({ status }) => status === 'Synced'),
    health: worstHealth(resources.map(({ health }) => health)),
    resources,
    surplus,
  };
}

function liveOf(store: Store, { apiVersion, kind, metadata }: KubeObject): KubeObject | undefined {
  const resource = resourceOfKind(apiVersion, kind);
  return resource === undefined ? undefined : store.get(resource, metadata.namespace, metadata.name);
}

function nameOf({ kind, metadata }: KubeObject): string {
  return `${kind}/${metadata.namespace ?? ''}/${metadata.name}`;
}

function reference({ apiVersion, kind, metadata }: KubeObject): Omit<ApplicationResource, 'status'> {
  const [version = '', group] = apiVersion.split('/').reverse();
  const named = { version, kind, namespace: metadata.namespace, name: metadata.name };
  return group === undefined ? named : { group, ...named };
}
