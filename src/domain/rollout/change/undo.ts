import { z } from 'zod';
import { POD_HASH_LABEL } from '../objects/replica-set-object.ts';
import type { RolloutObject } from '../objects/rollout-object.ts';
import type { WorkloadObject } from '../objects/workload-object.ts';
import { type PatchOperation, test } from './rollout-change.ts';

/** What the controller injected into a ReplicaSet's template for `canaryMetadata` and `stableMetadata`. */
const EPHEMERAL_METADATA = 'rollout.argoproj.io/ephemeral-metadata';

const Texts = z.record(z.string(), z.string());
const Injected = z.object({ labels: Texts.nullish(), annotations: Texts.nullish() });

/** The parts of a ReplicaSet that an undo copies; the template is kept whole. */
const TemplateSource = z.object({
  metadata: z.object({ annotations: z.object({ [EPHEMERAL_METADATA]: z.string().nullish() }).nullish() }),
  spec: z.object({
    template: z.looseObject({
      metadata: z.looseObject({ labels: Texts.nullish(), annotations: Texts.nullish() }).nullish(),
    }),
  }),
});

/**
 * The pod template of a ReplicaSet as its Rollout once asked for it: without the pod hash label and without what the
 * controller injected, which would otherwise stay in the Rollout and make a version that never existed.
 * Source: argoproj/argo-rollouts cmd/undo/undo.go, `SyncEphemeralPodMetadata` of utils/replicaset/canary.go.
 */
export function templateOf(replicaSet: unknown): Record<string, unknown> {
  const { metadata, spec } = TemplateSource.parse(replicaSet);
  const injected = parseInjected(metadata.annotations?.[EPHEMERAL_METADATA]);
  const { labels, annotations, ...others } = spec.template.metadata ?? {};
  return {
    ...spec.template,
    metadata: {
      ...others,
      ...(labels && { labels: without(labels, [POD_HASH_LABEL, ...Object.keys(injected.labels ?? {})]) }),
      ...(annotations && { annotations: without(annotations, Object.keys(injected.annotations ?? {})) }),
    },
  };
}

/** Replaces a Rollout's pod template, unless its spec or its version changed since it was read. */
export function restoreRollout({ metadata, status }: RolloutObject, template: unknown): PatchOperation[] {
  return [
    test('/metadata/generation', metadata.generation),
    test('/status/currentPodHash', status.currentPodHash),
    { op: 'replace', path: '/spec/template', value: template },
  ];
}

/** The same for the Deployment that a Rollout refers to. */
export function restoreWorkload(
  { generation }: Pick<WorkloadObject, 'generation'>,
  template: unknown,
): PatchOperation[] {
  return [
    test('/metadata/generation', generation),
    { op: 'replace', path: '/spec/template', value: template },
  ];
}

function parseInjected(text: string | null | undefined): z.infer<typeof Injected> {
  if (!text) return {};
  try {
    return Injected.parse(JSON.parse(text));
  } catch {
    // Argo, too, takes an annotation that it cannot read for none (`ParseExistingPodMetadata`).
    return {};
  }
}

function without(texts: Record<string, string>, keys: readonly string[]): Record<string, string> {
  return Object.fromEntries(Object.entries(texts).filter(([key]) => !keys.includes(key)));
}
