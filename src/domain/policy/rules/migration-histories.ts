import { own } from '../../document/own.ts';
import {
  type AppliedMigration,
  compareFlywayVersions,
  type MigrationHistory,
} from '../../migration/migration-history.ts';
import { failedRows, migrationState } from '../../migration/migration-state.ts';
import type { PlannedMigration } from '../../migration/planned-migration.ts';
import { type Finding, findingAt } from '../finding.ts';
import type { MigrationReading, PreflightInput } from '../preflight-input.ts';

/*
 * What the tools' own tables say before a release begins: whether anybody can tell at all, what would stop a tool, and where two
 * environments have not applied the same.
 */

/** A lock that has been held for so long, in milliseconds, is more often left behind than held. */
const LONG_HELD_MS = 15 * 60_000;

/** `migration-history`: the state of every migration can be read now, and nothing stands in its tool's way. */
export function migrationHistory(input: PreflightInput): Finding[] {
  return perReading(input, ({ migration, path, reading }) => {
    const { here } = reading;
    const say = (severity: Finding['severity'], says: string, remedy: string) =>
      findingAt(input.document, { rule: 'migration-history', severity, path, says, remedy });
    const where = `${migration.database} in ${input.environment.name}`;
    if (here.kind === 'away' || here.kind === 'refused') {
      const remedy = `See that this machine reaches ${where} as a user who may read; signalbox check tells more.`;
      return [say('unknown', `the state of ${migration.name} is not known: ${here.says}`, remedy)];
    }
    const state = migrationState(migration, here, input.now ?? 0);
    if (state.kind === 'unknown')
      return [
        say(
          'unknown',
          `the state of ${migration.name} is not known: ${state.says}`,
          'Say exactly what has to be there.',
        ),
      ];
    if (state.kind === 'failed')
      return [
        say('error', `${migration.tool} of ${where} stands on a failure: ${state.says}`, 'Mend it first.'),
      ];
    if (state.kind === 'succeeded' && migration.phase === 'contract') {
      const says = `${migration.name} has run already, before anything could be asked about it`;
      return [say('warn', says, 'Whatever runs must do without what it removed.')];
    }
    return here.kind === 'rows'
      ? [
          ...lockFindings(here, { say, migration, now: input.now }),
          ...orderFindings(here, { say, migration }),
        ]
      : [];
  });
}

type Say = (severity: Finding['severity'], says: string, remedy: string) => Finding;

function lockFindings(
  { lock }: Extract<MigrationHistory, { kind: 'rows' }>,
  { say, migration, now = 0 }: { say: Say; migration: PlannedMigration; now: number | undefined },
): Finding[] {
  if (lock === undefined) return [];
  const by = lock.by === undefined ? 'somebody' : lock.by;
  const isOld = lock.since !== undefined && now - Date.parse(lock.since) > LONG_HELD_MS;
  const since = lock.since === undefined ? '' : ` since ${lock.since}`;
  const remedy = isOld
    ? `See whether it still works; if not, release the lock of ${migration.tool}.`
    : 'Wait until it is done, or see what it does.';
  return [say('warn', `${by} holds the lock of ${migration.tool} on ${migration.database}${since}`, remedy)];
}

/** Flyway passes over what is older than what it has applied, unless it is told otherwise. */
function orderFindings(
  { rows }: Extract<MigrationHistory, { kind: 'rows' }>,
  { say, migration }: { say: Say; migration: PlannedMigration },
): Finding[] {
  const { tool, target, name } = migration;
  if (tool !== 'flyway' || target === undefined) return [];
  if (rows.some(({ id }) => compareFlywayVersions(id, target) === 0)) return [];
  const newer = rows.find(
    ({ id, outcome }) => outcome === 'applied' && compareFlywayVersions(id, target) > 0,
  );
  if (newer === undefined) return [];
  return [
    say(
      'warn',
      `${name} is ${target}, and ${newer.id} has been applied already: Flyway refuses what comes out of order`,
      'Give it a higher version, or run Flyway with outOfOrder.',
    ),
  ];
}

/** `migration-drift`: an environment has applied what the one before it has, from the same files. */
export function migrationDrift(input: PreflightInput): Finding[] {
  const seen = new Set<string>();
  return perReading(input, ({ migration, path, reading }) => {
    const { here, before } = reading;
    // Several migrations of one database share their history: what is wrong with it is said once.
    const key = `${migration.database} ${migration.tool}`;
    if (before === undefined || here.kind !== 'rows' || seen.has(key)) return [];
    seen.add(key);
    const say = (severity: Finding['severity'], says: string, remedy: string) =>
      findingAt(input.document, { rule: 'migration-drift', severity, required: false, path, says, remedy });
    const { environment, history } = before;
    if (history.kind === 'empty') return [];
    if (history.kind !== 'rows') {
      const says = `whether ${migration.database} has drifted from ${environment} is not known: ${history.kind === 'table' ? 'it keeps no history' : history.says}`;
      return [say('unknown', says, `See that this machine reaches ${migration.database} in ${environment}.`)];
    }
    return driftOf(here.rows, history.rows).map(({ changed, extra }) =>
      changed
        ? say(
            'error',
            `${changed.id} (${changed.script}) was applied to ${migration.database} in ${input.environment.name} from another file than in ${environment}`,
            'Find out which of the two is right; a file that has been applied is never changed.',
          )
        : say(
            'warn',
            `${extra.id} (${extra.script}) was applied to ${migration.database} in ${input.environment.name}, and not in ${environment}`,
            `Apply it in ${environment} too, so that what is tried there is what runs here.`,
          ),
    );
  });
}

/** Differences told one by one; whoever has more has another trouble. */
const MOST_DIFFERENCES = 5;

type Drift = { changed: AppliedMigration; extra?: never } | { extra: AppliedMigration; changed?: never };

function driftOf(here: readonly AppliedMigration[], before: readonly AppliedMigration[]): Drift[] {
  const earlier = new Map(before.map((row) => [row.id, row]));
  const failed = new Set(failedRows(here));
  // A baseline stands for whatever was there before the tool came: no two environments need share it.
  const baseline = before.some(({ outcome }) => outcome === 'baseline');
  const found = here
    .filter((row) => row.outcome === 'applied' && !failed.has(row))
    .flatMap((row): Drift[] => {
      const other = earlier.get(row.id);
      if (other === undefined) return baseline ? [] : [{ extra: row }];
      const differs =
        row.checksum !== undefined && other.checksum !== undefined && row.checksum !== other.checksum;
      return differs ? [{ changed: row }] : [];
    });
  return found.slice(0, MOST_DIFFERENCES);
}

interface Asked {
  migration: PlannedMigration;
  path: readonly (string | number)[];
  reading: MigrationReading;
}

/** Migrations that are not known at all have no row here: what they lack is another rule's. */
function perReading(input: PreflightInput, judge: (asked: Asked) => Finding[]): Finding[] {
  const written = input.manifest.spec.migrations ?? [];
  return (input.plan?.migrations ?? []).flatMap((migration) => {
    const reading = own(input.migrations ?? {}, migration.name);
    if (reading === undefined) return [];
    const index = written.findIndex(({ name }) => name === migration.name);
    return judge({ migration, path: ['spec', 'migrations', index], reading });
  });
}
