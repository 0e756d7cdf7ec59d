import { stringify } from 'yaml';
import { policyOf } from '../actor.ts';
import type { Placement } from '../catalog/placement.ts';
import type { EnvironmentName, PersonId } from '../ids.ts';
import { OPERATORS, POLICIES, RECOVERY } from './identities.ts';
import { bind, group, type RbacObject, type RbacSubject, user } from './rbac-object.ts';
import {
  ARGOCD_READER,
  ARGOCD_REFRESHER,
  argocdRoles,
  IMPERSONATOR,
  impersonatorRole,
  OPERATOR,
  operatorRole,
  READER,
  REVIEWER,
  readerRole,
  reviewerRole,
} from './roles.ts';

/** Whom the rights in one cluster are for. */
export interface RbacNeeds {
  /** Name of the cluster as placements have it. */
  cluster: string;
  /** As whom the program reaches this cluster: a user by token or certificate, or its pod's service account. */
  bot: { kind: 'user'; name: string } | { kind: 'serviceAccount'; name: string; namespace: string };
  /** Everybody whom the configuration lets act somewhere. RBAC lists them by name; a stranger cannot be impersonated. */
  people: readonly PersonId[];
  /** `observeOnly`: the bot reads there, and nobody is impersonated. Absent: it is acted on. */
  environments: readonly { name: EnvironmentName; placements: readonly Placement[]; observeOnly?: true }[];
  /** `cluster`: the bot sees every namespace; `namespaces`: those with placements. */
  scope: 'namespaces' | 'cluster';
  /** Whether Rollouts refer to Deployments (`workloadRef`), which an undo must then be able to patch. */
  deployments: boolean;
}

/**
 * The least rights with which the program works in a cluster: it sees, and acts only for named people, for the policy of
 * each environment in that environment's namespaces, and for recovery. Sorted, so that printing twice shows no change.
 */
export function rbacObjects(needs: RbacNeeds): RbacObject[] {
  const acting = needs.environments.filter(({ observeOnly }) => !observeOnly);
  const policies = acting.map(({ name }) => policyOf(name).id);
  const users = [RECOVERY, ...[...new Set([...needs.people, ...policies])].sort()] as const;
  const placed = placedIn(needs);
  const bot = botOf(needs);
  const argocd = namespacesOf(placed, ({ argocd: there }) => there?.namespace);
  const acted = placed.filter(({ environment }) => acting.some(({ name }) => name === environment));
  const refreshed = namespacesOf(acted, ({ argocd: there }) => there?.namespace);
  const [argocdReader, argocdRefresher] = argocdRoles();
  // Where everything is only observed, no right to write or to be somebody else exists that could be misused.
  const isActing = acting.length > 0 || needs.environments.length === 0;
  return [
    readerRole(),
    ...(isActing ? [impersonatorRole(users, [OPERATORS, POLICIES]), operatorRole(needs)] : [reviewerRole()]),
    ...(argocd.length > 0 && argocdReader ? [argocdReader] : []),
    ...(refreshed.length > 0 && argocdRefresher ? [argocdRefresher] : []),
    bind(isActing ? IMPERSONATOR : REVIEWER, [bot]),
    ...readers(needs, { placed, bot }),
    ...operators(acted),
    ...argocd.flatMap((namespace) => [
      bind(ARGOCD_READER, [bot], namespace),
      ...(refreshed.includes(namespace)
        ? [bind(ARGOCD_REFRESHER, [group(OPERATORS), group(POLICIES)], namespace)]
        : []),
    ]),
  ];
}

/** The objects as one YAML stream for `kubectl apply -f -`. */
export function rbacYaml(needs: RbacNeeds): string {
  const head = `# Rights of Signalbox in cluster ${needs.cluster}. Printed by: signalbox rbac\n`;
  return (
    head +
    rbacObjects(needs)
      .map((object) => stringify(object, { lineWidth: 0, aliasDuplicateObjects: false }))
      .join('---\n')
  );
}

interface Placed {
  environment: EnvironmentName;
  placement: Placement;
}

function placedIn({ cluster, environments }: RbacNeeds): Placed[] {
  return environments.flatMap(({ name: environment, placements }) =>
    placements
      .filter((placement) => placement.cluster === cluster)
      .map((placement) => ({ environment, placement })),
  );
}

function namespacesOf(
  placed: readonly Placed[],
  namespaceOf: (placement: Placement) => string | undefined,
): string[] {
  return [...new Set(placed.flatMap(({ placement }) => namespaceOf(placement) ?? []))].sort();
}

function botOf({ bot }: RbacNeeds): RbacSubject {
  if (bot.kind === 'user') return user(bot.name);
  return { kind: 'ServiceAccount', name: bot.name, namespace: bot.namespace };
}

function readers(
  { scope }: RbacNeeds,
  { placed, bot }: { placed: readonly Placed[]; bot: RbacSubject },
): RbacObject[] {
  if (scope === 'cluster') return [bind(READER, [bot])];
  return namespacesOf(placed, ({ namespace }) => namespace).map((namespace) =>
    bind(READER, [bot], namespace),
  );
}

/** People and recovery in every namespace with a placement; a policy only where its own environment is. */
function operators(placed: readonly Placed[]): RbacObject[] {
  return namespacesOf(placed, ({ namespace }) => namespace).map((namespace) => {
    const here = placed.filter(({ placement }) => placement.namespace === namespace);
    const policies = [...new Set(here.map(({ environment }) => policyOf(environment).id))].sort();
    return bind(OPERATOR, [group(OPERATORS), ...policies.map(user), user(RECOVERY)], namespace);
  });
}
