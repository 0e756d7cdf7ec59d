import { sameJson } from './merge-patch.ts';
import { POD_HASH_LABEL } from './names.ts';
import type { Container, PodTemplate } from './objects.ts';

/** A pod template with the fields filled in that the API server fills in (kubernetes `pkg/apis/core/v1/defaults.go`). */
export function withDefaults(template: PodTemplate): PodTemplate {
  const { containers, initContainers, ...spec } = template.spec;
  return {
    ...template,
    metadata: template.metadata ?? {},
    spec: {
      restartPolicy: 'Always',
      terminationGracePeriodSeconds: 30,
      dnsPolicy: 'ClusterFirst',
      securityContext: {},
      schedulerName: 'default-scheduler',
      ...spec,
      containers: (containers ?? []).map(containerWithDefaults),
      ...(initContainers === undefined ? {} : { initContainers: initContainers.map(containerWithDefaults) }),
    },
  };
}

function containerWithDefaults(container: Container): Container {
  return {
    resources: {},
    terminationMessagePath: '/dev/termination-log',
    terminationMessagePolicy: 'File',
    imagePullPolicy: pullPolicy(container.image ?? ''),
    ...container,
    ...(Array.isArray(container['ports']) ? { ports: container['ports'].map(portWithDefaults) } : {}),
  };
}

function portWithDefaults(port: unknown): unknown {
  return typeof port === 'object' && port !== null ? { protocol: 'TCP', ...port } : port;
}

/** `Always` only for the tag `latest`, written or meant; a digest never changes. */
function pullPolicy(image: string): string {
  if (image.includes('@')) return 'IfNotPresent';
  const tag = image.slice(image.lastIndexOf('/') + 1).split(':')[1];
  return tag === undefined || tag === 'latest' ? 'Always' : 'IfNotPresent';
}

/**
 * A template as the controller writes it back: Go leaves empty lists and empty labels and annotations out, and writes empty
 * `resources` for containers that have none. Absent: it says the same.
 */
export function respelled(template: PodTemplate): PodTemplate | undefined {
  const { containers, initContainers, ...spec } = template.spec;
  const spell = (container: Container): Container => ({ resources: {}, ...withoutEmptyLists(container) });
  const spelled: PodTemplate = {
    ...template,
    ...(template.metadata === undefined ? {} : { metadata: withoutEmptyMaps(template.metadata) }),
    spec: {
      ...withoutEmptyLists(spec),
      containers: containers.map(spell),
      ...(initContainers === undefined ? {} : { initContainers: initContainers.map(spell) }),
    },
  };
  return sameJson(spelled, template) ? undefined : spelled;
}

function withoutEmptyLists<T extends object>(object: T): T {
  const kept = Object.entries(object).filter(([, member]) => !Array.isArray(member) || member.length > 0);
  return Object.fromEntries(kept) as T;
}

function withoutEmptyMaps<T extends object>(object: T): T {
  const isEmpty = (member: unknown): boolean =>
    typeof member === 'object' && member !== null && Object.keys(member).length === 0;
  return Object.fromEntries(Object.entries(object).filter(([, member]) => !isEmpty(member))) as T;
}

/** The template under which a ReplicaSet makes its pods: the Rollout's, carrying the hash as a label. */
export function withPodHash(template: PodTemplate, podHash: string): PodTemplate {
  const labels = { ...template.metadata?.labels, [POD_HASH_LABEL]: podHash };
  return { ...template, metadata: { ...template.metadata, labels } };
}

/** The template a Rollout would have had to make this ReplicaSet: what `kubectl argo rollouts undo` writes back. */
export function withoutPodHash(template: PodTemplate): PodTemplate {
  const { [POD_HASH_LABEL]: _, ...labels } = template.metadata?.labels ?? {};
  return { ...template, metadata: { ...template.metadata, labels } };
}
