import type { Placement } from '../../src/domain/catalog/placement.ts';
import type { PersonId, ReleaseId } from '../../src/domain/ids.ts';
import { releaseStream } from '../../src/domain/ids.ts';
import type { Request } from '../../src/domain/request.ts';
import type { EnvironmentRules, Rules } from '../../src/domain/rules.ts';
import { gates } from '../../src/gates/registry.ts';
import { adoptBaseline } from '../../src/jobs/adopt-baseline.ts';
import { createCatalogSource } from '../../src/jobs/cut/catalog-source.ts';
import { handleRequest } from '../../src/jobs/handle-request.ts';
import { readRelease } from '../../src/jobs/read-state.ts';
import { reconcileRelease } from '../../src/jobs/reconcile-release.ts';
import { speakOfRelease } from '../../src/jobs/speak.ts';
import type { Bell } from '../../src/ports/bells.ts';
import type { Ports } from '../../src/ports/ports.ts';
import { createMemoryAlerts } from '../simulation/ports/memory-alerts.ts';
import { createMemoryChat } from '../simulation/ports/memory-chat.ts';
import { createMemoryClusters } from '../simulation/ports/memory-cluster.ts';
import { createMemoryContracts } from '../simulation/ports/memory-contracts.ts';
import { createMemoryDirectory } from '../simulation/ports/memory-directory.ts';
import { createMemoryFlags } from '../simulation/ports/memory-flags.ts';
import { createMemoryForge, type MemorySource } from '../simulation/ports/memory-forge.ts';
import { memoryGit } from '../simulation/ports/memory-git.ts';
import { createMemoryInbox } from '../simulation/ports/memory-inbox.ts';
import { createMemoryLedger, emptyMemoryLedger } from '../simulation/ports/memory-ledger.ts';
import { createMemoryMetrics } from '../simulation/ports/memory-metrics.ts';
import { createMemoryMigrations } from '../simulation/ports/memory-migrations.ts';
import { createMemoryPatience } from '../simulation/ports/memory-patience.ts';
import { createMemoryPolicy } from '../simulation/ports/memory-policy.ts';
import { createMemoryRegistry } from '../simulation/ports/memory-registry.ts';
import type { MemoryRepository } from '../simulation/ports/memory-repository.ts';
import { createMemoryScratch } from '../simulation/ports/memory-scratch.ts';
import { createMemorySnapshots } from '../simulation/ports/memory-snapshots.ts';
import { createMemoryTexts } from '../simulation/ports/memory-texts.ts';
import { createMemoryTokens } from '../simulation/ports/memory-tokens.ts';
import { memoryYaml } from '../simulation/ports/memory-yaml.ts';
import { virtualTime } from '../simulation/world/virtual-time.ts';

export const ANA: PersonId = 'slack:T1:UANA';
export const BEN: PersonId = 'slack:T1:UBEN';
export const SERVICE = 'orders-api';

/** Digest of a version of the one service. */
export function digestOf(minor: number): string {
  return `sha256:${String(minor).repeat(64)}`;
}

/** A service besides the one that every plain world has. */
interface MoreService {
  /** Folder of the repository `source`; absent: the catalog names no source for it. */
  source?: string;
  dependsOn?: readonly string[];
  /** A role; absent: managers. */
  owner?: string;
  /** Absent: 2. */
  tier?: number;
  /** More of its entry in the catalog, as flow mappings of YAML: `candidate: {from: artifacts}`. */
  entry?: string;
}

function placementOf(service: string): Placement {
  return {
    cluster: 'east',
    namespace: 'prod',
    rollout: service,
    git: { repository: 'gitops', file: fileOf(service), format: 'kustomize' },
  };
}

/** Named by what is behind the team in their id, with an address at the shop. */
function personOf(id: PersonId) {
  const name = id.slice('slack:T1:U'.length);
  return { id, name, email: `${name.toLowerCase()}@shop.test` };
}

function fileOf(service: string): string {
  return `prod/${service}.yaml`;
}

function imageOf(service: string): string {
  return `registry.test/${service}`;
}

const PROD: EnvironmentRules = {
  name: 'prod',
  channel: 'CPROD',
  repository: 'gitops',
  manifestPath: 'releases/{environment}/release.yaml',
  approvals: { required: 0, from: ['managers'], owners: 'none', expiresAfterMs: 3_600_000 },
  may: {
    cut: ['managers'],
    approve: ['managers'],
    promote: ['managers'],
    resume: ['managers'],
    abort: ['managers'],
    rollback: ['managers'],
  },
  gates: [],
  onGateFailure: 'ask',
  requireVerified: false,
  membershipFreshMs: 300_000,
};

function rulesWith(more: Partial<EnvironmentRules>): Rules {
  return {
    installation: 'test',
    environments: [{ ...PROD, ...more }],
    catalog: { repository: 'gitops', path: 'catalog.yaml' },
    catalogNames: {
      environments: ['prod'],
      roles: ['managers'],
      repositories: ['gitops'],
      sources: ['gitops', 'source'],
      clusters: ['east'],
      gatePresets: [],
      gateDefaults: { prometheus: {} },
    },
    gateBook: { presets: {}, prometheus: {} },
    repositories: {
      gitops: { branch: 'main' },
      source: { branch: 'main', commitUrl: 'https://git.test/{commit}' },
    },
    flagBook: [],
    trains: [],
    windows: [],
    defaultTrain: 'shop',
    confirmRestore: ['managers'],
    commandPrefix: '',
    incidents: { enabled: true, channelPrefix: 'inc-', pinEmoji: 'pushpin' },
  };
}

function catalogOf(services: Readonly<Record<string, MoreService>>): string {
  const entries = Object.entries(services).map(
    ([service, { dependsOn = [], owner = 'managers', tier = 2, source, entry }]) => `
  ${service}:
    owner: ${owner}
    tier: ${tier}
    image: ${imageOf(service)}
    dependsOn: ${JSON.stringify(dependsOn)}${source === undefined ? '' : `\n    source: {repository: source, path: ${source}}`}${entry === undefined ? '' : `\n    ${entry}`}
    placements:
      prod:
        - ${JSON.stringify(placementOf(service))}`,
  );
  return `apiVersion: signalbox/v1
kind: Catalog
services:${entries.join('')}
`;
}

interface PlainOptions {
  environment?: Partial<EnvironmentRules>;
  rules?: Partial<Rules>;
  /** Pods that are asked for; absent: two. */
  replicas?: number;
  /** Whether the registry answers for what runs at the beginning; absent: it does. */
  registryKnows?: boolean;
  /** Whether what runs at the beginning was ever seen Healthy; absent: it was. */
  adopted?: boolean;
  /** Steps of the canary; absent: none. */
  steps?: object[];
  /** Of the one service; absent: 2. */
  tier?: number;
  /** More of its entry in the catalog; absent: nothing. */
  entry?: string;
  /** The forge; absent: nobody is configured. */
  forge?: MemorySource;
  /** Milliseconds until the watch tells of a change; absent: none. */
  watchLagMs?: () => number;
  /** Services besides the one; absent: none. */
  more?: Readonly<Record<string, MoreService>>;
  /** Minor version to the commit it says it was built from, for every service; absent: images do not say. */
  revisions?: (source: MemoryRepository) => Promise<Readonly<Record<number, string>>>;
  /** Roles besides the managers, Ana and Ben; absent: none. */
  roles?: Readonly<Record<string, readonly PersonId[]>>;
}

/** One service (or a few more) in one environment, nothing that goes wrong by itself, and jobs that are called by hand. */
export async function plainWorld({
  environment = {},
  rules: given = {},
  replicas = 2,
  registryKnows = true,
  adopted = true,
  steps = [],
  tier = 2,
  entry,
  forge,
  watchLagMs = () => 0,
  more = {},
  roles = {},
  revisions = async () => ({}),
}: PlainOptions = {}) {
  const time = virtualTime(Date.parse('2026-11-20T14:00:00.000Z'));
  const plain = rulesWith(environment);
  const names = { ...plain.catalogNames, roles: [...new Set(['managers', ...Object.keys(roles)])] };
  const rules = { ...plain, catalogNames: names, ...given };
  const services = { [SERVICE]: { tier, ...(entry !== undefined && { entry }) }, ...more };
  const everyService = Object.keys(services);
  const yaml = memoryYaml();
  const git = memoryGit({ yaml, committer: { name: 'Signalbox', email: 'signalbox@shop.test' } });
  const repository = git.createRepository('gitops', {
    'catalog.yaml': catalogOf(services),
    ...Object.fromEntries(
      everyService.map((service) => [
        fileOf(service),
        `images:\n  - name: ${imageOf(service)}\n    digest: ${digestOf(1)}\n`,
      ]),
    ),
  });
  const source = git.createRepository('source', { 'README.md': 'Source.\n' });
  const built = await revisions(source);
  const clusters = createMemoryClusters({ scheduler: time, clusters: ['east'], watchLagMs });
  for (const service of everyService) {
    clusters.add(placementOf(service), {
      replicas,
      selector: { matchLabels: { app: service } },
      strategy: { canary: { maxSurge: 1, maxUnavailable: 0, steps } },
      template: {
        metadata: { labels: { app: service } },
        spec: { containers: [{ name: service, image: `${imageOf(service)}@${digestOf(1)}` }] },
      },
    });
  }
  const { chat, workspace } = createMemoryChat({ clock: time });
  workspace.addChannel({ id: 'CPROD' });
  const { directory, workspace: people } = createMemoryDirectory({ clock: time });
  for (const id of [ANA, BEN]) people.people.set(id, personOf(id));
  people.roles.set('managers', { people: [ANA, BEN], usergroups: [] });
  for (const [role, members] of Object.entries(roles)) {
    people.roles.set(role, { people: [...members], usergroups: [] });
    for (const id of members) people.people.set(id, personOf(id));
  }
  let ids = 0;
  const chance = {
    id: () => {
      ids += 1;
      return `id-${ids}`;
    },
  };
  const flags = createMemoryFlags();
  const ledgerState = emptyMemoryLedger();
  const rung: Bell[] = [];
  const ports: Ports = {
    ledger: createMemoryLedger({ state: ledgerState, clock: time, chance, sealing: 'real' }),
    inbox: createMemoryInbox({ clock: time }),
    bells: { ring: async (bell) => void rung.push(bell), expect: () => undefined },
    texts: createMemoryTexts({ clock: time, retentionMs: 86_400_000 }),
    scratch: createMemoryScratch({ clock: time }),
    snapshots: createMemorySnapshots(),
    tokens: createMemoryTokens({ clock: time }),
    git,
    yaml,
    cluster: clusters.cluster,
    metrics: createMemoryMetrics(() => ({ kind: 'values', values: [0.001] })),
    registry: createMemoryRegistry(
      everyService.flatMap((service) =>
        (registryKnows ? [1, 2, 3, 4] : [2, 3, 4]).map((minor) => ({
          repository: imageOf(service),
          tag: `1.${minor}.0`,
          digest: digestOf(minor),
          platformDigest: digestOf(minor),
          authorEmails: [],
          ...(built[minor] && { revision: built[minor] }),
        })),
      ),
    ),
    alerts: createMemoryAlerts(),
    contracts: createMemoryContracts(),
    forge: createMemoryForge(forge),
    migrations: createMemoryMigrations(),
    policy: createMemoryPolicy(),
    flags,
    chat,
    directory,
    clock: time,
    chance,
    patience: createMemoryPatience(time),
  };
  const catalog = createCatalogSource(ports, rules);
  await time.run(time.now() + 30_000);
  if (adopted) await adoptBaseline(ports, rules, catalog);
  let requests = 0;
  const world = {
    time,
    ports,
    rules,
    catalog,
    clusters,
    repository,
    git,
    workspace,
    /** Who there is, and which roles they have. */
    people,
    rung,
    unfinished: ledgerState.unfinished,
    /** What a service's file says in Git. */
    inGit: async (service = SERVICE) =>
      /sha256:[0-9a-f]+/.exec((await repository.read('main', fileOf(service))) ?? '')?.[0],
    /** What a GitOps agent does with it. */
    async applyGit() {
      for (const service of everyService) {
        const image = `${imageOf(service)}@${await world.inGit(service)}`;
        clusters.setImages(placementOf(service), { [service]: image });
      }
    },
    /** A person asks, and it is carried out; defects are thrown. */
    async ask(person: PersonId, request: Request, over: Ports = ports): Promise<string> {
      requests += 1;
      const id = `request-${requests}`;
      await ports.inbox.accept({
        id,
        receivedAt: new Date(time.now()).toISOString(),
        principal: person,
        via: 'slack',
        request,
        replyTo: { kind: 'slack', user: person },
      });
      await world.carryOut(id, over);
      return id;
    },
    carryOut: (id: string, over: Ports = ports) =>
      handleRequest({ ports: over, rules, catalog, commands: [] }, id, ({ error }) => {
        throw error;
      }),
    reconcile: (release: ReleaseId, over: Ports = ports) =>
      reconcileRelease(over, { rules, gates, catalog }, release),
    speak: (release: ReleaseId, over: Ports = ports) => speakOfRelease(over, rules, release),
    async state(release: ReleaseId) {
      const reading = await readRelease(ports.ledger, release);
      if (reading === undefined) throw new Error(`there is no ${release}`);
      return reading.state;
    },
    /** Kinds of the facts of a release, in order. */
    kinds: async (release: ReleaseId) =>
      (await ports.ledger.read(releaseStream(release))).facts.map((fact) => fact.kind),
    /** Cuts a version of the service, or of several, and answers with the release. */
    async cut(minor: number, services = [SERVICE]): Promise<ReleaseId> {
      const version = { kind: 'tag' as const, tag: `1.${minor}.0` };
      await world.ask(ANA, {
        kind: 'cut',
        environment: 'prod',
        services: services.map((service) => ({ service, version })),
        leaveOut: [],
      });
      return world.newest();
    },
    /** The release that was cut last. */
    async newest(): Promise<ReleaseId> {
      const stream = [...ledgerState.streams.keys()].findLast((name) => name.startsWith('release:')) ?? '';
      return stream.slice('release:'.length) as ReleaseId;
    },
    /** Lets time pass and the release's jobs run until nothing more happens. */
    async settle(release: ReleaseId) {
      for (let i = 0; i < 20; i += 1) {
        await world.reconcile(release);
        await world.speak(release);
        await world.applyGit();
        await time.run(time.now() + 5_000);
      }
    },
    said: () =>
      workspace.told.map(({ answer }) =>
        answer.kind === 'form' || answer.kind === 'file' ? answer.kind : answer.message.text,
      ),
  };
  return world;
}

export type PlainWorld = Awaited<ReturnType<typeof plainWorld>>;
