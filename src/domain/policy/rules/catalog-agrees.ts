import { catalogService, placementsOf } from '../../catalog/catalog.ts';
import { placementId } from '../../catalog/placement.ts';
import type { Path } from '../../document/fault.ts';
import { own } from '../../document/own.ts';
import { ReleaseName } from '../../ids.ts';
import { didYouMean } from '../../naming/nearest.ts';
import { declaredImages, declaredServices } from '../../plan/declared-services.ts';
import type { PlanInput } from '../../plan/plan-input.ts';
import { targetContent } from '../../plan/target-content.ts';
import { type Finding, findingAt } from '../finding.ts';
import { placementsAgree } from './placement-agrees.ts';

/** `release-name`: the document is the one it was cut as. */
export function releaseNameMatches(input: PlanInput): Finding[] {
  const { name } = input.manifest.metadata;
  if (name === input.name) return [];
  const path = ['metadata', 'name'];
  const says = ReleaseName.safeParse(name).success
    ? `is ${name}, and the release is ${input.name}`
    : `${name} is no release name, which end in a day and a number`;
  return [findingAt(input.document, { rule: 'release-name', path, says, remedy: `Write ${input.name}.` })];
}

/** `catalog-agrees`: environment, services, containers, repositories and owners are the catalog's. */
export function catalogAgrees(input: PlanInput): Finding[] {
  return [
    ...environmentFindings(input),
    ...serviceFindings(input),
    ...imageFindings(input),
    ...ownerFindings(input),
    ...placementsAgree(input),
    ...fileFindings(input),
  ];
}

function environmentFindings(input: PlanInput): Finding[] {
  const { environment } = input.manifest.spec;
  if (environment === input.environment.name) return [];
  const says = `is ${environment}, and the release is cut for ${input.environment.name}`;
  return [
    disagrees(input, { path: ['spec', 'environment'], says, remedy: `Write ${input.environment.name}.` }),
  ];
}

function serviceFindings(input: PlanInput): Finding[] {
  const environment = input.environment.name;
  return Object.keys(input.manifest.spec.services).flatMap((service) => {
    const path = ['spec', 'services', service];
    if (catalogService(input.catalog, service) === undefined) {
      const near = didYouMean(service, Object.keys(input.catalog.services));
      return [
        disagrees(input, {
          path,
          says: `the catalog has no service ${service}`,
          remedy: `Add it to the catalog, or: ${near}`,
        }),
      ];
    }
    const placements = placementsOf(input.catalog, { service, environment });
    const outsideGit = placements.filter((placement) => placement.git === undefined).map(placementId);
    if (outsideGit.length > 0) {
      const says = `${service} has no file in Git for ${outsideGit.join(', ')}`;
      return [
        disagrees(input, {
          path,
          says,
          remedy: 'Say under git of the placement which file decides what runs there.',
        }),
      ];
    }
    if (placements.length > 0) return [];
    const says = `${service} does not exist in ${environment}`;
    return [disagrees(input, { path, says, remedy: 'Leave it out, or give it a placement in the catalog.' })];
  });
}

function imageFindings(input: PlanInput): Finding[] {
  const images = declaredImages(input.manifest, input.catalog);
  const wrong = images.flatMap(({ service, container, reference, path }) => {
    const entry = catalogService(input.catalog, service);
    if (entry === undefined) return [];
    const containers = Object.keys(entry.images).join(', ');
    if (container === undefined) {
      const says = `names one image, and ${service} has the containers ${containers}`;
      return [disagrees(input, { path, says, remedy: 'Name each under images, by container.' })];
    }
    const repository = own(entry.images, container);
    if (repository === undefined) {
      const says = `${service} has no container ${container}`;
      return [disagrees(input, { path, says, remedy: `Its containers are ${containers}.` })];
    }
    if (repository === reference.repository) return [];
    const says = `is from ${reference.repository}, and the catalog has ${repository}`;
    return [disagrees(input, { path, says, remedy: 'Change the catalog first if the image has moved.' })];
  });
  return [...wrong, ...missingImages(input)];
}

function missingImages(input: PlanInput): Finding[] {
  return declaredServices(input).flatMap(({ name, written, entry }) => {
    const path = ['spec', 'services', name];
    if (written.image !== undefined && written.images !== undefined) {
      return [disagrees(input, { path, says: 'has both image and images', remedy: 'Keep one of them.' })];
    }
    const missing = Object.keys(entry.images).filter(
      (container) => !Object.hasOwn(written.images ?? {}, container),
    );
    if (written.images === undefined || missing.length === 0) return [];
    const says = `names no image for ${missing.join(', ')}`;
    return [
      disagrees(input, {
        path: [...path, 'images'],
        says,
        remedy: 'Name the image of every container the catalog lists.',
      }),
    ];
  });
}

function ownerFindings(input: PlanInput): Finding[] {
  return declaredServices(input).flatMap(({ name, written, entry }) => {
    const { owners } = written;
    if (owners === undefined || (owners.length === 1 && owners[0] === entry.owner)) return [];
    const says = `is ${owners.join(', ') || 'nobody'}, and the catalog's owner is ${entry.owner}`;
    return [
      disagrees(input, {
        path: ['spec', 'services', name, 'owners'],
        says,
        remedy: 'Change the owner in the catalog, or leave it out here.',
      }),
    ];
  });
}

/** Content that the files of a placement have no room for. */
function fileFindings(input: PlanInput): Finding[] {
  return declaredServices(input).flatMap((service) => {
    const target = targetContent(service, input);
    if (target?.kind !== 'impossible') return [];
    const path = ['spec', 'services', service.name];
    return [disagrees(input, { path, says: target.says, remedy: 'Change the placement in the catalog.' })];
  });
}

function disagrees(input: PlanInput, found: { path: Path; says: string; remedy: string }): Finding {
  return findingAt(input.document, { rule: 'catalog-agrees', ...found });
}
