/** Anything with keys: a map of a YAML document or of a plain value. */
export interface Keyed {
  get(key: string): unknown;
}

/** Whether a step of an owned key's path names a list item by a pair it holds, such as `name=orders-api`. */
export function isSelector(step: string): boolean {
  return step.includes('=');
}

export type Picked<T> = { kind: 'one'; item: T } | { kind: 'none' } | { kind: 'several' };

/**
 * The item of a list that holds the pair. In the `images` of a kustomization, an item that renames another image to this one counts
 * when no item has the name itself: kustomize sets the digest of whichever name the base uses.
 * Source: https://kubectl.docs.kubernetes.io/references/kustomize/kustomization/images/
 */
export function pickItem<T extends Keyed>(
  items: readonly T[],
  selector: string,
  isKustomizeImages: boolean,
): Picked<T> {
  const [key, value] = splitSelector(selector);
  const named = pickBy(items, key, value);
  return named.kind === 'none' && isKustomizeImages && key === 'name'
    ? pickBy(items, 'newName', value)
    : named;
}

/**
 * The key under which the path goes on. A pod has two lists of containers and names are unique over both, so a container that is
 * not in `containers` is looked for in `initContainers`.
 * Source: https://kubernetes.io/docs/reference/kubernetes-api/workload-resources/pod-v1/#Container
 */
export function listKeyFor(map: Keyed, path: readonly string[]): string {
  const [key = '', selector] = path;
  if (key !== 'containers' || selector === undefined || !isSelector(selector)) return key;
  const holds = (list: string) => pickItem(keyedItems(map.get(list)), selector, false).kind === 'one';
  return !holds('containers') && holds('initContainers') ? 'initContainers' : key;
}

/** Whether a path leads to an image of a kustomization, which kustomize finds by its file's name alone. */
export function isKustomizeImage(file: string, path: readonly string[]): boolean {
  const name = file.slice(file.lastIndexOf('/') + 1);
  return KUSTOMIZATION_FILES.includes(name) && path.length === 3 && path[0] === 'images';
}

/** Source: https://kubectl.docs.kubernetes.io/references/kustomize/glossary/#kustomization */
const KUSTOMIZATION_FILES = ['kustomization.yaml', 'kustomization.yml', 'Kustomization'];

function pickBy<T extends Keyed>(items: readonly T[], key: string, value: string): Picked<T> {
  const [item, another] = items.filter((one) => String(one.get(key)) === value);
  if (item === undefined) return { kind: 'none' };
  return another === undefined ? { kind: 'one', item } : { kind: 'several' };
}

/** The pair a selector stands for; only the first `=` divides. */
export function splitSelector(selector: string): [key: string, value: string] {
  const cut = selector.indexOf('=');
  return [selector.slice(0, cut), selector.slice(cut + 1)];
}

function keyedItems(list: unknown): Keyed[] {
  const items = typeof list === 'object' && list !== null && 'items' in list ? list.items : [];
  return Array.isArray(items) ? items.filter(isKeyed) : [];
}

function isKeyed(value: unknown): value is Keyed {
  return typeof value === 'object' && value !== null && 'get' in value && typeof value.get === 'function';
}
