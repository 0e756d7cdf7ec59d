import { z } from 'zod';
import { Placement } from '../catalog/placement.ts';
import { Content } from '../content.ts';
import { FlagWanted } from '../flag/flag-setting.ts';
import { PlannedFlag } from '../flag/planned-flag.ts';
import { PlannedGate } from '../gate/planned-gate.ts';
import { EnvironmentName, IncidentId, PersonId, ReleaseId, ServiceName } from '../ids.ts';
import { DatabasePlan, MigrationPhase, PlannedMigration } from '../migration/planned-migration.ts';

/** What one service does in a release. */
export const PlannedService = z.strictObject({
  tier: z.int().min(0).max(4),
  /** Name of the role that owns the service. */
  owner: z.string(),
  /** What it ran when the plan was made; absent for a service never seen here. */
  from: Content.optional(),
  to: Content,
  placements: z.array(Placement).min(1),
  /**
   * Repository to the commit that had changed the service's files last when it was cut, releases aside: what else it is made of there.
   * Absent where nobody could say.
   */
  config: z.record(z.string(), z.string()).optional(),
  /** Direct dependencies, in this release or not. */
  dependsOn: z.array(ServiceName),
  /** Services of this release whose new version this one needs: it goes back with them. */
  needs: z.array(ServiceName),
  gates: z.array(PlannedGate),
});
export type PlannedService = z.infer<typeof PlannedService>;

/** Who must say yes. */
export const ApprovalRule = z.strictObject({
  /** Distinct people of `from`; 0 asks nobody. */
  required: z.int().min(0),
  /** Roles whose members count. */
  from: z.array(z.string()),
  /** Service to owning role, where the environment also asks owners. */
  owners: z.record(ServiceName, z.string()),
  /** Database to the role that signs its migrations off; absent: nobody is asked for a database. */
  databases: z.record(z.string(), z.string()).optional(),
  /** An approval counts for this long after it was given. */
  expiresAfterMs: z.int().positive(),
});
export type ApprovalRule = z.infer<typeof ApprovalRule>;

/** A migration that a rollback leaves as it is, and what is to be done about it by hand. */
export const KeptMigration = z.strictObject({
  name: z.string(),
  phase: MigrationPhase,
  database: z.string().optional(),
  databasePlan: DatabasePlan,
  /** In words. */
  plan: z.string().optional(),
  keeper: z.string().optional(),
});
export type KeptMigration = z.infer<typeof KeptMigration>;

/** What a rollback takes back, and why each service is in it. */
export const Recovery = z.strictObject({
  /** Releases whose content leaves. */
  rollsBack: z.array(ReleaseId),
  /** Why each service goes back: asked for, part of the release asked for, or needing a service that goes back. */
  because: z.record(
    ServiceName,
    z.discriminatedUnion('kind', [
      z.strictObject({ kind: z.literal('asked') }),
      z.strictObject({ kind: z.literal('sameRelease') }),
      z.strictObject({ kind: z.literal('needs'), service: ServiceName }),
    ]),
  ),
  /** The release that proved the content each service returns to; absent for what was adopted at first sight. */
  restores: z.record(ServiceName, ReleaseId),
  /** How each restored content came to be trusted. */
  standing: z.record(ServiceName, z.enum(['verified', 'adopted'])),
  /** Flags that the releases brought, and what each goes back to, before anything else; absent: none. */
  flags: z.array(z.strictObject({ flag: PlannedFlag, release: ReleaseId, to: FlagWanted })).optional(),
  /** What the releases did to databases, all of which stays. Absent: nothing. */
  keeps: z.array(KeptMigration).min(1).optional(),
});
export type Recovery = z.infer<typeof Recovery>;

/**
 * Everything the execution of a release reads. It is a fact: approvals bind to its hash, and the live catalog is not
 * looked at again.
 */
export const Plan = z.strictObject({
  environment: EnvironmentName,
  type: z.enum(['standard', 'hotfix', 'rollback']),
  /** SHA-256 over the canonical JSON of the manifest as written, before defaults. */
  manifestHash: z.string(),
  services: z.record(ServiceName, PlannedService),
  /** Services by wave, each wave sorted by name. A rollback has its waves reversed. */
  waves: z.array(z.array(ServiceName)),
  /** Changes of databases that the release waits for, expand before its first wave and the others after its last. Absent: none. */
  migrations: z.array(PlannedMigration).min(1).optional(),
  approvals: ApprovalRule,
  /** The requester and everyone who wrote what is new: they may not approve. */
  makers: z.array(PersonId),
  onGateFailure: z.enum(['rollback', 'ask']),
  /** How long it may rest after a gate failed or could not tell, before it goes back by itself; absent: until somebody decides. */
  timeToRemediateMs: z.int().positive().optional(),
  /** Present exactly when `type` is `hotfix`: what it mends, and whose content it replaces because that was not good enough. */
  hotfix: z.strictObject({ incident: IncidentId, repairs: z.array(ReleaseId) }).optional(),
  /** Flags that it brings; absent: none. They are turned up after it is out, by people. */
  flags: z.array(PlannedFlag).optional(),
  /** Present exactly when `type` is `rollback`. */
  recovery: Recovery.optional(),
});
export type Plan = z.infer<typeof Plan>;
