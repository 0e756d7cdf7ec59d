import { z } from 'zod';
import { reviewAccess } from '../../adapters/kubernetes/access-review.ts';
import type { ApiAnswer, ApiClient } from '../../adapters/kubernetes/api-client.ts';
import { saysOf } from '../../adapters/kubernetes/api-status.ts';
import { observedEnvironments } from '../../config/rules-of.ts';
import type { Config } from '../../config/schema.ts';
import { SYSTEM } from '../../domain/actor.ts';
import type { Catalog } from '../../domain/catalog/catalog.ts';
import type { Placement } from '../../domain/catalog/placement.ts';
import type { EnvironmentName, PersonId } from '../../domain/ids.ts';
import { forbiddenQuestions, placeInWords, readingQuestions } from './access-questions.ts';
import { actingFindings } from './acting-findings.ts';
import { fewAtOnce } from './few-at-once.ts';
import { type Finding, fault, type Look, ok } from './finding.ts';

/** What looking at clusters needs to know of the rest. */
export interface ClusterParts {
  config: Config;
  /** The client of a cluster. Throws `TerminalError` for an access that cannot work as it is configured. */
  client(cluster: string): Pick<ApiClient, 'send'>;
  /** Throws when the catalog cannot be read. */
  catalog(): Promise<Catalog>;
  /** Throws when roles cannot be read. */
  people(): Promise<ReadonlyMap<EnvironmentName, readonly PersonId[]>>;
}

const ASK_MS = 5_000;
/** Hundreds of questions may have to be asked of a cluster, a few at once. */
const ACTING_WITHIN_MS = 60_000;

/** Each cluster is reached and read, nothing is written in the bot's own name, and people may do what their roles say. */
export function clusterLooks(parts: ClusterParts): Look[] {
  return Object.keys(parts.config.clusters).flatMap((cluster) => looksAt(cluster, parts));
}

function looksAt(cluster: string, parts: ClusterParts): Look[] {
  const rights = `Print the rights anew and apply them: signalbox rbac --cluster ${cluster} | kubectl apply -f -`;
  const at = { area: `Cluster ${cluster}`, fix: rights, withinMs: ACTING_WITHIN_MS };
  const reach = `See that clusters.${cluster} has the right address and credentials, and that this machine reaches it.`;
  return [
    { ...at, about: 'the API server', fix: reach, look: () => versionFindings(parts.client(cluster), reach) },
    {
      ...at,
      about: 'Argo Rollouts',
      fix: reach,
      look: () => rolloutsFindings(parts.client(cluster), reach),
    },
    { ...at, about: 'what the bot reads', look: () => readingFindings(cluster, parts, rights) },
    { ...at, about: 'what the bot must not do', look: () => forbiddenFindings(cluster, parts) },
    ...actedOn(parts.config).map((environment) => ({
      ...at,
      about: `who may act in ${environment}`,
      look: async () => {
        const placements = await placementsIn(cluster, parts, environment);
        if (placements.length === 0) return [];
        const people = (await parts.people()).get(environment) ?? [];
        const names = new Map(parts.config.people.map(({ slack, name }) => [slack, name]));
        return actingFindings(parts.client(cluster), { environment, placements, people, names, fix: rights });
      },
    })),
  ];
}

function actedOn(config: Config): EnvironmentName[] {
  const observed = observedEnvironments(config);
  return config.environments.map(({ name }) => name).filter((name) => !observed.includes(name));
}

const Version = z.object({ gitVersion: z.string() });

async function versionFindings(client: Pick<ApiClient, 'send'>, fix: string): Promise<Finding[]> {
  const answer = await get(client, '/version');
  const version = Version.safeParse(answer.body);
  if (answer.status === 200 && version.success) return [ok(`Kubernetes ${version.data.gitVersion} answers`)];
  return [fault(`the API server refuses the bot: ${saysOf(answer)}`, fix)];
}

async function rolloutsFindings(client: Pick<ApiClient, 'send'>, fix: string): Promise<Finding[]> {
  const answer = await get(client, '/apis/argoproj.io/v1alpha1');
  if (answer.status === 200) return [ok('Argo Rollouts is installed')];
  if (answer.status === 404) {
    return [fault('Argo Rollouts is not installed', 'Install it: https://argo-rollouts.readthedocs.io')];
  }
  return [fault(`whether Argo Rollouts is installed cannot be told: ${saysOf(answer)}`, fix)];
}

async function readingFindings(cluster: string, parts: ClusterParts, fix: string): Promise<Finding[]> {
  const scope = parts.config.clusters[cluster]?.scope ?? 'namespaces';
  const questions = readingQuestions(await placementsIn(cluster, parts), scope);
  const client = parts.client(cluster);
  const answers = await fewAtOnce(questions, async (asked) => ({
    asked,
    ...(await reviewAccess(client, { actor: SYSTEM, asked })),
  }));
  const refused = answers.filter(({ allowed }) => !allowed);
  if (refused.length === 0) return [ok(`the bot reads what it must (${questions.length} rights)`)];
  // One line for each namespace: a binding that is missing takes every right there with it.
  return [...Map.groupBy(refused, ({ asked }) => asked.namespace)].map(([namespace, here]) => {
    const resources = [...new Set(here.map(({ asked }) => asked.resource))].join(', ');
    const says = `the bot may not get, list or watch ${resources} ${placeInWords(namespace)}`;
    return fault(says + because(here[0]?.reason ?? ''), fix);
  });
}

async function forbiddenFindings(cluster: string, parts: ClusterParts): Promise<Finding[]> {
  const questions = forbiddenQuestions(await placementsIn(cluster, parts));
  const client = parts.client(cluster);
  const answers = await fewAtOnce(questions, async ({ asked, says }) => {
    const { allowed } = await reviewAccess(client, { actor: SYSTEM, asked });
    return allowed ? [fault(says, TAKE_AWAY)] : [];
  });
  const [first, ...others] = answers.flat();
  if (first === undefined)
    return [ok('the bot itself may write nothing, and act for nobody but those who are named')];
  // Who may do everything may do each single thing.
  return answers[0]?.length ? [first] : [first, ...others];
}

const TAKE_AWAY =
  "Take it out of the roles of the bot's own account: it only reads, and acts in people's names.";

async function placementsIn(
  cluster: string,
  { catalog }: Pick<ClusterParts, 'catalog'>,
  environment?: EnvironmentName,
): Promise<Placement[]> {
  const { services } = await catalog();
  return Object.values(services)
    .flatMap(({ placements }) => Object.entries(placements))
    .filter(([name]) => environment === undefined || name === environment)
    .flatMap(([, placements]) => placements)
    .filter((placement) => placement.cluster === cluster);
}

function get(client: Pick<ApiClient, 'send'>, path: string): Promise<ApiAnswer> {
  return client.send({ method: 'GET', path, deadlineMs: ASK_MS });
}

function because(reason: string): string {
  return reason === '' ? '' : `: ${reason}`;
}
