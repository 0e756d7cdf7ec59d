import type { RolloutObject } from '../objects/rollout-object.ts';

/** One operation of a JSON Patch. Source: https://www.rfc-editor.org/rfc/rfc6902 */
export type PatchOperation =
  | { op: 'test' | 'add' | 'replace'; path: string; value: unknown }
  | { op: 'remove'; path: string };

/** A JSON Patch of the Rollout; `status` goes to the status subresource, `spec` to the object itself. */
export interface RolloutPatch {
  part: 'spec' | 'status';
  operations: PatchOperation[];
}

/** What a verb does to a Rollout as it was just read. */
export type RolloutChange =
  /** It already is as asked. */
  | { kind: 'found' }
  /** The world is not the one the verb was meant for; the reason is for people. */
  | { kind: 'stale'; reason: string }
  /** To be applied in this order; each tests what it relies on, so that the API server refuses it otherwise. */
  | { kind: 'patches'; patches: [RolloutPatch, ...RolloutPatch[]] };

export const FOUND: RolloutChange = { kind: 'found' };

export function stale(reason: string): RolloutChange {
  return { kind: 'stale', reason };
}

export function patches(...all: [RolloutPatch, ...RolloutPatch[]]): RolloutChange {
  return { kind: 'patches', patches: all };
}

/**
 * A test that passes only while a field has the value just read. For an absent one the value is null, which the API
 * server's JSON Patch library takes for "is not there".
 * Source: `Patch.test` of gopkg.in/evanphx/json-patch.v4 v4.12.0 patch.go.
 */
export function test(path: string, value: unknown): PatchOperation {
  return { op: 'test', path, value: value ?? null };
}

/** Why the Rollout no longer carries the ReplicaSet that a verb is about; absent when it does. */
export function otherPodHash({ status }: RolloutObject, podHash: string): string | undefined {
  const present = status.currentPodHash ?? '';
  if (present === podHash) return undefined;
  return `the Rollout is now at ${present || 'no version yet'}, not at ${podHash}`;
}

/** Why a verb was meant for an older spec; absent when the spec is the one that was seen. */
export function otherGeneration({ metadata }: RolloutObject, generation: number): string | undefined {
  if (metadata.generation === generation) return undefined;
  return `the Rollout's spec was changed meanwhile (generation ${metadata.generation}, not ${generation})`;
}

/** Whether nothing is being updated: the desired ReplicaSet is the stable one. */
export function fullyPromoted({ status }: RolloutObject): boolean {
  return Boolean(status.stableRS) && status.stableRS === status.currentPodHash;
}

/** Lets a Rollout go on that somebody paused by `spec.paused`; nothing when nobody did. */
export function unpause({ metadata, spec, status }: RolloutObject): RolloutPatch | undefined {
  if (!spec.paused) return undefined;
  return {
    part: 'spec',
    operations: [
      test('/metadata/generation', metadata.generation),
      test('/status/currentPodHash', status.currentPodHash),
      { op: 'replace', path: '/spec/paused', value: false },
    ],
  };
}
