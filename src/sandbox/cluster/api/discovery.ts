import { groupVersionOf, RESOURCES, type Resource } from './resources.ts';

const OBJECT_VERBS = ['create', 'delete', 'deletecollection', 'get', 'list', 'patch', 'update', 'watch'];

/** The Kubernetes release whose behaviour is imitated. */
const VERSION = { major: '1', minor: '34', gitVersion: 'v1.34.1' };

/** Answers the documents that tell a client what this server has; absent for any other path. */
export function discover(path: string): Record<string, unknown> | undefined {
  if (path === '/version' || path === '/version/') {
    return {
      ...VERSION,
      gitCommit: '',
      gitTreeState: 'clean',
      buildDate: '',
      goVersion: '',
      compiler: '',
      platform: 'linux/amd64',
    };
  }
  if (path === '/api' || path === '/api/')
    return { kind: 'APIVersions', versions: ['v1'], serverAddressByClientCIDRs: [] };
  if (path === '/apis' || path === '/apis/') {
    return { kind: 'APIGroupList', apiVersion: 'v1', groups: groupVersions().map(groupOf) };
  }
  const [, group] = /^\/apis\/([^/]+)\/?$/.exec(path) ?? [];
  const found = groupVersions().find((one) => one.split('/')[0] === group);
  if (found !== undefined) return { kind: 'APIGroup', apiVersion: 'v1', ...groupOf(found) };
  const [, groupVersion] = /^\/(?:api|apis)\/((?:[^/]+\/)?v[0-9a-z]+)\/?$/.exec(path) ?? [];
  return groupVersion === undefined ? undefined : resourceList(groupVersion);
}

function groupVersions(): string[] {
  const stored = RESOURCES.filter(({ group }) => group !== '').map(groupVersionOf);
  return [...new Set([...stored, 'authorization.k8s.io/v1', 'authentication.k8s.io/v1'])];
}

function groupOf(groupVersion: string): Record<string, unknown> {
  const [name, version] = groupVersion.split('/');
  const known = { groupVersion, version };
  return { name, versions: [known], preferredVersion: known };
}

function resourceList(groupVersion: string): Record<string, unknown> | undefined {
  const stored = RESOURCES.filter((resource) => groupVersionOf(resource) === groupVersion);
  const resources = [...stored.flatMap(describe), ...(REVIEWS[groupVersion] ?? []).map(describeReview)];
  if (resources.length === 0) return undefined;
  return { kind: 'APIResourceList', apiVersion: 'v1', groupVersion, resources };
}

function describe(resource: Resource): Record<string, unknown>[] {
  const { plural, kind, namespaced, shortNames } = resource;
  const main = { name: plural, singularName: kind.toLowerCase(), namespaced, kind, verbs: OBJECT_VERBS };
  const described = shortNames.length === 0 ? main : { ...main, shortNames };
  if (!resource.hasStatus) return [described];
  const status = {
    name: `${plural}/status`,
    singularName: '',
    namespaced,
    kind,
    verbs: ['get', 'patch', 'update'],
  };
  return [described, status];
}

const REVIEWS: Readonly<Record<string, readonly string[]>> = {
  'authorization.k8s.io/v1': ['SelfSubjectAccessReview', 'SelfSubjectRulesReview', 'SubjectAccessReview'],
  'authentication.k8s.io/v1': ['SelfSubjectReview'],
};

function describeReview(kind: string): Record<string, unknown> {
  return {
    name: `${kind.toLowerCase()}s`,
    singularName: kind.toLowerCase(),
    namespaced: false,
    kind,
    verbs: ['create'],
  };
}
