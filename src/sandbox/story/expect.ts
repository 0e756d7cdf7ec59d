import { parseAllDocuments } from 'yaml';
import { appFolder } from '../shop/gitops-files.ts';
import type { ShopService } from '../shop/shop.ts';
import type { AnyWorld } from '../world.ts';

/** Throws with what was expected: the story is a test. */
export function check(holds: boolean, what: string): asserts holds {
  if (!holds) throw new Error(`The story does not hold: ${what}`);
}

const FILES = { kustomize: 'kustomization.yaml', helm: 'values.yaml', manifest: 'rollout.yaml' } as const;

/** The digest that Git asks for, read from the file as Argo CD would. */
export async function digestInGit(
  world: AnyWorld,
  environment: string,
  service: ShopService,
): Promise<string> {
  const path = `${appFolder(environment, service.name)}/${FILES[service.format]}`;
  const text = await world.gitops.read('main', path);
  const values = parseAllDocuments(text ?? '').map((document) => document.toJS());
  return /sha256:[0-9a-f]{64}/.exec(JSON.stringify(values))?.[0] ?? '';
}

/** Digests that the pods of a service report in an environment. */
export function servingDigests(world: AnyWorld, environment: string, service: string): Set<string> {
  const pods = world.cluster
    .list('Pod', `shop-${environment}`)
    .filter((pod) => pod.metadata.labels?.['app'] === service);
  return new Set(
    pods
      .flatMap((pod) => JSON.stringify(pod).match(/"imageID":"[^"]*(sha256:[0-9a-f]{64})/g) ?? [])
      .map((text) => text.slice(-71)),
  );
}
