import {
  type CatalogService,
  catalogService,
  type Dependency,
  dependencyOf,
  placementsOf,
} from '../catalog/catalog.ts';
import type { Placement } from '../catalog/placement.ts';
import type { Path } from '../document/fault.ts';
import type { ServiceName } from '../ids.ts';
import { type JudgedImage, judgeImage } from '../manifest/judge-image.ts';
import type { Manifest } from '../manifest/manifest.ts';
import { tierNumber, type WrittenService } from '../manifest/service-schema.ts';
import type { PlanInput } from './plan-input.ts';

/** An image as a manifest states it, with where it stands. */
export interface DeclaredImage {
  service: ServiceName;
  /** Absent where the manifest names one image and the catalog has several containers for it, or does not know the service. */
  container?: string;
  reference: JudgedImage;
  path: Path;
}

/** A service of a manifest together with what the catalog says of it. */
export interface DeclaredService {
  name: ServiceName;
  written: WrittenService;
  entry: CatalogService;
  /** The stricter of manifest and catalog. */
  tier: number;
  /** What either of them says; where both do, the catalog's word on versions holds. */
  dependsOn: Dependency[];
  placements: readonly Placement[];
}

type Declaring = Pick<PlanInput, 'manifest' | 'catalog' | 'environment'>;

/** A dozen rules ask the same of one input, which nobody changes. */
const declared = new WeakMap<Declaring, readonly DeclaredService[]>();

/** The services of a manifest that the catalog knows. */
export function declaredServices(input: Declaring): readonly DeclaredService[] {
  const known = declared.get(input) ?? declare(input);
  declared.set(input, known);
  return known;
}

function declare(input: Declaring): DeclaredService[] {
  return Object.entries(input.manifest.spec.services).flatMap(([name, written]) => {
    const entry = catalogService(input.catalog, name);
    if (entry === undefined) return [];
    const placements = placementsOf(input.catalog, { service: name, environment: input.environment.name });
    const tier = Math.min(entry.tier, written.tier === undefined ? entry.tier : tierNumber(written.tier));
    return [{ name, written, entry, tier, dependsOn: dependenciesOf(written, entry), placements }];
  });
}

/** The images of a manifest, with the catalog they were read against last. */
const images = new WeakMap<Manifest, { catalog: PlanInput['catalog']; found: readonly DeclaredImage[] }>();

/** Every image a manifest names, to be looked up in its registry. */
export function declaredImages(manifest: Manifest, catalog: PlanInput['catalog']): readonly DeclaredImage[] {
  const known = images.get(manifest);
  if (known?.catalog === catalog) return known.found;
  const found = readImages(manifest, catalog);
  images.set(manifest, { catalog, found });
  return found;
}

function readImages(manifest: Manifest, catalog: PlanInput['catalog']): DeclaredImage[] {
  return Object.entries(manifest.spec.services).flatMap(([service, written]) =>
    imagesOf(service, { written, entry: catalogService(catalog, service) }),
  );
}

/** The images a manifest names for one service. */
export function imagesOf(
  service: ServiceName,
  { written, entry }: { written: WrittenService; entry: CatalogService | undefined },
): DeclaredImage[] {
  const path = ['spec', 'services', service];
  const alone = onlyContainer(entry);
  const single: DeclaredImage[] =
    written.image === undefined
      ? []
      : [
          {
            service,
            ...(alone && { container: alone }),
            reference: judgeImage(written.image),
            path: [...path, 'image'],
          },
        ];
  const several = Object.entries(written.images ?? {}).map(([container, text]) => ({
    service,
    container,
    reference: judgeImage(text),
    path: [...path, 'images', container],
  }));
  return [...single, ...several];
}

function onlyContainer(entry: CatalogService | undefined): string | undefined {
  const containers = Object.keys(entry?.images ?? {});
  return containers.length === 1 ? containers[0] : undefined;
}

function dependenciesOf(written: WrittenService, entry: CatalogService): Dependency[] {
  const merged = new Map((written.dependsOn ?? []).map(dependencyOf).map((one) => [one.service, one]));
  for (const dependency of entry.dependsOn) {
    const said = merged.get(dependency.service);
    merged.set(
      dependency.service,
      dependency.minVersion === undefined ? { ...dependency, ...said } : dependency,
    );
  }
  return [...merged.values()].toSorted((a, b) => (a.service < b.service ? -1 : 1));
}
