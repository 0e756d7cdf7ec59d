import { didYouMean } from '../domain/naming/nearest.ts';
import type { SandboxCluster } from './sandbox-cluster.ts';
import type { Shop } from './shop/shop.ts';
import type { OwnCommand } from './workspace/parts.ts';

/** Makes versions of the shop's services bad, and good again. Nothing else in the world hears of it. */
export interface Trouble {
  /** Breaks a version of a service; absent: the newest that runs anywhere. Answers with the version. */
  break(service: string, version?: string): string;
  heal(service: string, version?: string): string;
  /** `/sandbox`, for people. */
  command: OwnCommand;
}

/** One request in eight fails, and the rest are slow: far over any limit, and nothing that a glance would miss. */
const BROKEN = { errorRate: 0.125, latencyMs: 900 } as const;

const USAGE = 'Usage: `/sandbox break <service> [version]` or `/sandbox heal <service> [version]`';

export function createTrouble(parts: {
  shop: Shop;
  cluster: Pick<SandboxCluster, 'breakVersion' | 'healVersion' | 'list'>;
  digests: Readonly<Record<string, Readonly<Record<string, string>>>>;
}): Trouble {
  const { shop, cluster, digests } = parts;

  function find(service: string, version: string | undefined): { version: string; digest: string } {
    const versions = digests[service];
    if (versions === undefined)
      throw new Error(`There is no service ${service}: ${didYouMean(service, Object.keys(digests))}`);
    const wanted = version ?? newestRunning(service, versions);
    const digest = versions[wanted];
    if (digest === undefined)
      throw new Error(`${service} has no version ${wanted}: ${didYouMean(wanted, Object.keys(versions))}`);
    return { version: wanted, digest };
  }

  /** By what the Rollouts ask for, in the order in which versions were pushed. */
  function newestRunning(service: string, versions: Readonly<Record<string, string>>): string {
    const asked = JSON.stringify(
      cluster.list('Rollout').filter((rollout) => rollout.metadata.name === service),
    );
    const running = Object.entries(versions).filter(([, digest]) => asked.includes(digest));
    return running.at(-1)?.[0] ?? shop.services.find(({ name }) => name === service)?.version ?? '';
  }

  const trouble: Trouble = {
    break(service, version) {
      const found = find(service, version);
      cluster.breakVersion(service, found.digest, BROKEN);
      return found.version;
    },
    heal(service, version) {
      const found = find(service, version);
      cluster.healVersion(service, found.digest);
      return found.version;
    },
    command: {
      command: '/sandbox',
      description: 'Make a version of a service bad, or good again',
      usage_hint: '[break | heal] <service> [version]',
      run: async (_, text) => answer(trouble, text),
    },
  };
  return trouble;
}

function answer(trouble: Trouble, text: string): string {
  const [verb, service, version] = text.trim().split(/\s+/);
  if ((verb !== 'break' && verb !== 'heal') || !service) return USAGE;
  try {
    const done = trouble[verb](service, version);
    return verb === 'break'
      ? `${service} ${done} is bad from now on: one request in eight fails. Only its own pods know.`
      : `${service} ${done} is good again.`;
  } catch (error) {
    return `${error instanceof Error ? error.message : String(error)}\n${USAGE}`;
  }
}
