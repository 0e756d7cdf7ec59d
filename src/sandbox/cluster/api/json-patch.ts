import { z } from 'zod';
import { sameJson } from '../rollout/merge-patch.ts';

/** One operation of a JSON Patch (RFC 6902). */
export const PatchOperation = z.object({
  op: z.string(),
  path: z.string(),
  from: z.string().optional(),
  value: z.unknown().optional(),
});
export type PatchOperation = z.infer<typeof PatchOperation>;

/** The patched document, or which operation did not apply: then nothing of the patch counts. */
export type Patched = { kind: 'patched'; document: unknown } | { kind: 'failed'; reason: string };

/** Applies a JSON Patch, all or nothing. The document is left as it was. */
export function applyJsonPatch(document: unknown, operations: readonly PatchOperation[]): Patched {
  const holder = { document: structuredClone(document) };
  for (const operation of operations) {
    const reason = apply(holder, operation);
    if (reason !== undefined)
      return { kind: 'failed', reason: `${operation.op} ${operation.path}: ${reason}` };
  }
  return { kind: 'patched', document: holder.document };
}

/** The place a pointer names: its parent and the key there. */
interface Place {
  parent: unknown;
  key: string;
}

function apply(holder: { document: unknown }, operation: PatchOperation): string | undefined {
  switch (operation.op) {
    case 'add':
      return put(holder, operation.path, structuredClone(operation.value), { insert: true });
    case 'replace':
      if (!has(holder, operation.path)) return 'missing';
      return put(holder, operation.path, structuredClone(operation.value), { insert: false });
    case 'remove':
      return take(holder, operation.path);
    case 'test':
      return sameJson(read(holder, operation.path) ?? null, operation.value ?? null)
        ? undefined
        : 'test failed';
    case 'copy':
    case 'move': {
      const from = operation.from ?? '';
      if (!has(holder, from)) return 'missing';
      const moved = structuredClone(read(holder, from));
      if (operation.op === 'move') take(holder, from);
      return put(holder, operation.path, moved, { insert: true });
    }
    default:
      return 'unknown operation';
  }
}

function placeOf(holder: { document: unknown }, pointer: string): Place | undefined {
  const keys = pointer.split('/').map((key) => key.replaceAll('~1', '/').replaceAll('~0', '~'));
  if (keys[0] !== '') return undefined;
  if (keys.length === 1) return { parent: holder, key: 'document' };
  let parent: unknown = holder.document;
  for (const key of keys.slice(1, -1)) {
    parent = child(parent, key);
    if (parent === undefined) return undefined;
  }
  return { parent, key: keys.at(-1) ?? '' };
}

function child(parent: unknown, key: string): unknown {
  if (Array.isArray(parent)) return /^\d+$/.test(key) ? parent[Number(key)] : undefined;
  return typeof parent === 'object' && parent !== null && Object.hasOwn(parent, key)
    ? Reflect.get(parent, key)
    : undefined;
}

function read(holder: { document: unknown }, pointer: string): unknown {
  const place = placeOf(holder, pointer);
  return place === undefined ? undefined : child(place.parent, place.key);
}

function has(holder: { document: unknown }, pointer: string): boolean {
  return read(holder, pointer) !== undefined;
}

function put(
  holder: { document: unknown },
  pointer: string,
  item: unknown,
  options: { insert: boolean },
): string | undefined {
  const place = placeOf(holder, pointer);
  if (place === undefined || typeof place.parent !== 'object' || place.parent === null)
    return 'no such place';
  const { parent, key } = place;
  if (!Array.isArray(parent)) {
    Reflect.set(parent, key, item);
    return undefined;
  }
  const index = key === '-' ? parent.length : Number(key);
  if (!Number.isInteger(index) || index < 0 || index > parent.length) return 'no such index';
  parent.splice(index, options.insert ? 0 : 1, item);
  return undefined;
}

function take(holder: { document: unknown }, pointer: string): string | undefined {
  const place = placeOf(holder, pointer);
  if (place === undefined || child(place.parent, place.key) === undefined) return 'missing';
  if (Array.isArray(place.parent)) place.parent.splice(Number(place.key), 1);
  else Reflect.deleteProperty(place.parent as object, place.key);
  return undefined;
}
