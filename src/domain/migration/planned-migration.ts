import { z } from 'zod';
import { ReleaseName, ServiceName } from '../ids.ts';

/** What a migration does to a database: it adds, fills, or removes. */
export const MigrationPhase = z.enum(['expand', 'migrate', 'contract']);
export type MigrationPhase = z.infer<typeof MigrationPhase>;

/** What becomes of a database when a release is taken back. */
export const DatabasePlan = z.enum(['forwardFix', 'restore', 'downMigration', 'none']);
export type DatabasePlan = z.infer<typeof DatabasePlan>;

/** How far a backfill is, as metrics say. */
export const BackfillQuery = z.strictObject({
  prometheus: z.string(),
  /** PromQL of one value in percent: 100 is done. */
  progress: z.string(),
  /** PromQL that is anything but 0 while the backfill's own circuit breaker is open. */
  breaker: z.string().optional(),
});
export type BackfillQuery = z.infer<typeof BackfillQuery>;

/**
 * A migration of a release. Nothing of it is run from here: whoever owns the database runs it, and the release waits for what the
 * tool's own tables say, in the order that the phases give.
 */
export const PlannedMigration = z.strictObject({
  name: z.string(),
  /** `custom`: nothing but its metric tells how far it is. */
  tool: z.enum(['flyway', 'liquibase', 'gh-ost', 'custom']),
  phase: MigrationPhase,
  /** Name in `databases` of signalbox.yaml; absent only for `custom`. */
  database: z.string().optional(),
  /** A version (Flyway), a changeset or tag (Liquibase), `table.column` (gh-ost); absent only for `custom`. */
  target: z.string().optional(),
  /** Services of the release, or others, that use what it changes. */
  services: z.array(ServiceName),
  /** How long the release waits for it before a person is asked. */
  timeoutMs: z.int().positive(),
  backfill: BackfillQuery.optional(),
  /** Only for `contract`: what must be so before it may run. */
  after: z
    .strictObject({
      /** The release whose code no longer needs what is removed; absent: what the services run now. */
      release: ReleaseName.optional(),
      soakMs: z.int().nonnegative(),
      /** PromQL that is 0 when nobody reads the old form; absent: nobody is asked. */
      noReaders: z.strictObject({ prometheus: z.string(), query: z.string() }).optional(),
    })
    .optional(),
  /** Role that signs it off, and that is told when something is wrong with it; absent: nobody is named. */
  keeper: z.string().optional(),
  /** Where somebody looked at it. */
  link: z.string().optional(),
  databasePlan: DatabasePlan,
  /** What is done when it goes wrong, in words. */
  backout: z.string().optional(),
});
export type PlannedMigration = z.infer<typeof PlannedMigration>;

/** Whether it has to be there before any service moves; the others come after all of them. */
export function goesFirst({ phase }: Pick<PlannedMigration, 'phase'>): boolean {
  return phase === 'expand';
}

/** `flyway 2026.11.20.1 of orders`. */
export function migrationWords({
  tool,
  target,
  database,
}: Pick<PlannedMigration, 'tool' | 'target' | 'database'>): string {
  const what = target === undefined ? tool : `${tool} ${target}`;
  return database === undefined ? what : `${what} of ${database}`;
}
