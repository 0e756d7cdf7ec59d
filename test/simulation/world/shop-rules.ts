import type { PlannedGate } from '../../../src/domain/gate/planned-gate.ts';
import type { EnvironmentName } from '../../../src/domain/ids.ts';
import type { EnvironmentRules, Rules } from '../../../src/domain/rules.ts';
import { DATABASE } from './databases.ts';
import type { Draw } from './draw.ts';
import { ROLES } from './people.ts';

/** Where things are, for rules that name them. */
interface Names {
  environments: readonly EnvironmentName[];
  home: string;
  repositories: readonly string[];
  clusters: readonly string[];
}

/** How long approvals are waited for; short, because somebody always forgets. */
const APPROVAL_MS = 5 * 60_000;
/** The one Prometheus. */
export const PROMETHEUS = 'main';
const SCRAPE_MS = 1_000;

/** What the configuration would say, drawn: who must approve, what is gated, what happens after a failure. */
export function rulesOf(draw: Draw, names: Names): Rules {
  const prometheus = { [PROMETHEUS]: { scrapeIntervalMs: SCRAPE_MS } };
  return {
    installation: 'simulation',
    environments: names.environments.map((name, index) =>
      environmentRulesOf(draw, { name, previous: names.environments[index - 1], home: names.home }),
    ),
    catalog: { repository: names.home, path: 'catalog.yaml' },
    catalogNames: {
      environments: names.environments,
      roles: ROLES,
      repositories: names.repositories,
      sources: names.repositories,
      clusters: names.clusters,
      gatePresets: [],
      gateDefaults: { prometheus, defaultPrometheus: PROMETHEUS },
    },
    databases: { [DATABASE]: { environments: names.environments } },
    gateBook: { presets: {}, prometheus, defaultPrometheus: PROMETHEUS },
    repositories: Object.fromEntries(names.repositories.map((name) => [name, { branch: 'main' }])),
    flagBook: [],
    trains: [],
    windows: [],
    defaultTrain: 'shop',
    confirmRestore: ['managers'],
    commandPrefix: '',
    incidents: { enabled: true, channelPrefix: 'inc-', pinEmoji: 'pushpin' },
  };
}

function environmentRulesOf(
  draw: Draw,
  at: { name: EnvironmentName; previous: EnvironmentName | undefined; home: string },
): EnvironmentRules {
  const { name, previous, home } = at;
  const isDev = name === 'dev';
  return {
    name,
    channel: channelOf(name),
    ...(previous !== undefined && { previous }),
    repository: home,
    manifestPath: draw.happens(0.5)
      ? 'releases/{environment}/release.yaml'
      : 'releases/{environment}/{train}.yaml',
    approvals: {
      required: isDev ? 0 : draw.integer(0, 2),
      from: ['managers'],
      owners: isDev ? 'none' : draw.pick(['none', 'tier-1', 'all']),
      expiresAfterMs: APPROVAL_MS,
    },
    may: {
      cut: ['managers', 'developers'],
      approve: ['managers'],
      promote: ['managers'],
      resume: ['managers', 'on-call'],
      abort: ['managers', 'on-call'],
      rollback: ['managers', 'on-call'],
    },
    gates: isDev ? [] : drawGates(draw),
    onGateFailure: draw.pick(['rollback', 'ask']),
    requireVerified: previous !== undefined,
    membershipFreshMs: 300_000,
  };
}

/** Channel of an environment. */
export function channelOf(environment: EnvironmentName): string {
  return `C${environment.toUpperCase()}`;
}

function drawGates(draw: Draw): PlannedGate[] {
  const gates: PlannedGate[] = [];
  if (draw.happens(0.7)) gates.push(gate('error-ratio', { phase: 'canary', count: draw.integer(1, 2) }));
  if (draw.happens(0.3)) gates.push(gate('after', { phase: 'postDeploy' }));
  if (draw.happens(0.2)) gates.push(gate('advice', { phase: 'canary', required: false }));
  if (draw.happens(0.15)) gates.push(gate('by-hand', { phase: 'canary', type: 'manual' }));
  return gates;
}

function gate(name: string, more: Partial<PlannedGate>): PlannedGate {
  return {
    name,
    type: 'prometheus',
    steps: [],
    phase: 'canary',
    required: true,
    prometheus: PROMETHEUS,
    query: 'errors{service="{{service}}",namespace="{{namespace}}",hash="{{pod_hash}}"}',
    threshold: { operator: '<', value: 0.02, text: '< 2%' },
    minTraffic: 0,
    windowMs: 2_000,
    intervalMs: 2_000,
    count: 1,
    failureLimit: 0,
    inconclusiveLimit: 1,
    consecutiveErrorLimit: 2,
    onNoData: 'inconclusive',
    scrapeIntervalMs: SCRAPE_MS,
    timeoutMs: 5_000,
    ...more,
  };
}
