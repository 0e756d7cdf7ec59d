import { fail, type Outcome } from '../api/failure.ts';
import { createObject, updateObject } from '../api/objects.ts';
import { NAMESPACES, type Resource, resourceOfKind } from '../api/resources.ts';
import type { Store } from '../api/store.ts';
import { canonicalJson } from '../rollout/hash.ts';
import { applyMergePatch, sameJson } from '../rollout/merge-patch.ts';
import { LAST_APPLIED } from '../rollout/names.ts';
import type { KubeObject } from '../rollout/objects.ts';

type JsonMap = { readonly [key: string]: unknown };

function isMap(value: unknown): value is JsonMap {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/**
 * What has to change for a live object to say what is wanted, as `kubectl apply` finds it: wanted fields that differ, and
 * fields that were applied before and are wanted no more. What others added stays. Absent: nothing.
 */
export function applyPatch(live: KubeObject, wanted: KubeObject): Record<string, unknown> | undefined {
  const { status: _, ...rest } = wanted;
  const custom = resourceOfKind(wanted.apiVersion, wanted.kind)?.custom !== false;
  const patch = mapPatch({ live, wanted: rest, before: readLastApplied(live), custom });
  return Object.keys(patch).length === 0 ? undefined : patch;
}

function readLastApplied({ metadata }: KubeObject): JsonMap {
  const text = metadata.annotations?.[LAST_APPLIED];
  if (text === undefined) return {};
  try {
    return toMap(JSON.parse(text));
  } catch {
    return {};
  }
}

function toMap(value: unknown): JsonMap {
  return isMap(value) ? value : {};
}

interface Versions {
  live: JsonMap;
  wanted: JsonMap;
  before: JsonMap;
  /** Lists of custom resources are compared as they stand; those of built-in ones may have been given defaults. */
  custom: boolean;
}

function mapPatch({ live, wanted, before, custom }: Versions): Record<string, unknown> {
  const patch: Record<string, unknown> = {};
  for (const [key, value] of Object.entries(wanted)) {
    const [has, had] = [live[key], before[key]];
    if (isMap(value) && isMap(has)) {
      const inner = mapPatch({ live: has, wanted: value, before: toMap(had), custom });
      if (Object.keys(inner).length > 0) patch[key] = inner;
    } else if (!says({ has, value, had, custom })) {
      patch[key] = value;
    }
  }
  for (const key of Object.keys(before)) {
    if (!(key in wanted) && live[key] !== undefined) patch[key] = null;
  }
  return patch;
}

function says(versions: { has: unknown; value: unknown; had: unknown; custom: boolean }): boolean {
  const { has, value, had, custom } = versions;
  // What is empty says nothing: the Rollouts controller adds empty `resources` to the containers of what it writes back.
  if (canonicalJson(has) === canonicalJson(value)) return true;
  return !custom && Array.isArray(value) && covers(has, value) && (had === undefined || sameJson(had, value));
}

/** Whether a live value says all that is wanted; fields that the server filled in don't count against it. */
function covers(live: unknown, wanted: unknown): boolean {
  if (Array.isArray(wanted)) {
    const isAsLong = Array.isArray(live) && live.length === wanted.length;
    return isAsLong && wanted.every((item, index) => covers(live[index], item));
  }
  if (!isMap(wanted)) return live === wanted;
  return isMap(live) && Object.entries(wanted).every(([key, value]) => covers(live[key], value));
}

/** Makes or changes an object, and notes what was applied. The namespace is made where it is missing. */
export function applyObject(store: Store, resource: Resource, wanted: KubeObject): Outcome<KubeObject> {
  const { name, namespace } = wanted.metadata;
  if (
    resource.namespaced &&
    namespace !== undefined &&
    store.get(NAMESPACES, undefined, namespace) === undefined
  ) {
    const made = createObject(store, NAMESPACES, {
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: { name: namespace },
    });
    if (made.kind === 'failure') return fail(made.failure);
  }
  const live = store.get(resource, namespace, name);
  const noted = withLastApplied(wanted);
  if (live === undefined) return createObject(store, resource, noted);
  const patch = applyPatch(live, noted);
  if (patch === undefined) return { kind: 'value', value: live };
  return updateObject(store, resource, {
    stored: live,
    next: applyMergePatch(live, patch) as KubeObject,
    part: 'main',
  });
}

function withLastApplied(wanted: KubeObject): KubeObject {
  const { status: _, ...applied } = wanted;
  const annotations = { ...wanted.metadata.annotations, [LAST_APPLIED]: JSON.stringify(applied) };
  return { ...wanted, metadata: { ...wanted.metadata, annotations } };
}
