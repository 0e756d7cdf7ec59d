import type { AccessAsked } from '../../adapters/kubernetes/access-review.ts';
import type { Placement } from '../../domain/catalog/placement.ts';
import type { RbacObject } from '../../domain/rbac/rbac-object.ts';
import { argocdRoles, operatorRole, readerRole } from '../../domain/rbac/roles.ts';

/** Namespace that stands for all of them in an access review. */
const EVERYWHERE = '';

/** Has effect only for who reads the whole cluster, and is no loss to others. */
const CLUSTER_WIDE = 'clusteranalysistemplates';

/** What the bot itself must be able to read for these placements: what the printed role gives it. */
export function readingQuestions(
  placements: readonly Placement[],
  scope: 'namespaces' | 'cluster',
): AccessAsked[] {
  const namespaces = scope === 'cluster' ? [EVERYWHERE] : namespacesOf(placements);
  const [argocdReader] = argocdRoles();
  return [
    ...questions(readerRole(), namespaces).filter(
      ({ resource }) => scope === 'cluster' || resource !== CLUSTER_WIDE,
    ),
    ...(argocdReader ? questions(argocdReader, argocdNamespacesOf(placements)) : []),
  ];
}

/** What somebody must be able to do there so that the bot can do it in their name; recovery leaves Argo CD alone. */
export function actingQuestions(placements: readonly Placement[], who: 'recovery' | 'others'): AccessAsked[] {
  const [, argocdRefresher] = argocdRoles();
  return [
    ...questions(operatorRole({ deployments: false }), namespacesOf(placements)),
    ...(argocdRefresher && who === 'others'
      ? questions(argocdRefresher, argocdNamespacesOf(placements))
      : []),
  ];
}

/**
 * What the bot must not be able to do itself, with a sentence for when it can: the more of this its own account may, the less the
 * rights of people mean.
 */
export function forbiddenQuestions(placements: readonly Placement[]): { asked: AccessAsked; says: string }[] {
  const everything: AccessAsked = { namespace: EVERYWHERE, verb: '*', group: '*', resource: '*' };
  const anybody: AccessAsked = { namespace: EVERYWHERE, verb: 'impersonate', group: '', resource: 'users' };
  const writes = [
    ...actingQuestions(placements, 'others'),
    ...namespacesOf(placements).flatMap((namespace) => WRITES.map((write) => ({ namespace, ...write }))),
  ];
  return [
    { asked: everything, says: 'the bot itself may do everything in this cluster' },
    { asked: anybody, says: 'the bot may act as anybody, not only as the people of the configuration' },
    ...writes.map((asked) => ({ asked, says: `the bot itself may ${rightInWords(asked)}` })),
  ];
}

const WRITES = [
  { verb: 'update', group: 'argoproj.io', resource: 'rollouts' },
  { verb: 'delete', group: 'argoproj.io', resource: 'rollouts' },
  { verb: 'patch', group: 'apps', resource: 'deployments' },
  { verb: 'create', group: '', resource: 'pods' },
  { verb: 'delete', group: '', resource: 'pods' },
];

/** A right as people say it: `patch rollouts/status in prod`. */
export function rightInWords({ verb, resource, subresource, namespace }: AccessAsked): string {
  const what = subresource === undefined ? resource : `${resource}/${subresource}`;
  return `${verb} ${what} ${placeInWords(namespace)}`;
}

export function placeInWords(namespace: string): string {
  return namespace === EVERYWHERE ? 'everywhere' : `in ${namespace}`;
}

function questions(role: RbacObject, namespaces: readonly string[]): AccessAsked[] {
  if (role.kind !== 'ClusterRole') return [];
  return namespaces.flatMap((namespace) =>
    role.rules.flatMap(({ apiGroups, resources, verbs }) =>
      apiGroups.flatMap((group) =>
        resources.flatMap((path) => {
          const [resource = '', subresource] = path.split('/');
          const asked = { namespace, group, resource, ...(subresource !== undefined && { subresource }) };
          return verbs.map((verb) => ({ ...asked, verb }));
        }),
      ),
    ),
  );
}

function namespacesOf(placements: readonly Placement[]): string[] {
  return [...new Set(placements.map(({ namespace }) => namespace))].sort();
}

function argocdNamespacesOf(placements: readonly Placement[]): string[] {
  return [...new Set(placements.flatMap(({ argocd }) => argocd?.namespace ?? []))].sort();
}
