import { z } from 'zod';
import { checkShape } from '../../domain/document/check-shape.ts';
import { faultLine } from '../../domain/document/fault.ts';
import type { EnvironmentState } from '../../domain/environment/environment-state.ts';
import type { ServiceName } from '../../domain/ids.ts';
import { WrittenMigration, WrittenRollback } from '../../domain/manifest/evidence-schema.ts';
import { phaseOf } from '../../domain/migration/written-phase.ts';
import type { EnvironmentRules, Rules } from '../../domain/rules.ts';
import { TerminalError } from '../../errors.ts';
import type { Ports } from '../../ports/ports.ts';
import type { Chosen } from './choose-contents.ts';

/** What a release document says of databases. */
export interface DatabaseChanges {
  migrations?: readonly WrittenMigration[] | undefined;
  rollback?: WrittenRollback | undefined;
}

/** A file with the migrations of a release, as they stand in its document. */
const MigrationsFile = z.strictObject({
  migrations: z.array(WrittenMigration).min(1),
  rollback: WrittenRollback.optional(),
});

/** The migrations of a file beside the manifests. Throws `TerminalError` with every fault and its line. */
export async function readMigrations(
  { git, yaml }: Pick<Ports, 'git' | 'yaml'>,
  rules: Pick<Rules, 'repositories'>,
  { environment, path }: { environment: EnvironmentRules; path: string },
): Promise<DatabaseChanges> {
  const { repository } = environment;
  const branch = rules.repositories[repository]?.branch ?? 'main';
  const text = await (await git.view(repository, branch))?.read(path);
  if (text === undefined) throw new TerminalError(`There is no ${path} on ${branch} of ${repository}.`);
  const read = await yaml.read(text);
  if (read.kind === 'refused')
    throw new TerminalError(
      read.faults.map(({ line, column, message }) => `${path}:${line}:${column} ${message}`).join('\n'),
    );
  const document = { file: path, value: read.value, locate: read.locate };
  const checked = checkShape(MigrationsFile, document, { showValues: true });
  if (checked.kind === 'faulty') throw new TerminalError(checked.faults.map(faultLine).join('\n'));
  return checked.value;
}

/** Whether these only remove something: then no service moves, and the release is for the databases alone. */
export function onlyContracts({ migrations = [] }: DatabaseChanges): boolean {
  return migrations.length > 0 && migrations.every((one) => phaseOf(one) === 'contract');
}

/**
 * The services of contract migrations as they run: the release holds them where they are until their database has become another.
 * Throws `TerminalError` when there is none, or one of which nothing is known here.
 */
export function asTheyRun(
  { migrations = [] }: DatabaseChanges,
  { environment, here }: { environment: EnvironmentRules; here: EnvironmentState },
): Chosen {
  const services = [...new Set(migrations.flatMap((one) => one.services ?? []))].sort();
  if (services.length === 0)
    throw new TerminalError(
      'A release that only removes something says under services of its migrations who uses the database.',
    );
  const contents = services.map((service: ServiceName) => {
    const content = here.known[service]?.[0]?.content;
    if (content === undefined)
      throw new TerminalError(
        `Nothing is known of ${service} in ${environment.name}, so nothing can be held there.`,
      );
    return [service, content] as const;
  });
  return { contents: Object.fromEntries(contents), unresolved: [] };
}
