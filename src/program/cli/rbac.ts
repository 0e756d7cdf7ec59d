import { readDocument } from '../../config/read-document.ts';
import { catalogNames, observedEnvironments, rulesOf } from '../../config/rules-of.ts';
import type { Config } from '../../config/schema.ts';
import type { Catalog } from '../../domain/catalog/catalog.ts';
import { resolveCatalog } from '../../domain/catalog/resolve-catalog.ts';
import { faultLine } from '../../domain/document/fault.ts';
import { didYouMean } from '../../domain/naming/nearest.ts';
import { type RbacNeeds, rbacObjects, rbacYaml } from '../../domain/rbac/rbac-objects.ts';
import { TerminalError } from '../../errors.ts';
import { loadCatalog } from '../../jobs/cut/load-catalog.ts';
import type { Yaml } from '../../ports/yaml.ts';
import type { Asking } from '../open-for-asking.ts';
import { peopleWhoAct, type RoleSource } from '../people-who-act.ts';
import type { Answer } from './answer.ts';

/** What rights are printed for. */
export interface RbacAsked {
  /** Absent: the only one there is. */
  cluster?: string | undefined;
  /** As whom the bot reaches the cluster, in Kubernetes' own spelling. */
  bot: string;
  /** A file; absent: as Git has it. */
  catalog?: string | undefined;
  /** Whether Rollouts refer to Deployments. */
  workloadRefs: boolean;
}

/** What the rights are made of, besides the configuration. Each is only asked for when it is needed. */
export interface RbacSources {
  config: Config;
  yaml: Pick<Yaml, 'read'>;
  /** Slack and Git, for what the configuration and the file do not hold. Throws `TerminalError` without the secrets for it. */
  asking(): Promise<Asking>;
}

/** The account that the manifests in `manifests/kubernetes` give the bot. */
export const USUAL_BOT = 'system:serviceaccount:signalbox:signalbox';

/** The least rights for one cluster, ready for `kubectl apply -f -`. Throws `TerminalError` or `UnavailableError`. */
export async function rbacAnswer(asked: RbacAsked, sources: RbacSources): Promise<Answer> {
  const needs = await rbacNeeds(asked, sources);
  return {
    isFine: true,
    text: rbacYaml(needs).trimEnd(),
    json: { apiVersion: 'v1', kind: 'List', items: rbacObjects(needs) },
  };
}

async function rbacNeeds(asked: RbacAsked, sources: RbacSources): Promise<RbacNeeds> {
  const { config } = sources;
  const cluster = clusterOf(config, asked.cluster);
  const { services } = await catalogOf(asked.catalog, sources);
  const people = await peopleWhoAct(config, roleSource(sources));
  const observed = observedEnvironments(config);
  return {
    cluster,
    bot: botOf(asked.bot),
    people: [...new Set([...people].flatMap(([name, all]) => (observed.includes(name) ? [] : all)))],
    environments: config.environments.map(({ name }) => ({
      name,
      ...(observed.includes(name) && { observeOnly: true as const }),
      placements: Object.values(services).flatMap(({ placements }) => placements[name] ?? []),
    })),
    scope: config.clusters[cluster]?.scope ?? 'namespaces',
    deployments: asked.workloadRefs,
  };
}

/** Rights of one cluster applied to another would give people what they must not have there: which one is never guessed. */
function clusterOf({ clusters }: Config, name: string | undefined): string {
  const names = Object.keys(clusters);
  const [only] = names;
  if (name === undefined && names.length === 1 && only !== undefined) return only;
  if (name === undefined) throw new TerminalError(`Say which cluster with --cluster: ${names.join(', ')}`);
  if (Object.hasOwn(clusters, name)) return name;
  throw new TerminalError(`There is no cluster ${name}; ${didYouMean(name, names)}`);
}

async function catalogOf(file: string | undefined, { config, yaml, asking }: RbacSources): Promise<Catalog> {
  if (file === undefined) {
    const opened = await asking();
    return loadCatalog(opened, rulesOf(config), opened.backstage);
  }
  const read = await readDocument(file, yaml);
  const resolved = read.kind === 'faulty' ? read : resolveCatalog(read.document, catalogNames(config));
  if (resolved.kind === 'faulty') throw new TerminalError(resolved.faults.map(faultLine).join('\n'));
  return resolved.catalog;
}

function roleSource({ config, asking }: RbacSources): RoleSource {
  return {
    team: async () => config.slack.team ?? (await asking()).team(),
    usergroup: async (id) => (await asking()).usergroup(id),
  };
}

/** https://kubernetes.io/docs/reference/access-authn-authz/service-accounts-admin/ on how service accounts are called as users. */
function botOf(name: string): RbacNeeds['bot'] {
  const [, namespace, account] = /^system:serviceaccount:([^:]+):([^:]+)$/.exec(name) ?? [];
  if (namespace === undefined || account === undefined) return { kind: 'user', name };
  return { kind: 'serviceAccount', name: account, namespace };
}
