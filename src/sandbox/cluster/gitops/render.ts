import { posix } from 'node:path';
import { resourceOfKind } from '../api/resources.ts';
import type { KubeObject } from '../rollout/objects.ts';
import type { ApplicationSource } from './application-object.ts';
import { renderChart } from './chart.ts';
import { renderKustomization } from './kustomize.ts';
import { type Files, type Manifests, normalize, readManifests } from './manifests.ts';

/** What an Application's folder says is to be there, or why it cannot be told. */
export type Rendered =
  | { kind: 'objects'; objects: KubeObject[]; sourceType: 'Directory' | 'Kustomize' | 'Helm' }
  | { kind: 'failure'; message: string };

/**
 * Renders the folder an Application names: a kustomization (resources, images, namespace), values for the sandbox's chart, or
 * plain manifests. What it asks for beyond that is an error.
 */
export function render(
  files: Files,
  source: ApplicationSource,
  target: { name: string; namespace: string },
): Rendered {
  const folder = normalize(source.path ?? '.');
  const rendered = renderFolder(files, folder, { source, name: target.name });
  if (rendered.kind === 'failure') return rendered;
  return { ...rendered, objects: rendered.objects.map((object) => placed(object, target.namespace)) };
}

function renderFolder(
  files: Files,
  folder: string,
  options: { source: ApplicationSource; name: string },
): Rendered {
  const own = [...files.keys()].filter((path) => posix.dirname(path) === (folder === '' ? '.' : folder));
  if (own.length === 0) return { kind: 'failure', message: `${folder || '.'}: app path does not exist` };
  const names = new Set(own.map((path) => posix.basename(path)));
  if (names.has('kustomization.yaml') || names.has('kustomization.yml')) {
    return typed(renderKustomization(files, folder), 'Kustomize');
  }
  const valueFiles = options.source.helm?.valueFiles;
  if (names.has('Chart.yaml') || valueFiles !== undefined || isValuesOnly(names)) {
    return typed(renderChart(files, { folder, valueFiles: valueFiles ?? [], name: options.name }), 'Helm');
  }
  return typed(readAll(files, own.sort()), 'Directory');
}

function isValuesOnly(names: ReadonlySet<string>): boolean {
  return [...names].every((name) => /^values.*\.ya?ml$/.test(name));
}

function typed(manifests: Manifests, sourceType: 'Directory' | 'Kustomize' | 'Helm'): Rendered {
  return manifests.kind === 'failure' ? manifests : { ...manifests, sourceType };
}

function readAll(files: Files, paths: readonly string[]): Manifests {
  const objects: KubeObject[] = [];
  for (const path of paths) {
    const read = readManifests(path, files.get(path) ?? '');
    if (read.kind === 'failure') return read;
    objects.push(...read.objects);
  }
  return { kind: 'objects', objects };
}

/** An object in the Application's namespace, where it names none of its own. */
function placed(object: KubeObject, namespace: string): KubeObject {
  const resource = resourceOfKind(object.apiVersion, object.kind);
  if (resource?.namespaced !== true) return object;
  return { ...object, metadata: { ...object.metadata, namespace: object.metadata.namespace ?? namespace } };
}
