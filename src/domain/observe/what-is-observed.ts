import type { Catalog } from '../catalog/catalog.ts';
import { placementId } from '../catalog/placement.ts';
import type { EnvironmentName } from '../ids.ts';
import type { EnvironmentRules, Rules } from '../rules.ts';

type Observing = Pick<Rules, 'observeOnly' | 'environments'>;

/** Environments that nothing is written for, in promotion order. */
export function observedEnvironments({ environments }: Pick<Rules, 'environments'>): EnvironmentRules[] {
  return environments.filter(({ observeOnly }) => observeOnly);
}

/**
 * Why a commit must not be made: the whole installation only observes, or one of the files belongs to an environment that is only
 * observed. Absent: it may. Without a catalog only manifests are known to belong somewhere.
 */
export function commitForbidden(
  { rules, catalog }: { rules: Observing; catalog: Catalog | undefined },
  commit: { repository: string; files: readonly string[] },
): string | undefined {
  if (rules.observeOnly) return WHOLE;
  const found = observedEnvironments(rules).find(
    (environment) =>
      commit.files.some((file) => isManifest(file, { environment, repository: commit.repository })) ||
      filesIn(catalog, environment.name, commit.repository).some((file) => commit.files.includes(file)),
  );
  return found && inWords(found.name);
}

/** The same of a write to a Rollout, or to the Argo CD Application of one. */
export function writeForbidden(
  { rules, catalog }: { rules: Observing; catalog: Catalog | undefined },
  target: { cluster: string; namespace: string; rollout: string } | Application,
): string | undefined {
  if (rules.observeOnly) return WHOLE;
  const found = observedEnvironments(rules).find(({ name }) =>
    placementsIn(catalog, name).some((placement) =>
      'rollout' in target
        ? placementId(placement) === placementId(target)
        : placement.cluster === target.cluster &&
          placement.argocd?.application === target.application &&
          placement.argocd.namespace === target.namespace,
    ),
  );
  return found && inWords(found.name);
}

interface Application {
  cluster: string;
  namespace: string;
  application: string;
}

const WHOLE = 'signalbox.yaml says mode: observe, so that nothing is written anywhere';

function inWords(environment: EnvironmentName): string {
  return `signalbox.yaml says mode: observe for ${environment}, so that nothing is written there`;
}

function isManifest(
  file: string,
  {
    environment,
    repository,
  }: { environment: Pick<EnvironmentRules, 'name' | 'repository' | 'manifestPath'>; repository: string },
): boolean {
  if (environment.repository !== repository) return false;
  const parts = environment.manifestPath
    .replaceAll('{environment}', environment.name)
    .split('{train}')
    .map((part) => part.replace(/[.*+?^${}()|[\]\\]/g, '\\$&'));
  return new RegExp(`^${parts.join('[^/]+')}$`).test(file);
}

function filesIn(catalog: Catalog | undefined, environment: EnvironmentName, repository: string): string[] {
  return placementsIn(catalog, environment).flatMap(({ git }) =>
    git?.repository === repository ? [git.file] : [],
  );
}

function placementsIn(catalog: Catalog | undefined, environment: EnvironmentName) {
  return Object.values(catalog?.services ?? {}).flatMap(({ placements }) => placements[environment] ?? []);
}
