import { z } from 'zod';
import { Content } from '../content.ts';
import { Intent, Receipt } from '../effect.ts';
import { FlagAsked } from '../flag/flag-change.ts';
import { PlannedFlag } from '../flag/planned-flag.ts';
import { Judgement } from '../gate/planned-gate.ts';
import { Instant, PersonId, ReleaseId, ServiceName } from '../ids.ts';
import { NoReturn } from '../migration/no-return.ts';

/** A commit as Git names it. Its words are somebody's: shown as text, never followed. */
export const SeenCommit = z.strictObject({
  repository: z.string(),
  commit: z.string(),
  subject: z.string().max(200),
  author: z.string().max(200),
});
export type SeenCommit = z.infer<typeof SeenCommit>;

/**
 * How what others did came out. `serving`: it is what serves. `aborted`: its canary was stopped. `takenBack`: what ran before is
 * asked for again. `replaced`: something else was asked for. `quiet`: commits that changed nothing that runs.
 */
export const ChangeEnd = z.enum(['serving', 'aborted', 'takenBack', 'replaced', 'quiet']);
export type ChangeEnd = z.infer<typeof ChangeEnd>;

const epochs = z.record(ServiceName, z.int().positive());
/** 0: a track that nobody has taken yet. */
const seenEpochs = z.record(ServiceName, z.int().nonnegative());

/** Data of each kind of fact in an environment's stream: who holds which track, and which content is trusted. */
export const environmentFacts = {
  /**
   * Trusted without a proof. First sight of a service: Healthy, and in agreement with Git unless `disagreement` says otherwise. Or a
   * release ended on it while it was scaled to zero.
   */
  'content.adopted': z.strictObject({
    service: ServiceName,
    content: Content,
    /** The release that ended on it; absent at first sight. */
    release: ReleaseId.optional(),
    disagreement: z.string().optional(),
  }),
  'content.verified': z.strictObject({ release: ReleaseId, contents: z.record(ServiceName, Content) }),
  /** A release took tracks: exclusively with the epoch it now holds, or shared with the epoch it saw. */
  'tracks.taken': z.strictObject({ release: ReleaseId, exclusive: epochs, shared: seenEpochs }),
  /** Recovery took tracks, whoever held them. */
  'tracks.seized': z.strictObject({ release: ReleaseId, exclusive: epochs, from: z.array(ReleaseId) }),
  /** A person asks that a rule be passed over for a while: for one release, or for one service. */
  'exemption.asked': z.strictObject({
    /** `E<n>`, counted in this environment. */
    exemption: z.string(),
    rule: z.string(),
    release: ReleaseId.optional(),
    service: ServiceName.optional(),
    until: Instant,
    reason: z.string(),
    person: PersonId,
  }),
  /** A second person with the right said yes, with the roles that gave it. */
  'exemption.granted': z.strictObject({
    exemption: z.string(),
    person: PersonId,
    roles: z.array(z.string()),
  }),
  /** Somebody with the right said no, or whoever asked took it back. */
  'exemption.refused': z.strictObject({ exemption: z.string(), person: PersonId }),
  /** A person lets nothing begin: in the whole environment, or of these services; until a moment, or until it is lifted. */
  'freeze.set': z.strictObject({
    /** `F<n>`, counted in this environment. */
    freeze: z.string(),
    services: z.array(ServiceName),
    until: Instant.optional(),
    reason: z.string(),
    person: PersonId,
  }),
  'freeze.lifted': z.strictObject({ freeze: z.string(), person: PersonId }),
  /** Rules refused a cut, of which nothing else is recorded. */
  'cut.refused': z.strictObject({ rules: z.array(z.string()) }),
  /** A release that begins brings these flags, and this is what they gave when it was planned. */
  'flags.brought': z.strictObject({ release: ReleaseId, flags: z.array(PlannedFlag).min(1) }),
  /** A flag is to become something. */
  'flag.asked': FlagAsked,
  /** Another change of the same flag took its place before it was done. */
  'flag.overtaken': z.strictObject({ change: z.string(), by: z.string() }),
  'effect.intended': Intent,
  'effect.done': z.strictObject({ effect: z.string(), receipt: Receipt }),
  'effect.refused': z.strictObject({
    effect: z.string(),
    why: z.enum(['rejected', 'stale', 'forbidden', 'missing', 'awaitingMerge']),
    says: z.string(),
    /** What the target was asked, and as whom; absent where nothing reached it. */
    receipt: Receipt.optional(),
  }),
  /** A contract migration has run: older contents of these services do not go back in. */
  'return.closed': NoReturn,
  /** Somebody else began to change a service of an environment that is only observed. Said again when more commits come to it. */
  'observed.seen': z.strictObject({
    /** `S<n>`, counted in this environment. */
    change: z.string(),
    service: ServiceName,
    /** Container name to image reference that the cluster was asked for; absent while only Git says anything. */
    images: z.record(z.string(), z.string()).optional(),
    /** What people call it, as far as that can be found out. */
    version: z.string().max(200).optional(),
    /** Commits that changed the service's files, newest first. */
    commits: z.array(SeenCommit),
  }),
  /** What a gate says of it. It decides nothing: nobody here acts. */
  'observed.judged': z.strictObject({ change: z.string(), judgement: Judgement }),
  'observed.ended': z.strictObject({ change: z.string(), how: ChangeEnd }),
  'tracks.freed': z.strictObject({ release: ReleaseId, services: z.array(ServiceName) }),
} as const;
