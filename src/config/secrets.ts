import { didYouMean } from '../domain/naming/nearest.ts';
import type { Config } from './schema.ts';
import { Secret } from './secret.ts';

/** One secret of the program itself: where it is read, what it is, and whether this configuration needs it. */
interface SecretEntry {
  name: string;
  what: string;
  /** What every value of it looks like; absent: anything. */
  looksLike?: RegExp;
  isNeeded: (config: Config) => boolean;
}

/** Every secret with a fixed name. Those of repositories, clusters, Prometheus, registries, databases, keepers of contracts, OPA, flag providers, GitHub and reporters of artifacts are named by the configuration. */
export const SECRETS = [
  {
    name: 'SLACK_BOT_TOKEN',
    what: "the bot's token, from OAuth & Permissions of the Slack app",
    looksLike: /^xoxb-/,
    isNeeded: () => true,
  },
  {
    name: 'SLACK_SIGNING_SECRET',
    what: 'the signing secret, from Basic Information of the Slack app',
    isNeeded: ({ slack }) => slack.transport === 'http',
  },
  {
    name: 'SLACK_APP_TOKEN',
    what: 'an app-level token with connections:write, from Basic Information of the Slack app',
    looksLike: /^xapp-/,
    isNeeded: ({ slack }) => slack.transport === 'socket',
  },
  {
    name: 'SIGNALBOX_LEDGER_KEY',
    what: 'the Ed25519 private key, in PEM, that signs the record in Git',
    looksLike: /^-----BEGIN PRIVATE KEY-----/,
    isNeeded: () => true,
  },
  {
    name: 'REDIS_URL',
    what: 'the address of Redis; without it one is started on this machine',
    looksLike: /^rediss?:\/\//,
    isNeeded: () => false,
  },
] as const satisfies readonly SecretEntry[];
export type SecretName = (typeof SECRETS)[number]['name'];

export interface Secrets {
  /** Absent when it is not set, which only those that this configuration does not need can be. */
  find(name: SecretName): Secret | undefined;
  /** The value of a variable that the configuration names. Throws `TypeError` for one that it does not name. */
  named(variable: string): Secret;
}

export type SecretsRead = { kind: 'read'; secrets: Secrets } | { kind: 'faulty'; faults: string[] };

/** Reads every secret that the configuration needs, and tells all that are missing or empty at once. Never shows a value. */
export function readSecrets(env: Readonly<Record<string, string | undefined>>, config: Config): SecretsRead {
  const entries: readonly SecretEntry[] = SECRETS;
  const named = namedVariables(config);
  const faults = [
    ...entries.flatMap((entry) => entryFaults(env, { entry, config })),
    ...[...named].flatMap(([variable, where]) => variableFaults(env, { variable, where })),
  ];
  if (faults.length > 0) return { kind: 'faulty', faults };
  return {
    kind: 'read',
    secrets: {
      find: (name) => secretOf(env[name]),
      named: (variable) => {
        const secret = named.has(variable) ? secretOf(env[variable]) : undefined;
        if (secret === undefined) throw new TypeError(`signalbox.yaml names no variable ${variable}`);
        return secret;
      },
    },
  };
}

function entryFaults(
  env: Readonly<Record<string, string | undefined>>,
  { entry, config }: { entry: SecretEntry; config: Config },
): string[] {
  const value = env[entry.name];
  if (value === undefined) return entry.isNeeded(config) ? [`${entry.name} is not set: ${entry.what}`] : [];
  // An empty signing secret would let anybody sign: set and empty is worse than not set.
  if (value.trim() === '') return [`${entry.name} is set and empty: ${entry.what}`];
  return entry.looksLike && !entry.looksLike.test(value)
    ? [`${entry.name} does not look like ${entry.what}`]
    : [];
}

function variableFaults(
  env: Readonly<Record<string, string | undefined>>,
  { variable, where }: { variable: string; where: string },
): string[] {
  const value = env[variable];
  if (value !== undefined && value.trim() !== '') return [];
  if (value !== undefined) return [`${variable} is set and empty: signalbox.yaml names it at ${where}`];
  const near = didYouMean(
    variable,
    Object.keys(env).filter((name) => name.includes('TOKEN') || name.includes('PASS')),
  );
  return [
    `${variable} is not set: signalbox.yaml names it at ${where}${near.startsWith('did') ? `; ${near}` : ''}`,
  ];
}

/** Variable to the first place that names it. */
function namedVariables(config: Config): Map<string, string> {
  const found = new Map<string, string>();
  const add = (variable: string | undefined, where: string) => {
    if (variable !== undefined && !found.has(variable)) found.set(variable, where);
  };
  for (const [name, one] of Object.entries(config.repositories)) {
    add(one.tokenEnv, `repositories.${name}.tokenEnv`);
    add(one.usernameEnv, `repositories.${name}.usernameEnv`);
  }
  for (const [name, one] of Object.entries(config.clusters)) {
    if ('tokenEnv' in one) add(one.tokenEnv, `clusters.${name}.tokenEnv`);
  }
  for (const [name, one] of Object.entries(config.prometheus))
    add(one.tokenEnv, `prometheus.${name}.tokenEnv`);
  for (const [name, one] of Object.entries(config.registries)) {
    add(one.usernameEnv, `registries.${name}.usernameEnv`);
    add(one.passwordEnv, `registries.${name}.passwordEnv`);
  }
  for (const name of ['schemaRegistry', 'pactBroker'] as const) {
    const one = config.contracts[name];
    add(one?.tokenEnv, `contracts.${name}.tokenEnv`);
    add(one?.usernameEnv, `contracts.${name}.usernameEnv`);
    add(one?.passwordEnv, `contracts.${name}.passwordEnv`);
  }
  const { alertmanager, pagerDuty } = config.alerting;
  add(alertmanager?.tokenEnv, 'alerting.alertmanager.tokenEnv');
  add(alertmanager?.usernameEnv, 'alerting.alertmanager.usernameEnv');
  add(alertmanager?.passwordEnv, 'alerting.alertmanager.passwordEnv');
  add(pagerDuty?.tokenEnv, 'alerting.pagerDuty.tokenEnv');
  for (const [name, { environments }] of Object.entries(config.databases)) {
    for (const [environment, place] of Object.entries(environments)) {
      const where = `databases.${name}.environments.${environment}`;
      if ('urlEnv' in place) add(place.urlEnv, `${where}.urlEnv`);
      else add(place.tokenEnv, `${where}.tokenEnv`);
    }
  }
  add(config.policy.opa?.tokenEnv, 'policy.opa.tokenEnv');
  for (const [name, { secretEnv }] of Object.entries(config.artifacts.reporters))
    add(secretEnv, `artifacts.reporters.${name}.secretEnv`);
  add(config.github?.tokenEnv, 'github.tokenEnv');
  add(config.github?.app?.privateKeyEnv, 'github.app.privateKeyEnv');
  add(config.github?.webhookSecretEnv, 'github.webhookSecretEnv');
  for (const [name, one] of Object.entries(config.flagProviders))
    add(one.tokenEnv, `flagProviders.${name}.tokenEnv`);
  add(config.catalog.backstage?.tokenEnv, 'catalog.backstage.tokenEnv');
  return found;
}

function secretOf(value: string | undefined): Secret | undefined {
  return value === undefined ? undefined : new Secret(value);
}
