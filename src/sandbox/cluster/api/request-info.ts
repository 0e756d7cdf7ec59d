/** What a request wants, as authorization and the audit log see it (apiserver `request.RequestInfo`). */
export interface RequestInfo {
  isResource: boolean;
  path: string;
  /** For resources get, list, watch, create, update, patch, delete, deletecollection; else the method in lower case. */
  verb: string;
  group: string;
  version: string;
  plural: string;
  subresource: string;
  /** Empty: the whole cluster. */
  namespace: string;
  /** Empty where the request names no object. */
  name: string;
}

/** Subresources of a namespace; anything else below one is a resource in it. */
const OF_NAMESPACES = new Set(['status', 'finalize']);

const VERBS: Readonly<Record<string, string>> = {
  GET: 'get',
  HEAD: 'get',
  POST: 'create',
  PUT: 'update',
  PATCH: 'patch',
  DELETE: 'delete',
};

/** Reads method and address. */
export function requestInfo(method: string, url: URL): RequestInfo {
  const parts = url.pathname
    .split('/')
    .filter((part) => part !== '')
    .map(decodeURIComponent);
  const other: RequestInfo = {
    isResource: false,
    path: url.pathname,
    verb: method.toLowerCase(),
    group: '',
    version: '',
    plural: '',
    subresource: '',
    namespace: '',
    name: '',
  };
  const rooted = root(parts);
  if (rooted === undefined || rooted.rest.length === 0) return other;
  const { group, version } = rooted;
  const target = resourcePath(rooted.rest);
  const info = { ...other, isResource: true, group, version, ...target };
  return { ...info, verb: verbOf(method, info, url) };
}

function root(parts: readonly string[]): { group: string; version: string; rest: string[] } | undefined {
  const [prefix, first, second, ...rest] = parts;
  if (prefix === 'api' && first !== undefined) {
    return { group: '', version: first, rest: second === undefined ? [] : [second, ...rest] };
  }
  if (prefix === 'apis' && first !== undefined && second !== undefined) {
    return { group: first, version: second, rest };
  }
  return undefined;
}

function resourcePath(
  rest: readonly string[],
): Pick<RequestInfo, 'plural' | 'subresource' | 'namespace' | 'name'> {
  const [first = '', second, third, ...more] = rest;
  if (first === 'namespaces' && second !== undefined && third !== undefined && !OF_NAMESPACES.has(third)) {
    return { namespace: second, plural: third, name: more[0] ?? '', subresource: more[1] ?? '' };
  }
  const namespace = first === 'namespaces' ? (second ?? '') : '';
  return { namespace, plural: first, name: second ?? '', subresource: third ?? '' };
}

function verbOf(method: string, info: RequestInfo, url: URL): string {
  const verb = VERBS[method] ?? method.toLowerCase();
  if (info.name !== '') return verb;
  if (verb === 'delete') return 'deletecollection';
  if (verb !== 'get') return verb;
  const watch = url.searchParams.get('watch') ?? '';
  return watch === 'true' || watch === '1' ? 'watch' : 'list';
}
