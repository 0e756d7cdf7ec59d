import { posix } from 'node:path';
import { z } from 'zod';
import type { KubeObject } from '../rollout/objects.ts';
import { type Files, inFolder, type Manifests, normalize, readManifests } from './manifests.ts';
import { readYaml } from './yaml-documents.ts';

const ImageChange = z.strictObject({
  name: z.string(),
  newName: z.string().optional(),
  newTag: z.coerce.string().optional(),
  digest: z.string().optional(),
});
type ImageChange = z.infer<typeof ImageChange>;

const Kustomization = z.strictObject({
  apiVersion: z.string().optional(),
  kind: z.string().optional(),
  resources: z.array(z.string()).default([]),
  namespace: z.string().optional(),
  images: z.array(ImageChange).default([]),
});

/** Folders a kustomization may lie below another. */
const MOST_DEPTH = 10;

/** Builds a kustomization: resources (files and folders), images and namespace; any other field is an error. */
export function renderKustomization(files: Files, folder: string, depth = 0): Manifests {
  const failure = (message: string): Manifests => ({ kind: 'failure', message });
  if (depth > MOST_DEPTH) return failure(`${folder}: kustomizations are nested too deep`);
  const path = ['kustomization.yaml', 'kustomization.yml']
    .map((name) => inFolder(folder, name))
    .find((one) => files.has(one));
  if (path === undefined) return failure(`${folder}: no kustomization.yaml`);
  const read = readYaml(path, files.get(path) ?? '');
  if (read.kind === 'failure') return read;
  const parsed = Kustomization.safeParse(read.documents[0] ?? {});
  if (!parsed.success) {
    const [issue] = parsed.error.issues;
    return failure(`${path}: ${issue?.message} (not supported in the sandbox)`);
  }
  const objects: KubeObject[] = [];
  for (const resource of parsed.data.resources) {
    const made = renderResource(files, normalize(posix.join(folder, resource)), depth);
    if (made.kind === 'failure') return made;
    objects.push(...made.objects);
  }
  const { namespace, images } = parsed.data;
  return { kind: 'objects', objects: objects.map((object) => changed(object, { namespace, images })) };
}

function renderResource(files: Files, path: string, depth: number): Manifests {
  const text = files.get(path);
  if (text !== undefined) return readManifests(path, text);
  return renderKustomization(files, path, depth + 1);
}

function changed(
  object: KubeObject,
  change: { namespace: string | undefined; images: ImageChange[] },
): KubeObject {
  const { namespace, images } = change;
  const renamed = images.length === 0 ? object : (withImages(object, images) as KubeObject);
  if (namespace === undefined) return renamed;
  return { ...renamed, metadata: { ...renamed.metadata, namespace } };
}

/** Changes every image below a list of containers, wherever it is: so kustomize finds those of custom resources too. */
function withImages(value: unknown, images: readonly ImageChange[], key = ''): unknown {
  if (Array.isArray(value)) return value.map((item) => withImages(item, images, key));
  if (typeof value !== 'object' || value === null) return value;
  const isContainer = key === 'containers' || key === 'initContainers';
  return Object.fromEntries(
    Object.entries(value).map(([name, member]) => [
      name,
      isContainer && name === 'image' && typeof member === 'string'
        ? newImage(member, images)
        : withImages(member, images, name),
    ]),
  );
}

function newImage(image: string, images: readonly ImageChange[]): string {
  const [, name = '', rest = ''] = /^(.*?)((?::[^:/@]+)?(?:@.+)?)$/.exec(image) ?? [];
  const change = images.find((one) => one.name === name);
  if (change === undefined) return image;
  const { newName = name, newTag, digest } = change;
  if (digest !== undefined) return `${newName}${newTag === undefined ? '' : `:${newTag}`}@${digest}`;
  return newTag === undefined ? `${newName}${rest}` : `${newName}:${newTag}`;
}
