import type { Dependency } from '../catalog/catalog.ts';
import { type Content, type Image, sameContent } from '../content.ts';
import { own } from '../document/own.ts';
import type { ServiceName } from '../ids.ts';
import { compareVersions } from './version-order.ts';

/** A service of a release, as far as it decides who goes back with whom. */
export interface Moving {
  from?: Content | undefined;
  to: Content;
  dependsOn: readonly Dependency[];
}

/**
 * For each service of a release, the others whose new content its own new content needs: when one of those goes back, this one
 * goes back with it. A dependency that names a lowest version is needed only if the content before was lower; one that names
 * none holds no proof that the old content would do, and is needed.
 */
export function needsOf(services: Readonly<Record<ServiceName, Moving>>): Record<ServiceName, ServiceName[]> {
  const entries = Object.entries(services).map(([name, service]) => {
    const needed = service.dependsOn.filter((dependency) => isNeeded(service, { dependency, services }));
    return [name, [...new Set(needed.map((dependency) => dependency.service))].sort()];
  });
  return Object.fromEntries(entries);
}

/** The version a content is called by; absent when its images have none or several. */
export function versionNumber(content: Content | undefined): string | undefined {
  const versions = new Set(Object.values<Image>(content?.images ?? {}).map((image) => image.version));
  return versions.size === 1 ? [...versions][0] : undefined;
}

function isNeeded(
  service: Moving,
  { dependency, services }: { dependency: Dependency; services: Readonly<Record<ServiceName, Moving>> },
): boolean {
  const other = own(services, dependency.service);
  if (other === undefined || !changes(other) || !changes(service)) return false;
  if (other.from === undefined || dependency.minVersion === undefined) return true;
  const order = compareVersions(versionNumber(other.from), dependency.minVersion);
  return order === undefined || order < 0;
}

function changes(service: Moving): boolean {
  return service.from === undefined || !sameContent(service.from, service.to);
}
