type JsonMap = { readonly [key: string]: unknown };

/** Lists of the built-in types that merge by a key of their items (kubernetes `patchMergeKey` tags); others are replaced. */
const MERGE_KEYS: Readonly<Record<string, string>> = {
  conditions: 'type',
  containerStatuses: 'name',
  containers: 'name',
  env: 'name',
  ephemeralContainers: 'name',
  imagePullSecrets: 'name',
  initContainers: 'name',
  ownerReferences: 'uid',
  volumeMounts: 'mountPath',
  volumes: 'name',
};

/** `ports` of a container merge by `containerPort`, those of a Service by `port`. */
function mergeKeyOf(field: string, items: readonly JsonMap[]): string | undefined {
  if (field !== 'ports') return MERGE_KEYS[field];
  return items.some((item) => 'containerPort' in item) ? 'containerPort' : 'port';
}

function isMap(value: unknown): value is JsonMap {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}

/** Applies a strategic merge patch, as built-in resources take it. `$patch: delete` and `replace` are understood. */
export function applyStrategicMerge(target: unknown, patch: unknown, field = ''): unknown {
  if (Array.isArray(patch)) return mergeList(target, patch, field);
  if (!isMap(patch)) return patch;
  const { $patch: directive, ...changes } = patch;
  if (directive === 'replace') return changes;
  const result: Record<string, unknown> = isMap(target) ? { ...target } : {};
  for (const [key, change] of Object.entries(changes)) {
    if (change === null) delete result[key];
    else result[key] = applyStrategicMerge(result[key], change, key);
  }
  return result;
}

function mergeList(target: unknown, patch: readonly unknown[], field: string): unknown {
  const items = patch.filter(isMap);
  const key = mergeKeyOf(field, items);
  if (key === undefined || items.length !== patch.length) return patch;
  const result = Array.isArray(target) ? target.filter(isMap) : [];
  for (const item of items) {
    const index = result.findIndex((one) => one[key] === item[key]);
    if (item['$patch'] === 'delete') {
      if (index >= 0) result.splice(index, 1);
    } else if (index >= 0) {
      result[index] = applyStrategicMerge(result[index], item) as JsonMap;
    } else {
      result.push(item);
    }
  }
  return result;
}
