import { z } from 'zod';
import { documentsLike, type OpenQuestion, type RepositoryFile } from './repository-file.ts';

/** Source: https://backstage.io/docs/features/software-catalog/descriptor-format */
const WrittenComponent = z.looseObject({
  apiVersion: z.string().startsWith('backstage.io/'),
  kind: z.literal('Component'),
  metadata: z.looseObject({
    name: z.string(),
    labels: z.record(z.string(), z.coerce.string()).default({}),
    annotations: z.record(z.string(), z.coerce.string()).default({}),
    tags: z.array(z.string()).default([]),
  }),
  spec: z.looseObject({
    lifecycle: z.string().optional(),
    system: z.string().optional(),
    owner: z.string().optional(),
    dependsOn: z.array(z.string()).default([]),
  }),
});
type WrittenComponent = z.infer<typeof WrittenComponent>;

/** Any entity of Backstage, told by its version. */
const Entity = z.looseObject({ apiVersion: z.string().startsWith('backstage.io/'), kind: z.string() });

/** What Backstage says of a component, as far as a catalog of ours can use it. */
export interface Component {
  name: string;
  /** Name of the group or person that owns it; absent where it names none. */
  owner: string | undefined;
  /** 0 to 4; Backstage has no field of its own for it. Absent where nothing says it. */
  tier: number | undefined;
  /** Names of components that it needs. */
  dependsOn: readonly string[];
  /** Name of the system it is part of; absent where it names none. */
  system?: string | undefined;
  /** Argo CD Applications that it names. */
  applications: readonly string[];
  /** Repository of its one image, as an annotation of ours says; absent: it is no service by itself. */
  image?: string | undefined;
  /** Environments in which it exists, as an annotation of ours says; absent: all. */
  environments?: readonly string[] | undefined;
  /** File that it stands in, or `Backstage`. */
  file: string;
}

/** Where a tier usually stands, the first that says one counts; there is no standard field. */
const TIER = /^(?:tier-?)?([0-4])$/i;
const TIER_ANNOTATION = 'release.gitplumbers.io/tier';
const IMAGE_ANNOTATION = 'release.gitplumbers.io/image';
const ENVIRONMENTS_ANNOTATION = 'release.gitplumbers.io/environments';

/** An entity as a live Backstage gives it. */
export type ReadEntity =
  | { kind: 'component'; component: Component }
  | { kind: 'unusable'; name: string; says: string }
  /** An entity that is something else. */
  | { kind: 'other' };

const Named = z.looseObject({ metadata: z.looseObject({ name: z.string() }) });

/** What one entity of a live Backstage says, by the same rules as a file of its own. */
export function componentFrom(entity: unknown): ReadEntity {
  const known = Entity.safeParse(entity);
  if (!known.success || known.data.kind !== 'Component') return { kind: 'other' };
  const read = WrittenComponent.safeParse(entity);
  if (read.success) return { kind: 'component', component: componentOf('Backstage', read.data) };
  const [issue] = read.error.issues;
  const name = Named.safeParse(entity).data?.metadata.name ?? 'without a name';
  return { kind: 'unusable', name, says: `${issue?.path.join('.')}: ${issue?.message}` };
}

/** Every component of a working copy, and the entities that should be one and cannot be read. */
export function componentsIn(files: readonly RepositoryFile[]): {
  components: Component[];
  open: OpenQuestion[];
} {
  const components = files.flatMap((file) =>
    documentsLike(file, WrittenComponent).map((written) => componentOf(file.path, written)),
  );
  const open = files.flatMap((file) =>
    documentsLike(file, Entity)
      .filter(({ kind }) => kind === 'Component')
      .flatMap((entity) => {
        const { error } = WrittenComponent.safeParse(entity);
        const [issue] = error?.issues ?? [];
        if (issue === undefined) return [];
        return [
          {
            at: file.path,
            says: `is a component of Backstage that cannot be used: ${issue.path.join('.')}: ${issue.message}`,
            todo: 'Put it right, or write its owner, tier and dependsOn into the catalog.',
          },
        ];
      }),
  );
  return { components, open };
}

/** The component that a service is: the one of its name, else the one that names an Application of it. */
export function componentFor(
  components: readonly Component[],
  { service, applications }: { service: string; applications: readonly string[] },
): Component | undefined {
  return (
    components.find(({ name }) => name === service) ??
    components.find((component) => component.applications.some((one) => applications.includes(one)))
  );
}

function componentOf(file: string, { metadata, spec }: WrittenComponent): Component {
  const {
    'argocd/app-name': application,
    [IMAGE_ANNOTATION]: image,
    [ENVIRONMENTS_ANNOTATION]: environments,
  } = metadata.annotations;
  return {
    name: metadata.name.toLowerCase(),
    owner: spec.owner === undefined ? undefined : referenceOf(spec.owner).name,
    tier: tierOf({ metadata, lifecycle: spec.lifecycle }),
    dependsOn: spec.dependsOn
      .map(referenceOf)
      .filter(({ kind }) => kind === undefined || kind === 'component')
      .map(({ name }) => name),
    ...(spec.system !== undefined && { system: referenceOf(spec.system).name }),
    applications: application === undefined ? [] : [application],
    ...(image !== undefined && { image }),
    ...(environments !== undefined && { environments: environments.split(/[,\s]+/).filter(Boolean) }),
    file,
  };
}

/** `[kind:][namespace/]name`, whose case means nothing. Source: https://backstage.io/docs/features/software-catalog/references */
function referenceOf(text: string): { kind: string | undefined; name: string } {
  const [, kind, name = ''] = /^(?:([^:/]+):)?(?:[^/]+\/)?(.+)$/.exec(text.toLowerCase()) ?? [];
  return { kind, name };
}

function tierOf({
  metadata: { labels, annotations, tags },
  lifecycle,
}: {
  metadata: WrittenComponent['metadata'];
  lifecycle: string | undefined;
}): number | undefined {
  const orgs = Object.entries(labels).flatMap(([key, value]) => (key.endsWith('/tier') ? [value] : []));
  const said = [
    labels['tier'],
    ...orgs,
    annotations[TIER_ANNOTATION],
    ...tags.filter((tag) => /^tier/i.test(tag)),
  ]
    .flatMap((text) => TIER.exec(text?.trim() ?? '')?.[1] ?? [])
    .map(Number);
  // What is an experiment is missed by nobody yet.
  return said[0] ?? (lifecycle?.toLowerCase() === 'experimental' ? 4 : undefined);
}
