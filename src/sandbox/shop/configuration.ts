import { channelOf, GROUPS, PEOPLE } from './people.ts';
import type { Shop } from './shop.ts';
import { write } from './write-yaml.ts';

/** Addresses of the sandbox's parts. */
export interface SandboxAddresses {
  slackApi: string;
  gitops: string;
  ledger: string;
  /** The shop's source; absent: there is none. */
  source?: string;
  cluster: string;
  /** The API server's certificate authority, in PEM; absent: none is needed. */
  clusterCaFile?: string;
  prometheus: string;
  /** Asked for open incidents before anything moves in the last environment; absent: nobody is. */
  alertmanager?: string;
  registry: { host: string; url: string };
  /** GitHub's REST API, where the shop's source is `acme/<repository>`; absent: there is none. */
  github?: string;
  /** Who keeps flags; absent: nobody. */
  flags?: string;
  dataDir: string;
}

/** How gates look at the shop: short windows, so that a story is over before the coffee is. */
export interface GatePace {
  windowSeconds: number;
  intervalSeconds: number;
  count: number;
  scrapeSeconds: number;
}

export const USUAL_PACE: GatePace = { windowSeconds: 5, intervalSeconds: 1, count: 2, scrapeSeconds: 1 };

/** `signalbox.yaml` for the sandbox: nothing in it tells the program that this is one. */
export function configurationText(shop: Shop, at: SandboxAddresses, pace: GatePace = USUAL_PACE): string {
  const people = ['release-managers'];
  const names = shop.environments.map(({ name }) => name);
  const last = names.at(-1);
  const owners = [...new Set(shop.services.map(({ owner }) => owner))];
  return write({
    installation: 'sandbox',
    slack: { apiUrl: at.slackApi, transport: 'http', port: 0 },
    environments: names.map((name, index) => ({
      name,
      channel: channelOf(name),
      repository: 'gitops',
      approvals: name === last ? { required: 1, from: people, owners: 'tier-1' } : { required: 0 },
      may: {
        cut: ['developers', 'release-managers'],
        ...(name === last && { promote: people, resume: [...people, 'on-call'] }),
        abort: ['developers', 'release-managers', 'on-call'],
        rollback: ['release-managers', 'on-call'],
      },
      gates: [
        ...(index === 0 ? [] : ['error-ratio', 'latency-p95']),
        ...(at.alertmanager !== undefined && name === last ? ['no-incident'] : []),
      ],
      // Where customers are, a person decides; before that, the environment takes care of itself.
      onGateFailure: name === last ? 'ask' : 'rollback',
    })),
    repositories: {
      gitops: {
        url: at.gitops,
        tokenEnv: 'GITOPS_TOKEN',
        usernameEnv: 'GITOPS_USER',
        protocols: ['http'],
        ...(at.github !== undefined && { github: 'acme/gitops' }),
      },
      ...(at.source !== undefined && {
        source: {
          url: at.source,
          tokenEnv: 'GITOPS_TOKEN',
          usernameEnv: 'GITOPS_USER',
          protocols: ['http'],
          readOnly: true,
          ...(at.github !== undefined && { github: 'acme/source' }),
        },
      }),
      record: { url: at.ledger, tokenEnv: 'GITOPS_TOKEN', usernameEnv: 'GITOPS_USER', protocols: ['http'] },
    },
    ledger: { repository: 'record', maxDelay: '5s' },
    catalog: { repository: 'gitops', path: 'catalog.yaml' },
    clusters: { shop: { server: at.cluster, tokenEnv: 'CLUSTER_TOKEN', ...trustOf(at) } },
    prometheus: { main: { url: at.prometheus, scrapeInterval: `${pace.scrapeSeconds}s` } },
    registries: { [at.registry.host]: { url: at.registry.url, insecure: true } },
    artifacts: { reporters: { ci: { secretEnv: 'CI_SECRET' } } },
    ...(at.github !== undefined && {
      github: { apiUrl: at.github, tokenEnv: 'GITHUB_TOKEN', webhookSecretEnv: 'GITHUB_WEBHOOK_SECRET' },
    }),
    ...(at.flags !== undefined && {
      flagProviders: {
        unleash: {
          kind: 'unleash',
          url: at.flags,
          tokenEnv: 'UNLEASH_TOKEN',
          environments: flagEnvironments(shop),
        },
      },
    }),
    people: PEOPLE.map(({ id, realName, email }) => ({
      slack: id,
      name: realName.split(' ')[0],
      emails: [email],
      ...(at.github !== undefined && { github: `${realName.split(' ')[0]}-Acme` }),
    })),
    roles: Object.fromEntries([
      ...Object.entries(GROUPS).map(([role, group]) => [role, { usergroups: [group] }]),
      ...owners.map((role) => [
        role,
        { people: PEOPLE.filter(({ roles }) => roles.includes(role)).map(({ id }) => id) },
      ]),
    ]),
    ...(at.alertmanager !== undefined && { alerting: { alertmanager: { url: at.alertmanager } } }),
    gatePresets: {
      ...gatePresets(pace),
      ...(at.alertmanager !== undefined && { 'no-incident': { type: 'incident' } }),
    },
    train: shop.train,
    ...(shop.databases && { databases: shop.databases }),
    ...(shop.trains && { trains: shop.trains }),
    listen: { port: 0 },
    dataDir: at.dataDir,
  });
}

/** What the flags' keeper calls the environments: the last one has another name there, as it often has. */
export function flagEnvironments({ environments }: Pick<Shop, 'environments'>): Record<string, string> {
  const last = environments.at(-1)?.name;
  return Object.fromEntries(environments.map(({ name }) => [name, name === last ? 'production' : name]));
}

function trustOf({ clusterCaFile }: SandboxAddresses): Record<string, unknown> {
  return clusterCaFile === undefined ? { insecureSkipTlsVerify: true } : { caFile: clusterCaFile };
}

/** Each canary against the limit, by its own pod hash: a query over the whole job would dilute five per cent to nothing. */
function gatePresets({ windowSeconds, intervalSeconds, count }: GatePace): Record<string, unknown> {
  const canary = 'service="{{service}}",namespace="{{namespace}}",pod_hash="{{pod_hash}}"';
  const rhythm = { window: `${windowSeconds}s`, interval: `${intervalSeconds}s`, count };
  const traffic = `sum(rate(http_requests_total{${canary}}[{{window}}]))`;
  return {
    'error-ratio': {
      type: 'prometheus',
      query: `sum(rate(http_requests_total{${canary},status=~"5.."}[{{window}}])) / ${traffic}`,
      threshold: '< 2%',
      trafficQuery: traffic,
      minTraffic: 1,
      ...rhythm,
    },
    'latency-p95': {
      type: 'prometheus',
      query: `histogram_quantile(0.95, sum by (le) (rate(http_request_duration_seconds_bucket{${canary}}[{{window}}])))`,
      threshold: '< 300ms',
      ...rhythm,
    },
  };
}
