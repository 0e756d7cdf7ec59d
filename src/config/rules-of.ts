import type { CatalogNames } from '../domain/catalog/check-names.ts';
import type { EnvironmentName } from '../domain/ids.ts';
import type { EnvironmentRules, Rules } from '../domain/rules.ts';
import { gateBook, plannedPreset } from './gates.ts';
import type { Config } from './schema.ts';

/** The configuration as far as decisions and jobs need it. */
export function rulesOf(config: Config): Rules {
  return {
    installation: config.installation,
    ...(config.mode === 'observe' && { observeOnly: true as const }),
    environments: config.environments
      .map((_, index) => environmentRulesOf(config, index))
      .filter((one) => one !== undefined),
    catalog: config.catalog,
    catalogNames: catalogNames(config),
    gateBook: gateBook(config),
    databases: Object.fromEntries(
      Object.entries(config.databases).map(([name, { signOff, environments }]) => [
        name,
        { environments: Object.keys(environments), ...(signOff !== undefined && { signOff }) },
      ]),
    ),
    repositories: Object.fromEntries(
      Object.entries(config.repositories).map(([name, settings]) => {
        const { branch, commitUrl, hotfixBranch } = settings;
        const github = githubName(settings);
        return [
          name,
          { branch, hotfixBranch, ...(commitUrl !== undefined && { commitUrl }), ...(github && { github }) },
        ];
      }),
    ),
    flagBook: Object.entries(config.flagProviders).map(([name, { kind, project, environments }]) => ({
      name,
      kind,
      project,
      environments,
    })),
    trains: Object.entries(config.trains).map(([name, settings]) => ({ name, ...settings })),
    windows: Object.entries(config.windows).map(([name, { durationMs, ...window }]) => ({
      name,
      ...window,
      ...(durationMs !== undefined && { durationMs }),
    })),
    defaultTrain: config.train,
    confirmRestore: config.recovery.confirmRestore ?? config.environments.at(-1)?.may.promote ?? [],
    commandPrefix: config.slack.commandPrefix,
    incidents: config.incidents,
    ...(config.github && { github: { tagsBy: config.github.tagsBy } }),
    ...(config.api.enabled && { tokens: { lifetimeMs: config.api.tokenLifetimeMs } }),
  };
}

/** What GitHub calls a repository: as it is written, or as its address says. */
export function githubName({
  github,
  url,
}: Pick<Config['repositories'][string], 'github' | 'url'>): string | undefined {
  if (github !== undefined) return github;
  const [, name] =
    /^(?:https:\/\/|ssh:\/\/git@|git@)github\.com[/:]([\w-]+\/[\w.-]+?)(?:\.git)?\/?$/i.exec(url) ?? [];
  return name;
}

/** Environments that nothing is written for. */
export function observedEnvironments(config: Pick<Config, 'mode' | 'environments'>): EnvironmentName[] {
  return config.environments
    .filter(({ mode }) => config.mode === 'observe' || mode === 'observe')
    .map(({ name }) => name);
}

/** Names that the catalog may use. */
export function catalogNames(config: Config): CatalogNames {
  return {
    environments: config.environments.map(({ name }) => name),
    roles: Object.keys(config.roles),
    repositories: Object.keys(config.repositories).filter((name) => !config.repositories[name]?.readOnly),
    sources: Object.keys(config.repositories),
    clusters: Object.keys(config.clusters),
    gatePresets: Object.keys(config.gatePresets),
    gateDefaults: gateBook(config),
  };
}

function environmentRulesOf(config: Config, index: number): EnvironmentRules | undefined {
  const settings = config.environments[index];
  if (settings === undefined) return undefined;
  const previous = config.environments[index - 1]?.name;
  const { name, channel, repository, manifestPath, approvals, may, onGateFailure, membershipFreshMs } =
    settings;
  return {
    name,
    channel,
    ...(previous !== undefined && { previous }),
    repository,
    manifestPath,
    approvals,
    may: { ...may, approve: approvals.from },
    hotfixApprovers: settings.hotfixApprovers ?? may.rollback,
    gates: settings.gates.map((preset) => plannedPreset(config, preset)).filter((gate) => gate !== undefined),
    onGateFailure,
    ...(settings.timeToRemediateMs !== undefined && { timeToRemediateMs: settings.timeToRemediateMs }),
    requireVerified: previous !== undefined && settings.requireVerifiedIn === 'previous',
    checklists: settings.checklists,
    membershipFreshMs,
    ...(settings.checks && { checks: settings.checks }),
    ...(settings.evidence && { evidence: settings.evidence }),
    ...(observedEnvironments(config).includes(name) && { observeOnly: true as const }),
  };
}
