import type { Placement } from '../../catalog/placement.ts';
import type { WrittenService } from '../../manifest/service-schema.ts';
import { type DeclaredService, declaredServices } from '../../plan/declared-services.ts';
import type { PlanInput } from '../../plan/plan-input.ts';
import { type Finding, findingAt } from '../finding.ts';

/** What a document states of a service's place, and what the catalog's placements say of the same. */
interface Stated {
  path: readonly [part: keyof WrittenService, key: string];
  value: string;
  /** What a placement has there; absent where it has none. */
  of(placement: Placement): string | undefined;
  /** Absent: the same text. */
  agrees?(written: string, placed: string): boolean;
}

/**
 * Where a service is written and runs is the catalog's word. A document may state it too, as a team that reads it wants to see it: then
 * one of the service's placements says the same.
 */
export function placementsAgree(input: PlanInput): Finding[] {
  return declaredServices(input).flatMap((service) =>
    statedOf(service).flatMap(({ path, value, of, agrees = (a, b) => a === b }) => {
      const placed = [...new Set(service.placements.flatMap((placement) => of(placement) ?? []))];
      if (placed.some((one) => agrees(value, one))) return [];
      return [
        findingAt(input.document, {
          rule: 'catalog-agrees',
          path: ['spec', 'services', service.name, ...path],
          says: `is ${value}, and the catalog's placement has ${placed.length > 0 ? placed.join(', ') : 'none'}`,
          remedy: 'Change the placement in the catalog, or leave it out here.',
        }),
      ];
    }),
  );
}

function statedOf({ written, entry }: DeclaredService): Stated[] {
  const { gitops, kustomize, argocd, rolloutRef } = written;
  const images = Object.values(entry.images);
  return [
    // `acme/gitops` is what a host calls it; here it has the name of its entry in the configuration.
    ...stated('gitops', 'repo', gitops?.repo, ({ git }) => git?.repository, isNamed),
    ...stated('gitops', 'path', gitops?.path, ({ git }) => git && folderOf(git.file)),
    ...stated('gitops', 'file', gitops?.file, ({ git }) => git?.file, isFile),
    ...stated('gitops', 'imageKey', gitops?.imageKey, ({ git }) =>
      git?.format === 'helm' ? (git.keys?.digest ?? 'image.digest') : undefined,
    ),
    ...stated('kustomize', 'path', kustomize?.path, ({ git }) =>
      git?.format === 'kustomize' ? folderOf(git.file) : undefined,
    ),
    ...stated('kustomize', 'overlay', kustomize?.overlay, ({ git }) => git && folderOf(git.file), isStep),
    ...stated('kustomize', 'imageName', kustomize?.imageName, () => images.join(', '), isListed),
    ...stated('argocd', 'app', argocd?.app, (placement) => placement.argocd?.application),
    ...stated('argocd', 'appNamespace', argocd?.appNamespace, (placement) => placement.argocd?.namespace),
    ...stated('rolloutRef', 'cluster', rolloutRef?.cluster, ({ cluster }) => cluster),
    ...stated('rolloutRef', 'namespace', rolloutRef?.namespace, ({ namespace }) => namespace),
    ...stated('rolloutRef', 'name', rolloutRef?.name, ({ rollout }) => rollout),
  ];
}

function stated(
  part: keyof WrittenService,
  key: string,
  value: string | undefined,
  of: Stated['of'],
  agrees?: Stated['agrees'],
): Stated[] {
  return value === undefined ? [] : [{ path: [part, key], value, of, ...(agrees && { agrees }) }];
}

function isNamed(written: string, placed: string): boolean {
  return written === placed || written.replace(/\.git$/, '').endsWith(`/${placed}`);
}

function isFile(written: string, placed: string): boolean {
  return written === placed || placed.endsWith(`/${written}`);
}

function isStep(written: string, placed: string): boolean {
  return placed.split('/').includes(written);
}

function isListed(written: string, placed: string): boolean {
  return placed.split(', ').includes(written);
}

function folderOf(file: string): string {
  return file.split('/').slice(0, -1).join('/');
}
