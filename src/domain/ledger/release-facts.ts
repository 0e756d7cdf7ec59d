import { z } from 'zod';
import { Origin } from '../candidate/candidate.ts';
import { TakenChecklists } from '../checklist/checklist.ts';
import { OwnedKey } from '../content.ts';
import { Intent, Receipt } from '../effect.ts';
import { Judgement, Moment } from '../gate/planned-gate.ts';
import { Digest, EnvironmentName, Instant, PersonId, ReleaseId, ReleaseName, ServiceName } from '../ids.ts';
import { MigrationPhase } from '../migration/planned-migration.ts';
import { ReleaseNotes } from '../notes/release-notes.ts';
import { Plan } from '../plan/plan.ts';
import { Risk } from '../policy/risk.ts';
import { PreflightRow } from '../policy/row.ts';

/** Why a release rests and cannot go on by itself. */
export const HoldReason = z.discriminatedUnion('kind', [
  z.strictObject({ kind: z.literal('gateFailed'), gate: z.string(), service: ServiceName, says: z.string() }),
  z.strictObject({
    kind: z.literal('gateUnclear'),
    gate: z.string(),
    service: ServiceName,
    says: z.string(),
  }),
  z.strictObject({ kind: z.literal('analysisInconclusive'), service: ServiceName, says: z.string() }),
  z.strictObject({ kind: z.literal('pushRejected'), repository: z.string(), says: z.string() }),
  z.strictObject({ kind: z.literal('effectRefused'), effect: z.string(), says: z.string() }),
  z.strictObject({ kind: z.literal('migration'), migration: z.string(), says: z.string() }),
  z.strictObject({ kind: z.literal('person'), says: z.string() }),
]);
export type HoldReason = z.infer<typeof HoldReason>;

/** How a release ended. */
export const Outcome = z.enum([
  'released',
  'restored',
  'rejected',
  'cancelled',
  'expired',
  'rolled-back',
  'partially-rolled-back',
  'superseded',
  'failed',
]);
export type Outcome = z.infer<typeof Outcome>;

/** The pods that prove what serves. */
export const Proof = z.strictObject({
  placement: z.string(),
  podHash: z.string(),
  pods: z.int().nonnegative(),
  /** Container name to the digests that ready pods of the stable ReplicaSet report. */
  digests: z.record(z.string(), z.array(Digest)),
});
export type Proof = z.infer<typeof Proof>;

/** Data of each kind of fact in a release's stream. */
export const releaseFacts = {
  'release.cut': z.strictObject({
    name: ReleaseName,
    environment: EnvironmentName,
    plan: Plan,
    planHash: z.string(),
    manifest: z.strictObject({
      path: z.string(),
      text: z.string(),
      repository: z.string(),
      branch: z.string(),
    }),
    /** The person, or the policy that began a recovery by itself. */
    requestedBy: z.string(),
    promotedFrom: ReleaseId.optional(),
    /** Why a recovery began, in one line. */
    reason: z.string().optional(),
    /** The release whose place it takes, without some of its services. */
    amends: ReleaseId.optional(),
    /** What is new in its services; absent for a rollback. */
    notes: ReleaseNotes.optional(),
    /** Where contents came from that nobody typed and no environment verified; absent: none did. */
    origins: z.record(ServiceName, Origin).optional(),
  }),
  /** Every rule was judged for this plan: at the cut, and again whenever somebody asked and it came to something else. */
  'preflight.judged': z.strictObject({
    planHash: z.string(),
    rows: z.array(PreflightRow),
    risk: Risk.optional(),
  }),
  /** The checklists that the release goes by, as their files were when it was cut. */
  'checklist.taken': TakenChecklists,
  /** Somebody of the role that owns an item said that it is so, or that it is not. The last word counts. */
  'checklist.answered': z.strictObject({
    planHash: z.string(),
    item: z.string(),
    met: z.boolean(),
    person: PersonId,
    roles: z.array(z.string()),
    /** Where the evidence stands. */
    link: z.string().optional(),
    /** Why it is not so. */
    says: z.string().optional(),
  }),
  'approval.granted': z.strictObject({ planHash: z.string(), person: PersonId, roles: z.array(z.string()) }),
  /** An owner's approval of the release that this one takes the place of: what they own moves in the same way. */
  'approval.kept': z.strictObject({
    planHash: z.string(),
    from: ReleaseId,
    person: PersonId,
    roles: z.array(z.string()),
    /** It counts for owning these and nothing else. */
    services: z.array(ServiceName).min(1),
    /** When it was given. */
    at: Instant,
  }),
  'approval.rejected': z.strictObject({ person: PersonId, reason: z.string().optional() }),
  /** Approvals given so far no longer count: somebody else changed the branch. */
  'approvals.voided': z.strictObject({ reason: z.string(), head: z.string(), author: z.string().optional() }),
  /** The tracks are ours, exclusively and with these epochs; work may begin. */
  'release.started': z.strictObject({ epochs: z.record(ServiceName, z.int().positive()) }),
  'effect.intended': Intent,
  'effect.done': z.strictObject({ effect: z.string(), receipt: Receipt }),
  /** The target said no: for good, until the world is another, or until a person merges what was proposed. */
  'effect.refused': z.strictObject({
    effect: z.string(),
    why: z.enum(['rejected', 'stale', 'forbidden', 'missing', 'awaitingMerge']),
    says: z.string(),
    /** What the target was asked, and as whom; absent where nothing reached it. */
    receipt: Receipt.optional(),
  }),
  /** A canary reached another step, weight or phase. */
  'service.moved': z.strictObject({
    service: ServiceName,
    placement: z.string(),
    phase: z.string(),
    podHash: z.string(),
    step: z.int().optional(),
    weight: z.number().optional(),
  }),
  'gate.judged': Judgement,
  'service.proved': z.strictObject({ service: ServiceName, proof: Proof }),
  /** A contract migration may run: its soak is over, and nobody read the old form meanwhile. */
  'migration.cleared': z.strictObject({
    migration: z.string(),
    /** Since when the code that does not need it has run. */
    soakedSince: Instant,
    /** What was asked, and what came of it; absent where nobody is asked. */
    readers: z.strictObject({ query: z.string(), says: z.string(), link: z.string().optional() }).optional(),
  }),
  /** A migration is there, as the tables of its tool or its metric say. */
  'migration.done': z.strictObject({
    migration: z.string(),
    phase: MigrationPhase,
    database: z.string().optional(),
    target: z.string().optional(),
    /** When its tool applied it; absent where the tool does not keep it. */
    appliedAt: z.string().optional(),
    durationMs: z.number().nonnegative().optional(),
    by: z.string().optional(),
    checksum: z.string().optional(),
    /** A contract migration that ran before this release had let it. */
    uncleared: z.literal(true).optional(),
  }),
  'release.held': z.strictObject({ reason: HoldReason }),
  /** A person lets a held release, or the canaries paused at these moments, go on. */
  'release.resumed': z.strictObject({ moments: z.array(Moment), reason: z.string().optional() }),
  /** A person took over a manifest that somebody else had pushed to the release's branch, and is now among its makers. */
  'manifest.adopted': z.strictObject({
    person: PersonId,
    head: z.string(),
    plan: Plan,
    planHash: z.string(),
    text: z.string(),
  }),
  /** Recovery took some or all of this release's tracks. */
  'release.takenBack': z.strictObject({ by: ReleaseId, services: z.array(ServiceName), reason: z.string() }),
  /** A recovery reached a stage, and this is what showed it. */
  'recovery.reached': z.strictObject({
    stage: z.enum(['servingStable', 'clean']),
    proofs: z.array(Proof),
    keysLeftAlone: z.array(OwnedKey).default([]),
  }),
  'release.ended': z.strictObject({
    outcome: Outcome,
    reason: z.string().optional(),
    /** The release that took its place. */
    by: ReleaseId.optional(),
    at: Instant.optional(),
  }),
} as const;
