import { parse, parseAllDocuments } from 'yaml';
import { z } from 'zod';
import { textOf } from './repository.ts';

/** Folder of the kustomize base. */
export const BASE = 'manifests/kubernetes';

/** What a `kustomization.yaml` says, as far as it is judged. */
export const Kustomization = z.object({
  resources: z.array(z.string()),
  configMapGenerator: z
    .array(z.object({ name: z.string(), namespace: z.string(), files: z.array(z.string()) }))
    .default([]),
  images: z.array(z.object({ name: z.string(), newName: z.string() })).default([]),
});

const Labels = z.record(z.string(), z.string()).default({});
/** A port of a container, a service or a policy. */
export const Port = z.object({
  name: z.string().optional(),
  containerPort: z.int().optional(),
  port: z.union([z.int(), z.string()]).optional(),
  targetPort: z.string().optional(),
});
const Container = z.object({
  image: z.string(),
  args: z.array(z.string()).default([]),
  ports: z.array(Port),
  env: z.array(
    z.object({
      name: z.string(),
      valueFrom: z.object({
        secretKeyRef: z.object({ name: z.string(), key: z.string(), optional: z.boolean().optional() }),
      }),
    }),
  ),
  volumeMounts: z.array(z.object({ name: z.string(), mountPath: z.string() })),
  securityContext: z.looseObject({}),
  resources: z.looseObject({ limits: z.looseObject({ memory: z.string() }) }),
});
const PodTemplate = z.object({
  metadata: z.object({ labels: Labels }),
  spec: z.looseObject({
    serviceAccountName: z.string().optional(),
    terminationGracePeriodSeconds: z.number(),
    securityContext: z.looseObject({ runAsNonRoot: z.boolean() }),
    containers: z.array(Container).length(1),
    volumes: z
      .array(z.looseObject({ name: z.string(), configMap: z.object({ name: z.string() }).optional() }))
      .default([]),
  }),
});
const KubeObject = z.looseObject({
  kind: z.string(),
  metadata: z.looseObject({ name: z.string(), namespace: z.string().optional(), labels: Labels }),
  spec: z.looseObject({ template: PodTemplate.optional() }).optional(),
});
export type KubeObject = z.infer<typeof KubeObject>;

/** What a kustomization lists, read from its files. */
export function objectsOf(folder: string): KubeObject[] {
  const { resources } = Kustomization.parse(parse(textOf(`${folder}/kustomization.yaml`)));
  return resources.flatMap((file) =>
    parseAllDocuments(textOf(`${folder}/${file}`)).map((document) => KubeObject.parse(document.toJS())),
  );
}

/** The one object of a kind. Throws when there is not exactly one. */
export function only(objects: readonly KubeObject[], kind: string): KubeObject {
  const [found, ...others] = objects.filter((object) => object.kind === kind);
  if (found === undefined || others.length > 0) throw new Error(`there is not one ${kind}`);
  return found;
}

/** The pod of a workload, and its one container. Throws when it has none. */
export function podOf(workload: KubeObject): {
  template: z.infer<typeof PodTemplate>;
  container: z.infer<typeof Container>;
} {
  const template = workload.spec?.template;
  const [container] = template?.spec.containers ?? [];
  if (template === undefined || container === undefined) throw new Error(`${workload.kind} has no pod`);
  return { template, container };
}
