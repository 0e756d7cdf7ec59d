import { WORKLOAD_GENERATION } from './names.ts';
import type { KubeObject, LabelSelector, PodTemplate } from './objects.ts';
import type { Rollout } from './rollout-object.ts';

/** A Rollout with the pod template of its workload in place. */
export interface Resolved {
  rollout: Rollout;
  /** Annotations to write: the workload's generation, when it is not the one noted. */
  annotations?: Record<string, string>;
  /** Why there is no template. */
  fault?: string;
}

/** Takes template and selector from the object that `spec.workloadRef` names; does nothing where it names none. */
export function resolveWorkload(rollout: Rollout, workload: KubeObject | undefined): Resolved {
  const { workloadRef } = rollout.spec;
  if (workloadRef === undefined) return { rollout };
  const fault = (reason: string): Resolved => ({
    rollout,
    fault: `spec.workloadRef: Invalid value: ${JSON.stringify(workloadRef)}: ${reason}`,
  });
  if (rollout.spec.template !== undefined)
    return fault('template must be empty for workload reference rollout');
  if (workload === undefined) {
    return fault(`${resourceOf(workloadRef.kind)} "${workloadRef.name}" not found`);
  }
  const spec = workload['spec'] as { template?: PodTemplate; selector?: LabelSelector } | undefined;
  const template = workload.kind === 'PodTemplate' ? (workload['template'] as PodTemplate) : spec?.template;
  if (template === undefined) return fault(`workload of type ${workloadRef.kind} is not supported`);
  return withTemplate(rollout, {
    template,
    selector: spec?.selector,
    generation: String(workload.metadata.generation ?? 0),
  });
}

function withTemplate(
  rollout: Rollout,
  from: { template: PodTemplate; selector: LabelSelector | undefined; generation: string },
): Resolved {
  const { metadata, spec } = rollout;
  const annotations = { [WORKLOAD_GENERATION]: from.generation };
  const resolved: Rollout = {
    ...rollout,
    metadata: { ...metadata, annotations: { ...metadata.annotations, ...annotations } },
    spec: { ...spec, template: from.template, selector: spec.selector ?? from.selector },
  };
  const isNoted = metadata.annotations?.[WORKLOAD_GENERATION] === from.generation;
  return isNoted ? { rollout: resolved } : { rollout: resolved, annotations };
}

function resourceOf(kind: string): string {
  return kind === 'Deployment' || kind === 'ReplicaSet'
    ? `${kind.toLowerCase()}s.apps`
    : `${kind.toLowerCase()}s`;
}
