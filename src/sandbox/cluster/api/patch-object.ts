import { z } from 'zod';
import { applyMergePatch } from '../rollout/merge-patch.ts';
import type { KubeObject } from '../rollout/objects.ts';
import {
  badRequest,
  fail,
  notSupportedHere,
  type Outcome,
  patchRejected,
  unsupportedMediaType,
  value,
} from './failure.ts';
import { applyJsonPatch, PatchOperation } from './json-patch.ts';
import type { Resource } from './resources.ts';
import { applyStrategicMerge } from './strategic-merge.ts';

const JSON_PATCH = 'application/json-patch+json';
const MERGE_PATCH = 'application/merge-patch+json';
const STRATEGIC_MERGE_PATCH = 'application/strategic-merge-patch+json';
const APPLY_PATCH = 'application/apply-patch+yaml';

/** Content types a resource takes patches in: custom resources know no strategic merge. */
function acceptedTypes(resource: Resource): string[] {
  return resource.custom
    ? [JSON_PATCH, MERGE_PATCH, APPLY_PATCH]
    : [JSON_PATCH, MERGE_PATCH, STRATEGIC_MERGE_PATCH, APPLY_PATCH];
}

/** Applies the body of a PATCH in the format its content type names. */
export function patchObject(
  resource: Resource,
  stored: KubeObject,
  patch: { contentType: string; body: string },
): Outcome<KubeObject> {
  const type = patch.contentType.split(';')[0]?.trim() ?? '';
  const accepted = acceptedTypes(resource);
  if (!accepted.includes(type)) return fail(unsupportedMediaType(accepted));
  if (type === APPLY_PATCH) return fail(notSupportedHere('server-side apply'));
  const body = parseJson(patch.body);
  if (body.kind === 'failure') return body;
  if (type === JSON_PATCH) return jsonPatched(stored, body.value);
  if (typeof body.value !== 'object' || body.value === null || Array.isArray(body.value)) {
    return fail(
      badRequest(`error decoding patch: ${cannotUnmarshal(body.value, 'map[string]interface {}')}`),
    );
  }
  const merge = type === MERGE_PATCH ? applyMergePatch : applyStrategicMerge;
  return value(merge(stored, body.value) as KubeObject);
}

function parseJson(text: string): Outcome<unknown> {
  try {
    return value(JSON.parse(text));
  } catch {
    return fail(badRequest('error decoding patch: invalid character in the body of the request'));
  }
}

function jsonPatched(stored: KubeObject, body: unknown): Outcome<KubeObject> {
  const operations = z.array(PatchOperation).safeParse(body);
  if (!operations.success) {
    const why = cannotUnmarshal(body, '[]handlers.jsonPatchOp');
    return fail(badRequest(`error decoding patch: ${why}`));
  }
  const patched = applyJsonPatch(stored, operations.data);
  return patched.kind === 'failed' ? fail(patchRejected()) : value(patched.document as KubeObject);
}

/** Go's words for JSON of the wrong type. */
function cannotUnmarshal(body: unknown, target: string): string {
  const type = Array.isArray(body) ? 'array' : typeof body;
  return `json: cannot unmarshal ${type} into Go value of type ${target}`;
}
