import { posix } from 'node:path';
import { z } from 'zod';
import { applyMergePatch } from '../rollout/merge-patch.ts';
import type { KubeObject } from '../rollout/objects.ts';
import { type Files, type Manifests, normalize } from './manifests.ts';
import { readYaml } from './yaml-documents.ts';

const texts = z.record(z.string(), z.coerce.string()).default({});

/** The values of the one chart the sandbox knows. */
export const ChartValues = z.looseObject({
  /** Name of Rollout, Service and container; absent: the Application's. */
  name: z.string().optional(),
  image: z.object({
    repository: z.string(),
    tag: z.coerce.string().optional(),
    digest: z.string().optional(),
  }),
  replicas: z.int().nonnegative().default(2),
  /** Steps of the canary; none: new pods replace old ones at once. */
  steps: z.array(z.record(z.string(), z.unknown())).default([]),
  port: z.int().default(8080),
  env: texts,
  podAnnotations: texts,
});
export type ChartValues = z.infer<typeof ChartValues>;

/** Renders values into a Rollout and a Service. `values.yaml` is taken first, then the files named, later ones over earlier. */
export function renderChart(
  files: Files,
  release: { folder: string; valueFiles: readonly string[]; name: string },
): Manifests {
  const { folder, valueFiles } = release;
  const base = normalize(posix.join(folder, 'values.yaml'));
  const named = valueFiles.map((name) => normalize(posix.join(folder, name)));
  let merged: unknown = {};
  for (const path of new Set([...(files.has(base) ? [base] : []), ...named])) {
    const text = files.get(path);
    if (text === undefined) return { kind: 'failure', message: `open ${path}: no such file or directory` };
    const read = readYaml(path, text);
    if (read.kind === 'failure') return read;
    merged = applyMergePatch(merged, read.documents[0] ?? {});
  }
  const values = ChartValues.safeParse(merged);
  if (!values.success) {
    const [issue] = values.error.issues;
    return { kind: 'failure', message: `values: ${issue?.path.join('.')}: ${issue?.message}` };
  }
  return { kind: 'objects', objects: objectsFor(values.data, values.data.name ?? release.name) };
}

function objectsFor(values: ChartValues, name: string): KubeObject[] {
  const labels = { app: name };
  const { repository, tag, digest } = values.image;
  const tagged = tag === undefined ? repository : `${repository}:${tag}`;
  const image = digest === undefined ? tagged : `${tagged}@${digest}`;
  const env = Object.entries(values.env).map(([key, value]) => ({ name: key, value }));
  const container = {
    name,
    image,
    ports: [{ containerPort: values.port }],
    ...(env.length === 0 ? {} : { env }),
  };
  const annotations =
    Object.keys(values.podAnnotations).length === 0 ? {} : { annotations: values.podAnnotations };
  return [
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name, labels },
      spec: { selector: labels, ports: [{ port: 80, targetPort: values.port }] },
    },
    {
      apiVersion: 'argoproj.io/v1alpha1',
      kind: 'Rollout',
      metadata: { name, labels },
      spec: {
        replicas: values.replicas,
        selector: { matchLabels: labels },
        strategy: { canary: { steps: values.steps } },
        template: { metadata: { labels, ...annotations }, spec: { containers: [container] } },
      },
    },
  ];
}
