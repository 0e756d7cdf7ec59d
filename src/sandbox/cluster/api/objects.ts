import { randomBytes } from 'node:crypto';
import { safeEncode } from '../rollout/hash.ts';
import { sameJson } from '../rollout/merge-patch.ts';
import type { KubeObject, PodTemplate } from '../rollout/objects.ts';
import { withDefaults } from '../rollout/pod-template.ts';
import {
  alreadyExists,
  badRequest,
  conflict,
  fail,
  invalid,
  notFound,
  type Outcome,
  value,
} from './failure.ts';
import { checkFields } from './object-body.ts';
import { DEPLOYMENTS, NAMESPACES, qualifiedName, REPLICA_SETS, type Resource } from './resources.ts';
import type { Store } from './store.ts';

/** Which part of an object a write may change. */
export type Part = 'main' | 'status';

/** Names of objects (apimachinery `NameIsDNSSubdomain`); RBAC objects may also have colons. */
const OBJECT_NAME = /^[a-z0-9]([-a-z0-9.:]{0,251}[a-z0-9])?$/;

/** Creates an object: its namespace must be there, its name free. */
export function createObject(store: Store, resource: Resource, object: KubeObject): Outcome<KubeObject> {
  const { generateName, ...metadata } = object.metadata;
  const name = metadata.name ?? (generateName === undefined ? undefined : generateName + randomSuffix());
  const kind = kindOf(resource);
  if (name === undefined) {
    const message = 'Required value: name or generateName is required';
    return fail(invalid(kind, '', [{ reason: 'FieldValueRequired', message, field: 'metadata.name' }]));
  }
  if (!OBJECT_NAME.test(name)) {
    const message = `Invalid value: ${JSON.stringify(name)}: a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character (e.g. 'example.com', regex used for validation is '[a-z0-9]([-a-z0-9]*[a-z0-9])?(\\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*')`;
    return fail(invalid(kind, name, [{ reason: 'FieldValueInvalid', message, field: 'metadata.name' }]));
  }
  const { namespace } = metadata;
  if (resource.namespaced && store.get(NAMESPACES, undefined, namespace ?? '') === undefined) {
    return fail(notFound(NAMESPACES, namespace ?? ''));
  }
  if (store.get(resource, namespace, name) !== undefined) return fail(alreadyExists(resource, name));
  const { status: given, ...rest } = object;
  const whole = { ...rest, ...(resource.hasStatus ? {} : { status: given }) };
  const made = defaulted(resource, { ...whole, metadata: { ...metadata, name } } as KubeObject);
  const checked = checkFields(made, resource);
  if (checked.kind === 'failure') return checked;
  return value(store.insert(resource, checked.value));
}

function randomSuffix(): string {
  return safeEncode(randomBytes(5).toString('latin1'));
}

/** `Rollout.argoproj.io`, as the causes of a 422 name a kind. */
export function kindOf(resource: Resource): string {
  return resource.group === '' ? resource.kind : `${resource.kind}.${resource.group}`;
}

/**
 * Writes a changed object over the stored one. Only `part` is taken from it; a resourceVersion that is not the stored one is a
 * conflict; a write that changes nothing makes no new version.
 */
export function updateObject(
  store: Store,
  resource: Resource,
  change: { stored: KubeObject; next: KubeObject; part: Part },
): Outcome<KubeObject> {
  const { stored, part } = change;
  const { name } = stored.metadata;
  const version = change.next.metadata.resourceVersion;
  if (version !== undefined && version !== '' && version !== stored.metadata.resourceVersion) {
    return fail(conflict(resource, name));
  }
  const uid = change.next.metadata.uid;
  if (uid !== undefined && uid !== stored.metadata.uid) return fail(conflict(resource, name));
  const next = merged(resource, { ...change, next: defaulted(resource, change.next) });
  const checked = checkFields(next, resource);
  if (checked.kind === 'failure') return checked;
  if (sameJson(withoutVersion(stored), withoutVersion(next))) return value(stored);
  const isDone =
    next.metadata.deletionTimestamp !== undefined && (next.metadata.finalizers ?? []).length === 0;
  if (isDone && part === 'main')
    return value(store.remove(resource, stored.metadata.namespace, name) ?? stored);
  return value(store.replace(resource, next));
}

function merged(
  resource: Resource,
  change: { stored: KubeObject; next: KubeObject; part: Part },
): KubeObject {
  const { stored, next, part } = change;
  if (part === 'status') return dropUndefined({ ...stored, status: next['status'] });
  const { name, namespace, uid, creationTimestamp, deletionTimestamp, generation } = stored.metadata;
  const own = { name, namespace, uid, creationTimestamp, deletionTimestamp, generation };
  const whole = resource.hasStatus ? { ...next, status: stored['status'] } : next;
  const result = dropUndefined({ ...whole, metadata: dropUndefined({ ...next.metadata, ...own }) });
  if (generation === undefined || sameJson(contentOf(resource, stored), contentOf(resource, result)))
    return result;
  return { ...result, metadata: { ...result.metadata, generation: generation + 1 } };
}

/** What counts for the generation: all but metadata, and the status where it is a subresource. */
function contentOf(resource: Resource, object: KubeObject): Record<string, unknown> {
  const { metadata: _, status, ...content } = object;
  return resource.hasStatus ? content : { ...content, status };
}

/** Without what every write changes by itself. */
function withoutVersion(object: KubeObject): KubeObject {
  const { resourceVersion: _, managedFields: __, ...metadata } = object.metadata;
  return { ...object, metadata };
}

function dropUndefined<T extends object>(object: T): T {
  return Object.fromEntries(Object.entries(object).filter(([, member]) => member !== undefined)) as T;
}

/** Fields the API server fills in, for the kinds where somebody reads them back; nulls of custom resources are pruned. */
function defaulted(resource: Resource, object: KubeObject): KubeObject {
  if (resource.custom) return pruneNulls(object) as KubeObject;
  if (resource !== REPLICA_SETS && resource !== DEPLOYMENTS) return object;
  const spec = object['spec'] as { replicas?: number; template?: PodTemplate } | undefined;
  if (spec?.template?.spec === undefined) return object;
  return {
    ...object,
    spec: { ...spec, replicas: spec.replicas ?? 1, template: withDefaults(spec.template) },
  };
}

function pruneNulls(item: unknown): unknown {
  if (Array.isArray(item)) return item.map(pruneNulls);
  if (typeof item !== 'object' || item === null) return item;
  const kept = Object.entries(item).filter(([, member]) => member !== null && member !== undefined);
  return Object.fromEntries(kept.map(([key, member]) => [key, pruneNulls(member)]));
}

/** Deletes an object, or marks it when finalizers hold it. */
export function deleteObject(
  store: Store,
  resource: Resource,
  target: { namespace: string | undefined; name: string; deletionTimestamp: string },
): Outcome<KubeObject> {
  const stored = store.get(resource, target.namespace, target.name);
  if (stored === undefined) return fail(notFound(resource, target.name));
  const { metadata } = stored;
  if ((metadata.finalizers ?? []).length === 0) {
    return value(store.remove(resource, target.namespace, target.name) ?? stored);
  }
  if (metadata.deletionTimestamp !== undefined) return value(stored);
  const { deletionTimestamp } = target;
  return value(store.replace(resource, { ...stored, metadata: { ...metadata, deletionTimestamp } }));
}

/** Checks that an object written by PUT is the one its address names. */
export function checkAddress(
  resource: Resource,
  object: KubeObject,
  address: { namespace: string; name: string },
): Outcome<KubeObject> {
  const { name, namespace, resourceVersion } = object.metadata;
  if (name !== undefined && name !== address.name) {
    const said = `the name of the object (${name}) does not match the name on the URL (${address.name})`;
    return fail(badRequest(said));
  }
  if (resource.namespaced && namespace !== undefined && namespace !== address.namespace) {
    return fail(
      badRequest('the namespace of the provided object does not match the namespace sent on the request'),
    );
  }
  if (resource.custom && (resourceVersion ?? '') === '') {
    const cause = {
      reason: 'FieldValueInvalid',
      message: 'Invalid value: 0: must be specified for an update',
    };
    const failure = invalid(qualifiedName(resource), address.name, [
      { ...cause, field: 'metadata.resourceVersion' },
    ]);
    return fail(failure);
  }
  const metadata = { ...object.metadata, name: address.name };
  return value({
    ...object,
    metadata: resource.namespaced ? { ...metadata, namespace: address.namespace } : metadata,
  });
}
