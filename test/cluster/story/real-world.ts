import type { Shop } from '../../../src/sandbox/shop/shop.ts';
import { startWorldOn, type World, type WorldOptions } from '../../../src/sandbox/world.ts';
import { type PlaneCluster, startPlaneCluster } from './plane-cluster.ts';

/** The sandbox's world on a real control plane with Argo CD. */
export type RealWorld = World<PlaneCluster>;

/** Starts it. Throws `TerminalError` when the control plane's programs are not built; nothing is left running then. */
export function startRealWorld(options: WorldOptions): Promise<RealWorld> {
  return startWorldOn(startPlaneCluster, { ...options, shop: plainManifests(options.shop) });
}

/** Argo CD runs the programs of Helm and kustomize for their files, and this control plane has neither. */
function plainManifests(shop: Shop): Shop {
  return { ...shop, services: shop.services.map((service) => ({ ...service, format: 'manifest' })) };
}
