import type { Path } from '../document/fault.ts';
import { own } from '../document/own.ts';
import { parseDuration } from '../gate/duration.ts';
import { ReleaseName, ServiceName } from '../ids.ts';
import type { WrittenMigration } from '../manifest/evidence-schema.ts';
import { isFlywayVersion, tableColumn } from '../migration/migration-history.ts';
import type { PlannedMigration } from '../migration/planned-migration.ts';
import { phaseOf } from '../migration/written-phase.ts';
import { didYouMean } from '../naming/nearest.ts';
import type { PlanInput } from './plan-input.ts';

/** Something that a migration lacks to be waited for. */
export interface MigrationProblem {
  path: Path;
  says: string;
  remedy: string;
}

export interface MigrationsPlanned {
  migrations: PlannedMigration[];
  problems: MigrationProblem[];
}

/** How long a migration is waited for unless it says otherwise, in milliseconds: longer than DDL that locks nothing takes. */
const TIMEOUT_MS = 3_600_000;

type Input = Pick<PlanInput, 'manifest' | 'environment' | 'databases' | 'gates'>;

/** The migrations of a manifest in their order, and what keeps some of them from being waited for. */
export function planMigrations(input: Input): MigrationsPlanned {
  const planned: MigrationsPlanned = { migrations: [], problems: [] };
  const written = input.manifest.spec.migrations ?? [];
  for (const [index, migration] of written.entries()) {
    const path: Path = ['spec', 'migrations', index];
    const problems = [
      ...lacks(migration, input).map((lack) => ({ ...lack, path: [...path, ...lack.path] })),
      ...twice(written, index).map((says) => ({
        path: [...path, 'name'],
        says,
        remedy: 'Give each migration a name of its own.',
      })),
    ];
    planned.problems.push(...problems);
    if (problems.length === 0) planned.migrations.push(planOne(migration, input));
  }
  return planned;
}

function twice(written: readonly WrittenMigration[], index: number): string[] {
  const name = written[index]?.name;
  const first = written.findIndex((one) => one.name === name);
  return first < index ? [`there are two migrations ${name}`] : [];
}

/** Everything that is missing or means nothing. */
function lacks(migration: WrittenMigration, input: Input): MigrationProblem[] {
  const { type, prometheus, progress, contractAfter } = migration;
  const found: MigrationProblem[] = [];
  const lack = (path: Path, says: string, remedy: string) => found.push({ path, says, remedy });
  if (phaseOf(migration) === undefined)
    lack([], 'says nothing of whether it adds, fills or removes', 'Say phase: expand, migrate or contract.');
  if (type === 'custom') {
    if (progress?.query === undefined)
      lack(
        [],
        'is custom, and nothing tells how far it is',
        'Say under progress.query a query of one value in percent, or use flyway, liquibase or gh-ost.',
      );
  } else {
    found.push(...databaseLacks(migration, input), ...targetLacks(migration));
  }
  const asks = [progress?.query, progress?.breakerQuery, contractAfter?.noReadersQuery];
  if (asks.some((query) => query !== undefined)) {
    const names = Object.keys(input.gates.prometheus);
    if (prometheus !== undefined && !names.includes(prometheus))
      lack(
        ['prometheus'],
        `there is no Prometheus ${prometheus}`,
        `Name one of signalbox.yaml: ${didYouMean(prometheus, names)}`,
      );
    if (prometheus === undefined && input.gates.defaultPrometheus === undefined)
      lack(
        [],
        'has a query, and does not say which Prometheus answers it',
        `Say prometheus: ${names.join(' or ') || 'a name of signalbox.yaml'}.`,
      );
  }
  const named = contractAfter?.release;
  if (named !== undefined && !ReleaseName.safeParse(named).success)
    lack(
      ['contractAfter', 'release'],
      `${named} is no name of a release`,
      'Write it as checkout-2026-11-20.3.',
    );
  for (const [index, service] of (migration.services ?? []).entries()) {
    if (!ServiceName.safeParse(service).success)
      lack(['services', index], `${service} is no name of a service`, 'Write names as the catalog does.');
  }
  return found;
}

function databaseLacks({ database }: WrittenMigration, input: Input): MigrationProblem[] {
  const known = input.databases ?? {};
  const names = Object.keys(known);
  const here = input.environment.name;
  if (database === undefined) {
    const remedy = `Say database: ${names.join(' or ') || 'a name under databases of signalbox.yaml'}.`;
    return [{ path: [], says: 'does not say which database it changes', remedy }];
  }
  const rules = own(known, database);
  if (rules === undefined) {
    const remedy =
      names.length > 0
        ? `Name one of signalbox.yaml: ${didYouMean(database, names)}`
        : 'Add it under databases in signalbox.yaml.';
    return [{ path: ['database'], says: `there is no database ${database}`, remedy }];
  }
  if (rules.environments.includes(here)) return [];
  return [
    {
      path: ['database'],
      says: `${database} cannot be read in ${here}`,
      remedy: `Say in signalbox.yaml, under databases.${database}.environments.${here}, where it is.`,
    },
  ];
}

function targetLacks({ type, target }: WrittenMigration): MigrationProblem[] {
  if (target === undefined)
    return [{ path: [], says: 'does not say what has to be there', remedy: `Say target: ${TARGETS[type]}.` }];
  const fits =
    type === 'flyway' ? isFlywayVersion(target) : type !== 'gh-ost' || tableColumn(target) !== undefined;
  if (fits) return [];
  return [
    { path: ['target'], says: `${target} means nothing to ${type}`, remedy: `Write ${TARGETS[type]}.` },
  ];
}

const TARGETS: Readonly<Record<WrittenMigration['type'], string>> = {
  flyway: 'a version such as "2026.11.20.1"',
  liquibase: 'a changeset, file::id::author, or a tag',
  'gh-ost': 'the column it adds or removes, table.column',
  custom: 'nothing',
};

/** Called only for what lacks nothing. */
function planOne(migration: WrittenMigration, input: Input): PlannedMigration {
  const { name, type, target, database, progress, contractAfter, signOff, backoutPlan } = migration;
  const { rollback } = input.manifest.spec;
  const phase = phaseOf(migration) ?? 'contract';
  const prometheus = migration.prometheus ?? input.gates.defaultPrometheus ?? '';
  const services = migration.services ?? Object.keys(input.manifest.spec.services);
  const keeper = database === undefined ? undefined : own(input.databases ?? {}, database)?.signOff;
  const backout = typeof backoutPlan === 'string' ? backoutPlan : wordsOf(backoutPlan);
  const words = backout ?? rollback?.plan;
  const release = contractAfter?.release;
  return {
    name,
    tool: type,
    phase,
    ...(type !== 'custom' && database !== undefined && { database }),
    ...(type !== 'custom' && target !== undefined && { target }),
    services: [...new Set(services)].sort(),
    timeoutMs: Math.max(1_000, durationOf(migration.timeout) ?? TIMEOUT_MS),
    ...(progress?.query !== undefined && {
      backfill: {
        prometheus,
        progress: progress.query,
        ...(progress.breakerQuery !== undefined && { breaker: progress.breakerQuery }),
      },
    }),
    ...(phase === 'contract' && {
      after: {
        ...(release !== undefined && { release }),
        soakMs: durationOf(contractAfter?.soak) ?? 0,
        ...(contractAfter?.noReadersQuery !== undefined && {
          noReaders: { prometheus, query: contractAfter.noReadersQuery },
        }),
      },
    }),
    ...(keeper !== undefined && { keeper }),
    ...(signOff?.link !== undefined && { link: signOff.link }),
    databasePlan: rollback?.dbPlan ?? 'none',
    ...(words !== undefined && words.trim() !== '' && { backout: words }),
  };
}

function durationOf(written: string | number | undefined): number | undefined {
  return written === undefined ? undefined : parseDuration(written);
}

/** A plan that was written as a map, in one line. */
function wordsOf(plan: Record<string, unknown> | undefined): string | undefined {
  if (plan === undefined) return undefined;
  return Object.entries(plan)
    .map(([key, value]) => `${key}: ${typeof value === 'string' ? value : JSON.stringify(value)}`)
    .join('; ');
}
