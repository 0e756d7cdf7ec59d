import type { Config } from '../../config/schema.ts';
import type { Migrations } from '../../ports/migrations.ts';
import { type Finding, type Look, ok, warning } from './finding.ts';

/** Every database can be read where it is configured, and cannot be written. `migrations` is opened by the first look. */
export function databaseLooks(
  { databases }: Pick<Config, 'databases'>,
  migrations: () => Migrations,
): Look[] {
  return Object.entries(databases).flatMap(([name, { environments }]) =>
    Object.entries(environments).map(([environment, place]): Look => {
      const at = 'urlEnv' in place ? `the address in ${place.urlEnv}` : 'its reportUrl';
      const about = `${name} in ${environment}`;
      const fix = `See that ${at} is right (databases.${name}.environments.${environment}), and that this machine reaches it.`;
      return {
        area: 'Databases',
        about,
        fix,
        look: async () => {
          const { says, reads, writes } = await migrations().rights(name, environment);
          return [...readable(about, { says, reads }), ...harmless(about, { says, writes })];
        },
      };
    }),
  );
}

function readable(about: string, { says, reads }: { says: string; reads: readonly string[] }): Finding[] {
  if (reads.length > 0) return [ok(`${about}: ${says} reads ${reads.join(', ')}`)];
  const fix =
    'GRANT SELECT on the tables of Flyway or Liquibase to that user, or correct schema and tables under databases. Before a tool has run, and with gh-ost, there are none.';
  return [warning(`${about}: ${says} sees no table of a migration tool`, fix)];
}

function harmless(about: string, { says, writes }: { says: string; writes: readonly string[] }): Finding[] {
  if (writes.length === 0) return [];
  const fix = 'Give it a user of its own that may read those tables and nothing else.';
  return [warning(`${about}: ${says} could write: ${writes.join('; ')}`, fix)];
}
