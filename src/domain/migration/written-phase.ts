import type { WrittenMigration } from '../manifest/evidence-schema.ts';
import { MigrationPhase } from './planned-migration.ts';

/** What a migration does, as it says itself or as its name ends. Absent: it says nothing. */
export function phaseOf({
  name,
  phase,
}: Pick<WrittenMigration, 'name' | 'phase'>): MigrationPhase | undefined {
  return phase ?? MigrationPhase.options.find((one) => name.endsWith(`-${one}`));
}

/** Whether a service uses what a migration changes. */
export function usesWhat({ services }: Pick<WrittenMigration, 'services'>, service: string): boolean {
  return services === undefined || services.includes(service);
}
