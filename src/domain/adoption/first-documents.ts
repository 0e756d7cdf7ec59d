import { Scalar, stringify } from 'yaml';
import type { Known } from './describe-service.ts';
import type { Proposal, ProposedService } from './proposal.ts';

/** Ids that Slack gives to nobody: what is checked against Slack finds each, and validates all the same. */
export const NOBODY_YET = 'U0REPLACEME';
const NO_CHANNEL_YET = 'C0REPLACEME';

/** What is known of the repository besides its files. */
export interface Origin {
  /** Without user and password; absent: it has none that a program elsewhere could use. */
  url?: string | undefined;
  branch: string;
  /** Path of the catalog in it. */
  catalogPath: string;
  /** Path of the kubeconfig, and its context by the cluster's name. */
  kubeconfig?: { path: string; contexts: Readonly<Record<string, string>> } | undefined;
}

const NO_URL_YET = 'https://git.example.com/replace/me.git';

/** The first `signalbox.yaml`. */
export function firstConfig(proposal: Proposal, origin: Origin): string {
  const { environments, clusters, roles, everything } = proposal;
  const last = environments.at(-1);
  const kubeconfig = origin.kubeconfig?.path ?? '/etc/signalbox/kubeconfig';
  return [
    '# Made by signalbox init. Everything that is called REPLACE is yours to fill in; signalbox check finds what is left.',
    '# Secrets never stand here: *Env names an environment variable that holds one.',
    section({ installation: 'replace-me' }, 'Names this installation in the store, in Git and in messages.'),
    section(
      {
        environments: environments.map((name) => ({
          name,
          channel: NO_CHANNEL_YET,
          repository: 'gitops',
          approvals: name === last ? { required: 1, from: [everything] } : { required: 0 },
          may: { cut: [everything] },
          ...(name === environments[0] && { requireVerifiedIn: 'none' }),
        })),
      },
      'In promotion order. channel: the id of the channel where its releases are shown.',
    ),
    section(
      {
        repositories: {
          gitops: { url: origin.url ?? NO_URL_YET, branch: origin.branch, tokenEnv: 'GITOPS_TOKEN' },
        },
      },
      'A repository of its own for the record is advised: add one, and name it at ledger.',
    ),
    section({
      ledger: { repository: 'gitops' },
      catalog: { repository: 'gitops', path: origin.catalogPath },
    }),
    section(
      {
        clusters: Object.fromEntries(
          clusters.map((name) => [name, { kubeconfig, context: origin.kubeconfig?.contexts[name] ?? name }]),
        ),
      },
      'How each is reached: by a kubeconfig, by server and tokenEnv, or inCluster: true.',
    ),
    section(
      { roles: Object.fromEntries(roles.map((role) => [role, { people: [NOBODY_YET] }])) },
      'By ids of Slack: people, and usergroups.',
    ),
    '# Gates need a Prometheus and presets: manifests/samples/signalbox.yaml has some to copy.',
  ].join('\n');
}

/** The first catalog. */
export function firstCatalog({ services }: Proposal): string {
  return [
    '# What exists, who owns it, and where it runs. Made by signalbox init from what stands in this repository.',
    '# tier: 0 and 1 are critical (2 when nothing is said). dependsOn: services that each needs; it decides the order.',
    '# Where a value was read elsewhere, it says so; from now on this file counts.',
    section({
      apiVersion: 'signalbox/v1',
      kind: 'Catalog',
      services: Object.fromEntries(services.map((service) => [service.name, entryOf(service)])),
    }),
  ].join('\n');
}

/** An entry of the catalog. */
export function entryOf({
  name,
  owner,
  tier,
  dependsOn,
  images,
  placements,
}: ProposedService): Record<string, unknown> {
  const [only, another] = Object.entries(images);
  const isOne = only !== undefined && another === undefined && only[0] === name;
  return {
    owner: withOrigin(owner),
    ...(tier && { tier: withOrigin(tier) }),
    ...(isOne ? { image: only[1] } : { images }),
    ...(dependsOn.value.length > 0 && { dependsOn: listWithOrigin(dependsOn) }),
    environments: Object.keys(placements),
    placements: Object.fromEntries(
      Object.entries(placements).map(([environment, here]) => [
        environment,
        here.map(({ cluster, namespace, rollout, git, argocd }) => ({
          cluster,
          namespace,
          rollout,
          git: { repository: 'gitops', ...git },
          ...(argocd && { argocd: argocdOf(argocd) }),
        })),
      ]),
    ),
  };
}

/** A value with a comment that says where it was read. */
function withOrigin<T>({ value, from }: Known<T>): Scalar<T> {
  const scalar = new Scalar(value);
  if (from !== '') scalar.comment = ` from ${from}`;
  return scalar;
}

function listWithOrigin({ value, from }: Known<readonly string[]>): Scalar<string>[] {
  return value.map((one, i) => withOrigin({ value: one, from: i === 0 ? from : '' }));
}

function argocdOf({ application, namespace }: { application: string; namespace: string }) {
  return namespace === 'argocd' ? { application } : { application, namespace };
}

function section(value: Record<string, unknown>, comment?: string): string {
  const text = stringify(value, { aliasDuplicateObjects: false, lineWidth: 0 });
  return `${comment === undefined ? '' : `\n# ${comment}\n`}${text}`.trimEnd();
}
