import { posix } from 'node:path';
import { z } from 'zod';
import type { KubeObject } from '../rollout/objects.ts';
import { readYaml } from './yaml-documents.ts';

/** Files of a commit, by path. */
export type Files = ReadonlyMap<string, string>;

/** Objects of a manifest file, or what is wrong with it. */
export type Manifests = { kind: 'objects'; objects: KubeObject[] } | { kind: 'failure'; message: string };

const Manifest = z.looseObject({
  apiVersion: z.string(),
  kind: z.string(),
  metadata: z.looseObject({ name: z.string().min(1), namespace: z.string().optional() }),
});

/** A path from the repository's root, without `./` and trailing slash; the root is empty. */
export function normalize(path: string): string {
  const plain = posix.normalize(path).replace(/\/$/, '');
  return plain === '.' ? '' : plain;
}

/** The path of a file in a folder. */
export function inFolder(folder: string, name: string): string {
  return folder === '' ? name : `${folder}/${name}`;
}

/** Reads the objects of one manifest file; a `List` stands for its items. */
export function readManifests(path: string, text: string): Manifests {
  const read = readYaml(path, text);
  if (read.kind === 'failure') return read;
  const objects: KubeObject[] = [];
  for (const document of read.documents.flatMap(itemsOf)) {
    const manifest = Manifest.safeParse(document);
    if (!manifest.success) {
      const [issue] = manifest.error.issues;
      return { kind: 'failure', message: `${path}: ${issue?.path.join('.')}: ${issue?.message}` };
    }
    objects.push(manifest.data as KubeObject);
  }
  return { kind: 'objects', objects };
}

function itemsOf(document: unknown): unknown[] {
  const list = z.object({ kind: z.literal('List'), items: z.array(z.unknown()) }).safeParse(document);
  return list.success ? list.data.items : [document];
}
