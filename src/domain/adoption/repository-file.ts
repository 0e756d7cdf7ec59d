import { z } from 'zod';

/** A YAML file of a working copy, with what could be read of it. */
export interface RepositoryFile {
  /** From the repository's root, with slashes. */
  path: string;
  /** Values of its documents; empty where it is no YAML, such as a chart's template. */
  documents: readonly unknown[];
  text: string;
}

/** Something that could not be decided, and what a person does about it. */
export interface OpenQuestion {
  /** File or name that it is about; empty for the whole. */
  at: string;
  says: string;
  todo: string;
}

const Meta = z.looseObject({ name: z.string(), namespace: z.string().optional() });

const Container = z.looseObject({ name: z.string(), image: z.string().default('') });
export type Container = z.infer<typeof Container>;

const PodTemplate = z.looseObject({ spec: z.looseObject({ containers: z.array(Container).default([]) }) });

/** A Rollout as it stands in Git. */
export const WrittenRollout = z.looseObject({
  apiVersion: z.string().startsWith('argoproj.io/'),
  kind: z.literal('Rollout'),
  metadata: Meta,
  spec: z.looseObject({
    template: PodTemplate.optional(),
    workloadRef: z.looseObject({ kind: z.string(), name: z.string() }).optional(),
  }),
});
export type WrittenRollout = z.infer<typeof WrittenRollout>;

/** A Deployment that a Rollout may refer to. */
export const WrittenDeployment = z.looseObject({
  kind: z.literal('Deployment'),
  metadata: Meta,
  spec: z.looseObject({ template: PodTemplate }),
});
export type WrittenDeployment = z.infer<typeof WrittenDeployment>;

/** Every document of a file that is what the schema says. */
export function documentsLike<T>(file: RepositoryFile, schema: z.ZodType<T>): T[] {
  return file.documents.flatMap((document) => {
    const read = schema.safeParse(document);
    return read.success ? [read.data] : [];
  });
}

/** Folder of a file, without a slash at the end; empty for the root. */
export function folderOf(path: string): string {
  return path.slice(0, Math.max(0, path.lastIndexOf('/')));
}

/** A path as written in a file of `folder`; absent when it leads out of the repository. */
export function resolvePath(folder: string, written: string): string | undefined {
  const steps = folder === '' ? [] : folder.split('/');
  for (const step of written.split('/')) {
    if (step === '' || step === '.') continue;
    if (step !== '..') steps.push(step);
    else if (steps.pop() === undefined) return undefined;
  }
  return steps.join('/');
}
