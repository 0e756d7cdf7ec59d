import { readFileSync } from 'node:fs';
import { mkdir } from 'node:fs/promises';
import { join, resolve } from 'node:path';
import type { Logger } from 'pino';
import { createAlerts } from '../adapters/alerts/alerts.ts';
import { createBackstage } from '../adapters/backstage/components.ts';
import { createContracts } from '../adapters/contracts/contracts.ts';
import { createFlags } from '../adapters/flags/flags.ts';
import { type GitRepositories, openGit } from '../adapters/git/git.ts';
import { leasedTurns } from '../adapters/git/leased-turns.ts';
import type { GithubSettings } from '../adapters/github/api.ts';
import { createForge } from '../adapters/github/forge.ts';
import type { ClusterSettings } from '../adapters/kubernetes/cluster-access.ts';
import { type Clusters, openClusters } from '../adapters/kubernetes/open-clusters.ts';
import { createPolicy } from '../adapters/policy/policy.ts';
import { createMetrics } from '../adapters/prometheus/metrics.ts';
import { createRegistry } from '../adapters/registry/registry.ts';
import type { Config } from '../config/schema.ts';
import type { Secrets } from '../config/secrets.ts';
import { TerminalError } from '../errors.ts';
import type { Alerts } from '../ports/alerts.ts';
import type { Components } from '../ports/components.ts';
import type { Contracts } from '../ports/contracts.ts';
import type { Flags } from '../ports/flags.ts';
import type { Forge } from '../ports/forge.ts';
import type { Leases } from '../ports/lease.ts';
import type { Metrics } from '../ports/metrics.ts';
import type { Policy } from '../ports/policy.ts';
import type { Registry } from '../ports/registry.ts';
import type { Yaml } from '../ports/yaml.ts';
import { systemClock } from './open-stores.ts';

/** A turn at a repository is given back within one push; whoever waits longer is told that another has it. */
const GIT_TURN_WAIT_MS = 30_000;

/** What opening a part of the world needs. */
export interface WorldParts {
  config: Config;
  secrets: Secrets;
  log: Logger;
}

/**
 * The Git repositories of the configuration. Nothing is contacted yet. `leases`: absent for whoever only looks, and then keeps
 * clones in a `dataDir` of its own.
 */
export async function openRepositories(
  { config, secrets, log }: WorldParts,
  options: { leases?: Leases; yaml: Pick<Yaml, 'edit'>; dataDir?: string },
): Promise<GitRepositories> {
  const { leases, yaml, dataDir = resolve(join(config.dataDir, 'git')) } = options;
  await mkdir(dataDir, { recursive: true });
  const entries = Object.entries(config.repositories);
  return openGit({
    repositories: entries.map(([name, { url, committer, proposeBranch, tokenEnv, usernameEnv }]) => ({
      name,
      url,
      committer,
      ...(proposeBranch && { propose: proposeBranch }),
      ...(tokenEnv && {
        credential: async () => ({
          username: usernameEnv ? secrets.named(usernameEnv).reveal() : 'x-access-token',
          password: secrets.named(tokenEnv).reveal(),
        }),
      }),
    })),
    dataDir,
    yaml,
    protocols: [...new Set(entries.flatMap(([, { protocols }]) => protocols))],
    environment: surroundings(),
    now: () => Date.now(),
    ...(leases && { withRepository: leasedTurns(leases, { waitMs: GIT_TURN_WAIT_MS }) }),
    log,
  });
}

/** What the git program needs of ours: never the secrets that stand beside it. */
function surroundings(): Record<string, string> {
  const names = [
    'PATH',
    'HOME',
    'SSH_AUTH_SOCK',
    'SSL_CERT_FILE',
    'https_proxy',
    'HTTPS_PROXY',
    'no_proxy',
    'NO_PROXY',
  ];
  return Object.fromEntries(names.flatMap((name) => (process.env[name] ? [[name, process.env[name]]] : [])));
}

/** The clusters of the configuration, watching nothing yet. */
export function openAllClusters({ config, secrets, log }: WorldParts): Clusters {
  return openClusters({
    clusters: Object.fromEntries(
      Object.entries(config.clusters).map(([name, one]) => [name, accessOf(one, secrets)]),
    ),
    placements: [],
    clock: systemClock,
    random: () => Math.random(),
    log,
  });
}

/** How a cluster of the configuration is reached. Throws `TerminalError` when its certificate authority cannot be read. */
export function accessOf(one: Config['clusters'][string], secrets: Secrets): ClusterSettings {
  const { scope } = one;
  if ('kubeconfig' in one) {
    return {
      scope,
      access: { kind: 'kubeconfig', path: one.kubeconfig, ...(one.context && { context: one.context }) },
    };
  }
  if ('inCluster' in one) return { scope, access: { kind: 'inCluster' } };
  return {
    scope,
    access: {
      kind: 'inline',
      server: one.server,
      token: secrets.named(one.tokenEnv).reveal(),
      insecure: one.insecureSkipTlsVerify,
      ...(one.caFile && { ca: readAuthority(one.caFile) }),
    },
  };
}

/** A certificate authority in PEM. Throws `TerminalError` when it cannot be read. */
export function readAuthority(file: string): string {
  try {
    return readFileSync(file, 'utf8');
  } catch (cause) {
    throw new TerminalError(`the certificate authority ${file} cannot be read`, { cause });
  }
}

export function openMetrics({ config, secrets }: WorldParts): Metrics {
  return createMetrics(
    Object.fromEntries(
      Object.entries(config.prometheus).map(([name, { url, externalUrl, tokenEnv, headers }]) => [
        name,
        {
          url,
          externalUrl,
          headers: {
            ...headers,
            ...(tokenEnv && { authorization: `Bearer ${secrets.named(tokenEnv).reveal()}` }),
          },
        },
      ]),
    ),
  );
}

export function openContracts({ config, secrets }: WorldParts): Contracts {
  const { schemaRegistry, pactBroker, answerWithinMs } = config.contracts;
  const reached = (one: NonNullable<typeof schemaRegistry>) => ({
    url: one.url,
    authorization: authorization(one, secrets),
    timeoutMs: answerWithinMs,
  });
  return createContracts({
    ...(schemaRegistry && { schemaRegistry: reached(schemaRegistry) }),
    ...(pactBroker && { pactBroker: { ...reached(pactBroker), environments: pactBroker.environments } }),
  });
}

export function openForge(parts: Pick<WorldParts, 'config' | 'secrets'>): Forge {
  return createForge(githubSettings(parts), { clock: systemClock });
}

/** How GitHub is reached; absent: it is not asked. */
export function githubSettings({
  config: { github },
  secrets,
}: Pick<WorldParts, 'config' | 'secrets'>): GithubSettings | undefined {
  if (github === undefined) return undefined;
  const { app, tokenEnv, answerWithinMs } = github;
  return {
    apiUrl: github.apiUrl.replace(/\/+$/, ''),
    timeoutMs: answerWithinMs,
    access: app
      ? {
          kind: 'app',
          id: app.id,
          installation: app.installation,
          key: secrets.named(app.privateKeyEnv).reveal(),
        }
      : { kind: 'token', token: secrets.named(tokenEnv ?? '').reveal() },
  };
}

export function openAlerts({ config, secrets }: WorldParts): Alerts {
  const { alertmanager, pagerDuty, answerWithinMs: timeoutMs } = config.alerting;
  return createAlerts({
    ...(alertmanager && {
      alertmanager: { ...alertmanager, authorization: authorization(alertmanager, secrets), timeoutMs },
    }),
    ...(pagerDuty && {
      pagerDuty: {
        url: pagerDuty.url,
        services: pagerDuty.services,
        // Source: https://developer.pagerduty.com/docs/authentication
        authorization: `Token token=${secrets.named(pagerDuty.tokenEnv).reveal()}`,
        timeoutMs,
      },
    }),
  });
}

/** Unleash and LaunchDarkly take the token alone, OFREP a bearer token. */
export function openFlags({ config, secrets }: WorldParts): Flags {
  return createFlags(
    Object.entries(config.flagProviders).map(([name, { kind, url, tokenEnv, answerWithinMs }]) => {
      const token = tokenEnv === undefined ? undefined : secrets.named(tokenEnv).reveal();
      return {
        name,
        kind,
        url,
        timeoutMs: answerWithinMs,
        ...(token !== undefined && { authorization: kind === 'ofrep' ? `Bearer ${token}` : token }),
      };
    }),
  );
}

/** Absent where no Backstage is configured. */
export function openBackstage({ config, secrets }: WorldParts): Components | undefined {
  const { backstage } = config.catalog;
  if (backstage === undefined) return undefined;
  const { url, filter, answerWithinMs: timeoutMs } = backstage;
  return createBackstage({ url, filter, timeoutMs, authorization: authorization(backstage, secrets) });
}

export function openPolicy({ config, secrets }: WorldParts): Policy {
  const { opa, bundle, decision, answerWithinMs: timeoutMs } = config.policy;
  return createPolicy({
    ...(opa && { server: { url: opa.url, authorization: authorization(opa, secrets), decision, timeoutMs } }),
    ...(bundle !== undefined && { bundle: { file: bundle, decision, timeoutMs } }),
  });
}

/** A bearer token, or else a name and a password; absent when there are neither. */
function authorization(
  {
    tokenEnv,
    usernameEnv,
    passwordEnv,
  }: { tokenEnv?: string | undefined; usernameEnv?: string | undefined; passwordEnv?: string | undefined },
  secrets: Secrets,
): string | undefined {
  if (tokenEnv !== undefined) return `Bearer ${secrets.named(tokenEnv).reveal()}`;
  if (usernameEnv === undefined || passwordEnv === undefined) return undefined;
  const pair = `${secrets.named(usernameEnv).reveal()}:${secrets.named(passwordEnv).reveal()}`;
  return `Basic ${Buffer.from(pair).toString('base64')}`;
}

export function openRegistry({ config, secrets }: WorldParts): Registry {
  return createRegistry(
    Object.fromEntries(
      Object.entries(config.registries).map(([host, { url, usernameEnv, passwordEnv, insecure }]) => [
        host,
        {
          url: url ?? (insecure ? `http://${host}` : undefined),
          username: usernameEnv && secrets.named(usernameEnv).reveal(),
          password: passwordEnv && secrets.named(passwordEnv).reveal(),
        },
      ]),
    ),
  );
}
