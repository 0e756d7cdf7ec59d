type JsonMap = { readonly [key: string]: unknown };

function isMap(value: unknown): value is JsonMap {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Whether two JSON values say the same; the order of keys does not count. */
export function sameJson(a: unknown, b: unknown): boolean {
  if (a === b) return true;
  if (Array.isArray(a) && Array.isArray(b)) {
    return a.length === b.length && a.every((item, index) => sameJson(item, b[index]));
  }
  if (!isMap(a) || !isMap(b)) return false;
  const keys = Object.keys(a).filter((key) => a[key] !== undefined);
  const others = Object.keys(b).filter((key) => b[key] !== undefined);
  return keys.length === others.length && keys.every((key) => sameJson(a[key], b[key]));
}

/** The JSON Merge Patch (RFC 7386) that turns one value into the other; absent when they say the same. */
export function mergePatchBetween(before: JsonMap, after: JsonMap): Record<string, unknown> | undefined {
  const patch: Record<string, unknown> = {};
  for (const key of new Set([...Object.keys(before), ...Object.keys(after)])) {
    const [was, is] = [before[key], after[key]];
    if (sameJson(was, is)) continue;
    if (is === undefined) patch[key] = null;
    else if (isMap(was) && isMap(is)) patch[key] = mergePatchBetween(was, is) ?? {};
    else patch[key] = is;
  }
  return Object.keys(patch).length === 0 ? undefined : patch;
}

/** Applies a JSON Merge Patch (RFC 7386): null removes, maps merge, all else replaces. The target is left as it was. */
export function applyMergePatch(target: unknown, patch: unknown): unknown {
  if (!isMap(patch)) return patch;
  const result: Record<string, unknown> = isMap(target) ? { ...target } : {};
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete result[key];
    else if (value !== undefined) result[key] = applyMergePatch(result[key], value);
  }
  return result;
}
