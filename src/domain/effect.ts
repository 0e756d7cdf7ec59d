import { z } from 'zod';
import { Actor } from './actor.ts';
import { OwnedKey } from './content.ts';
import { FlagRef } from './flag/flag-ref.ts';
import { FlagSetting, FlagWanted } from './flag/flag-setting.ts';
import { Digest, Instant } from './ids.ts';

const workload = { cluster: z.string(), namespace: z.string(), rollout: z.string() };

/**
 * Everything this program does to the world outside its own store. Each is recorded as an intent before and as a
 * receipt after. An effect names its object and the meaning it relies on, so that the target itself can refuse it.
 */
export const Effect = z.discriminatedUnion('kind', [
  /** One fast-forward commit. The trailer `Release-Op: <effect id>` is its idempotency record. */
  z.strictObject({
    kind: z.literal('git.commit'),
    repository: z.string(),
    /** Absent: the branch that the repository's configuration names. */
    branch: z.string().optional(),
    /** Start the branch from this one when it does not exist; absent: it must exist. */
    startFrom: z.string().optional(),
    /** Whole files to write. */
    files: z.array(z.strictObject({ path: z.string(), text: z.string() })),
    /** Keys to set in YAML files, comments kept; null removes the key. */
    keys: z.array(OwnedKey),
    subject: z.string(),
    body: z.string(),
    trailers: z.array(z.tuple([z.string(), z.string()])),
  }),
  /** Ask Argo CD to look at Git now instead of at its next poll. */
  z.strictObject({
    kind: z.literal('argocd.refresh'),
    cluster: z.string(),
    namespace: z.string(),
    application: z.string(),
  }),
  /** Stop a canary; all traffic goes to stable. Tests only the pod hash: recovery must not miss for a moved step. */
  z.strictObject({ kind: z.literal('rollout.abort'), ...workload, podHash: z.string() }),
  /** Let a paused canary go on: compare-and-set on generation, pod hash, step and the pause's start. */
  z.strictObject({
    kind: z.literal('rollout.resume'),
    ...workload,
    podHash: z.string(),
    generation: z.int(),
    stepIndex: z.int(),
    pauseStart: z.string(),
  }),
  /** Skip the remaining steps, in recovery only, when the observed pod hash is the target's and nothing is aborted. */
  z.strictObject({
    kind: z.literal('rollout.promoteFull'),
    ...workload,
    podHash: z.string(),
    generation: z.int(),
  }),
  /** Hold a canary at its step. */
  z.strictObject({ kind: z.literal('rollout.pause'), ...workload, podHash: z.string() }),
  /** Take up an aborted update again. */
  z.strictObject({ kind: z.literal('rollout.retry'), ...workload, podHash: z.string() }),
  /** Make a controller look again that has not seen this generation: touches an annotation. */
  z.strictObject({ kind: z.literal('rollout.wake'), ...workload, generation: z.int() }),
  /** Put back the pod template of the ReplicaSet whose images are these; for Rollouts that Git does not own. */
  z.strictObject({
    kind: z.literal('rollout.undo'),
    ...workload,
    /** Container name to the digests it may have. */
    images: z.record(z.string(), z.array(Digest)),
  }),
  /** A new message. Its words are drawn from facts at the time of posting. */
  z.strictObject({
    kind: z.literal('chat.post'),
    key: z.string(),
    channel: z.string(),
    thread: z.string().optional(),
  }),
  z.strictObject({ kind: z.literal('chat.createChannel'), name: z.string() }),
  /** What a flag gives in an environment of its provider. `expects`: the revision that has to be there still. */
  z.strictObject({
    kind: z.literal('flag.set'),
    ref: FlagRef,
    to: FlagWanted,
    expects: z.string().optional(),
  }),
]);
export type Effect = z.infer<typeof Effect>;
export type EffectKind = Effect['kind'];

/** An effect with its identity, the person or policy it is done for, and the fences it needs. */
export const Intent = z.strictObject({
  /** Deterministic, so that planning again after a crash finds the same one: `<what>/<object>/<which time>`. */
  id: z.string(),
  effect: Effect,
  onBehalfOf: Actor,
});
export type Intent = z.infer<typeof Intent>;

/** One request to write to a cluster, and what the API server answered. */
export const KubernetesWrite = z.strictObject({
  verb: z.string(),
  object: z.string(),
  subresource: z.string().optional(),
  user: z.string(),
  groups: z.array(z.string()),
  status: z.int(),
  resourceVersion: z.string().optional(),
});
export type KubernetesWrite = z.infer<typeof KubernetesWrite>;

/** What the target answered. Present fields depend on the target. */
export const Receipt = z.strictObject({
  at: Instant,
  /** `done`: by this attempt. `found`: the world already showed it, after a crash or by somebody else. */
  how: z.enum(['done', 'found']),
  kubernetes: KubernetesWrite.optional(),
  /**
   * The other requests to write that this attempt took, in order: the first part of an act of two, one that lost a race, the
   * waking of a controller. Absent: none.
   */
  alsoWrote: z.array(KubernetesWrite).optional(),
  git: z
    .strictObject({
      commit: z.string(),
      branch: z.string(),
      /** The owned keys as they were before. */
      before: z.array(OwnedKey),
    })
    .optional(),
  chat: z.strictObject({ channel: z.string(), ts: z.string().optional() }).optional(),
  /** What the flag gave before and gives now. */
  flag: z.strictObject({ before: FlagSetting, after: FlagSetting }).optional(),
});
export type Receipt = z.infer<typeof Receipt>;
