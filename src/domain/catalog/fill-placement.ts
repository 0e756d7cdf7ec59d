import type { EnvironmentName, ServiceName } from '../ids.ts';
import { Placement } from './placement.ts';

/** A Kubernetes object's name. Source: https://kubernetes.io/docs/concepts/overview/working-with-objects/names/ */
const OBJECT_NAME = /^[a-z0-9]([-a-z0-9.]{0,251}[a-z0-9])?$/;

/** Puts the names in the place of `{service}` and `{environment}`, in every text of a placement. */
export function fillPlacement(
  template: Placement,
  names: { service: ServiceName; environment: EnvironmentName },
): Placement {
  const fill = (text: string) =>
    text.replaceAll('{service}', names.service).replaceAll('{environment}', names.environment);
  return Placement.parse(mapTexts(template, fill));
}

/** What is wrong with a filled placement in itself, as sentences that follow its key. */
export function placementFaults(placement: Placement): { path: string[]; says: string }[] {
  const { git, argocd } = placement;
  const names: [string[], string][] = [
    [['namespace'], placement.namespace],
    [['rollout'], placement.rollout],
    ...(argocd ? [[['argocd', 'application'], argocd.application] as [string[], string]] : []),
    ...(argocd ? [[['argocd', 'namespace'], argocd.namespace] as [string[], string]] : []),
  ];
  const faults = names
    .filter(([, name]) => !OBJECT_NAME.test(name))
    .map(([path, name]) => ({
      path,
      says: `${JSON.stringify(name)} is no name of a Kubernetes object${hint(name)}`,
    }));
  if (git !== undefined && !isInsideRepository(git.file)) {
    faults.push({ path: ['git', 'file'], says: 'must be a path inside the repository, from its root' });
  }
  return faults;
}

function hint(name: string): string {
  return name.includes('{') ? '; only {service} and {environment} are filled in' : '';
}

/** Files of a repository that are not its own machinery, and nothing outside it. */
function isInsideRepository(file: string): boolean {
  const steps = file.split('/');
  return (
    !file.includes('\\') &&
    steps.every((step) => step !== '' && step !== '.' && step !== '..' && step.toLowerCase() !== '.git')
  );
}

function mapTexts(value: unknown, map: (text: string) => string): unknown {
  if (typeof value === 'string') return map(value);
  if (Array.isArray(value)) return value.map((item) => mapTexts(item, map));
  if (typeof value !== 'object' || value === null) return value;
  return Object.fromEntries(Object.entries(value).map(([key, item]) => [key, mapTexts(item, map)]));
}
