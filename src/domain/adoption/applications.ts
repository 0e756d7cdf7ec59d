import { z } from 'zod';
import {
  documentsLike,
  folderOf,
  type OpenQuestion,
  type RepositoryFile,
  resolvePath,
} from './repository-file.ts';

const Source = z.looseObject({
  path: z.string().optional(),
  ref: z.string().optional(),
  helm: z
    .looseObject({ releaseName: z.string().optional(), valueFiles: z.array(z.string()).default([]) })
    .optional(),
});

/** Source: https://argo-cd.readthedocs.io/en/stable/user-guide/application-specification/ */
const WrittenApplication = z.looseObject({
  apiVersion: z.string().startsWith('argoproj.io/'),
  kind: z.literal('Application'),
  metadata: z.looseObject({ name: z.string(), namespace: z.string().optional() }),
  spec: z.looseObject({
    source: Source.optional(),
    sources: z.array(Source).default([]),
    destination: z
      .looseObject({
        name: z.string().optional(),
        server: z.string().optional(),
        namespace: z.string().optional(),
      })
      .default({}),
  }),
});

const ApplicationSet = z.looseObject({
  kind: z.literal('ApplicationSet'),
  metadata: z.looseObject({ name: z.string() }),
});

/** An Argo CD Application, with the places of the working copy that it applies. */
export interface GivenApplication {
  name: string;
  namespace: string;
  /** Folders. */
  folders: readonly string[];
  /** Values files, from the repository's root. */
  valueFiles: readonly string[];
  releaseName?: string | undefined;
  destination: { name?: string | undefined; server?: string | undefined; namespace?: string | undefined };
}

export function applicationsIn(files: readonly RepositoryFile[]): {
  applications: GivenApplication[];
  open: OpenQuestion[];
} {
  return {
    applications: files.flatMap((file) => documentsLike(file, WrittenApplication).map(given)),
    open: files.flatMap((file) =>
      documentsLike(file, ApplicationSet).map(({ metadata }) => ({
        at: file.path,
        says: `ApplicationSet ${metadata.name} makes Applications that only Argo CD knows`,
        todo: 'Write argocd: { application: … } at the placements that it applies, or run init with --kubeconfig.',
      })),
    ),
  };
}

function given({ metadata, spec }: z.infer<typeof WrittenApplication>): GivenApplication {
  const sources = [...(spec.source ? [spec.source] : []), ...spec.sources];
  const folders = sources.flatMap(({ path }) => (path === undefined ? [] : (resolvePath('', path) ?? [])));
  return {
    name: metadata.name,
    namespace: metadata.namespace ?? 'argocd',
    folders,
    valueFiles: sources.flatMap(({ path, helm }) =>
      (helm?.valueFiles ?? []).flatMap((file) => valueFile(file, path ?? '') ?? []),
    ),
    releaseName: sources.find(({ helm }) => helm?.releaseName !== undefined)?.helm?.releaseName,
    destination: spec.destination,
  };
}

/** `$ref/path` is from the root of another source: taken as this repository, which it mostly is. */
function valueFile(written: string, folder: string): string | undefined {
  const fromRoot = /^\$[^/]+\/(.*)$/.exec(written)?.[1];
  return fromRoot === undefined ? resolvePath(folder, written) : resolvePath('', fromRoot);
}

/** The one that applies a file: by its values files first, then by the longest folder around it. */
export function applicationFor(
  applications: readonly GivenApplication[],
  files: readonly string[],
): GivenApplication | undefined {
  const byValues = applications.find(({ valueFiles }) => files.some((file) => valueFiles.includes(file)));
  if (byValues) return byValues;
  const around = files.flatMap((file) =>
    applications.flatMap((application) =>
      application.folders.flatMap((folder) => (folderOf(file) === folder ? [{ application, folder }] : [])),
    ),
  );
  return around.sort((a, b) => b.folder.length - a.folder.length)[0]?.application;
}
