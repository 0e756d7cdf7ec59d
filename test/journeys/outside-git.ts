import { parseDocument } from 'yaml';
import type { KubeObject } from '../../src/sandbox/cluster/rollout/objects.ts';
import { repositoryOf } from '../../src/sandbox/shop/gitops-files.ts';
import { rolloutObjects } from '../../src/sandbox/shop/rollout-manifest.ts';
import type { World } from '../../src/sandbox/world.ts';

/** A service of dev that Git does not own: its Rollout is what people made of it last. */
export interface OutsideGit {
  name: string;
  /** Makes a version of the image run, as somebody with kubectl would, and waits until it does. */
  runs(version: string): Promise<void>;
  /** The image that is asked for now. */
  image(): string;
}

const NAMESPACE = 'shop-dev';

/** Puts one into the catalog and into the cluster, with another service's image. */
export async function startOutsideGit(world: World, { version }: { version: string }): Promise<OutsideGit> {
  const { cluster, gitops, registry, digests } = world;
  const name = 'till';
  const image = repositoryOf(registry.host, 'stock');
  const rollout = () => cluster.get('Rollout', NAMESPACE, name) as Seen | undefined;
  const runs = async (wanted: string) => {
    const digest = digests['stock']?.[wanted];
    const shape = { name, namespace: NAMESPACE, environment: 'dev', replicas: 1 };
    cluster.apply(rolloutObjects({ ...shape, image: `${image}@${digest}` }) as KubeObject[]);
    await cluster.waitFor(`${name} runs ${wanted}`, () => {
      const { currentPodHash, stableRS, phase } = rollout()?.status ?? {};
      return phase === 'Healthy' && currentPodHash === stableRS && rollout();
    });
  };
  await runs(version);
  const catalog = parseDocument((await gitops.read('main', 'catalog.yaml')) ?? '');
  const placements = { dev: [{ cluster: 'shop', namespace: NAMESPACE, rollout: name }] };
  catalog.setIn(['services', name], {
    owner: 'web-owners',
    image,
    environments: ['dev'],
    placements,
  });
  await gitops.push({ branch: 'main', files: { 'catalog.yaml': catalog.toString() } });
  return {
    name,
    runs,
    image: () => rollout()?.spec.template.spec.containers[0]?.image ?? '',
  };
}

interface Seen {
  spec: { template: { spec: { containers: { image: string }[] } } };
  status?: { phase?: string; currentPodHash?: string; stableRS?: string };
}
