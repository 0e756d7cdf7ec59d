import { z } from 'zod';
import type { EnvironmentState } from '../domain/environment/environment-state.ts';
import { durationInWords } from '../domain/gate/duration.ts';
import { fillQuery } from '../domain/gate/fill-query.ts';
import type { SampleValue } from '../domain/gate/read-answer.ts';
import type { EnvironmentName, ReleaseId } from '../domain/ids.ts';
import type { HistoryQuestion, MigrationHistory } from '../domain/migration/migration-history.ts';
import { tableColumn } from '../domain/migration/migration-history.ts';
import { type MigrationState, migrationState } from '../domain/migration/migration-state.ts';
import { goesFirst, type PlannedMigration } from '../domain/migration/planned-migration.ts';
import { soakedSince } from '../domain/migration/soak.ts';
import { waveIntents } from '../domain/release/commits.ts';
import { openMigrations } from '../domain/release/forward/migrate.ts';
import type { Look, MigrationObserved, ReadersObserved } from '../domain/release/look.ts';
import { effectDone, type ReleaseState } from '../domain/release/release-state.ts';
import { UnavailableError } from '../errors.ts';
import type { Ports } from '../ports/ports.ts';

export type MigrationPorts = Pick<Ports, 'migrations' | 'metrics' | 'scratch' | 'clock'>;

/** An answer is one number; whoever takes longer is asked at the next look. */
const ANSWER_WITHIN_MS = 5_000;
/** A question over a whole soak is dear: its answer is good for a minute. */
const READERS_GOOD_FOR_MS = 60_000;
/** Points of a soak that are looked at: enough for each minute of most of a day, and less than Prometheus refuses. */
const MOST_POINTS = 1_000;
const LEAST_STEP_MS = 60_000;
/** So much of a soak has to have been measured. A restart of Prometheus loses a little. */
const MEASURED_RATIO = 0.95;

const KeptReaders = z.discriminatedUnion('kind', [
  z.object({
    kind: z.literal('none'),
    query: z.string(),
    says: z.string(),
    link: z.string().exactOptional(),
  }),
  z.object({ kind: z.enum(['some', 'unknown']), says: z.string() }),
]);

/** Looks at the migrations that a release waits for now; absent when it waits for none. */
export async function observeMigrations(
  ports: MigrationPorts,
  { release, environment }: { release: ReleaseState; environment: EnvironmentState },
): Promise<Look['migrations']> {
  const open = waitedFor(release);
  if (open.length === 0) return undefined;
  const read = onceEach(ports, environment.name);
  const now = ports.clock.now();
  const entries = await Promise.all(
    open.map(async (migration): Promise<[string, MigrationObserved]> => {
      const state = await stateOf(ports, { migration, read, environment: environment.name });
      const readers = await readersOf(ports, { migration, release, environment, now });
      return [migration.name, { state, ...(readers && { readers }) }];
    }),
  );
  return Object.fromEntries(entries);
}

/** Those of the stage that the release has come to: nothing is asked about sooner. */
function waitedFor(release: ReleaseState): PlannedMigration[] {
  if (release.started === undefined || release.ended || release.takenBack) return [];
  const before = openMigrations(release, goesFirst);
  if (before.length > 0) return before;
  const last = waveIntents(release, release.plan.waves.length - 1);
  const committed = last.every(({ id }) => effectDone(release, id) !== undefined);
  return committed ? openMigrations(release) : [];
}

/** What is asked about a migration's tool; absent where only a metric tells. */
export function historyQuestion(
  { tool, database, target }: Pick<PlannedMigration, 'tool' | 'database' | 'target'>,
  environment: EnvironmentName,
): HistoryQuestion | undefined {
  if (database === undefined || tool === 'custom') return undefined;
  if (tool !== 'gh-ost') return { environment, database, tool };
  const wanted = tableColumn(target ?? '');
  return wanted && { environment, database, tool, table: wanted.table };
}

type Read = (migration: PlannedMigration) => Promise<MigrationHistory | undefined>;

/** Migrations of one database share an answer. */
function onceEach({ migrations }: Pick<Ports, 'migrations'>, environment: EnvironmentName): Read {
  const asked = new Map<string, Promise<MigrationHistory>>();
  return async (migration) => {
    const question = historyQuestion(migration, environment);
    if (question === undefined) return undefined;
    const key = JSON.stringify(question);
    const answer = asked.get(key) ?? migrations.history(question);
    asked.set(key, answer);
    return answer;
  };
}

async function stateOf(
  ports: MigrationPorts,
  { migration, read, environment }: { migration: PlannedMigration; read: Read; environment: EnvironmentName },
): Promise<MigrationState> {
  try {
    const history = await read(migration);
    const state = history && migrationState(migration, history, ports.clock.now());
    return migration.backfill && state?.kind !== 'failed'
      ? await withBackfill(ports, { migration, backfill: migration.backfill, state, environment })
      : (state ?? { kind: 'unknown', says: 'nothing tells how far it is' });
  } catch (error) {
    if (error instanceof UnavailableError) return { kind: 'unknown', says: error.message };
    throw error;
  }
}

/** A backfill is there when its metric says so too. */
async function withBackfill(
  ports: MigrationPorts,
  {
    backfill,
    state,
    environment,
  }: {
    migration: PlannedMigration;
    backfill: NonNullable<PlannedMigration['backfill']>;
    state: MigrationState | undefined;
    environment: EnvironmentName;
  },
): Promise<MigrationState> {
  const ask = (promql: string) => askOne(ports, { prometheus: backfill.prometheus, promql, environment });
  const [progress, breaker] = await Promise.all([
    ask(backfill.progress),
    backfill.breaker === undefined ? undefined : ask(backfill.breaker),
  ]);
  if (progress.kind === 'unclear') return { kind: 'unknown', says: `its progress: ${progress.says}` };
  const percent = Math.min(100, Math.max(0, progress.value));
  const isDone = progress.value >= 100 && (state === undefined || state.kind === 'succeeded');
  if (isDone) return state ?? { kind: 'succeeded' };
  if (breaker?.kind === 'unclear')
    return { kind: 'running', percent, says: `whether it has stopped itself is not known: ${breaker.says}` };
  if (breaker && breaker.value !== 0)
    return { kind: 'running', percent, says: 'it has stopped itself: its circuit breaker is open' };
  const says = state?.kind === 'running' ? state.says : 'fills in';
  return { kind: 'running', percent, says };
}

type One = { kind: 'value'; value: number; link?: string } | { kind: 'unclear'; says: string };

/** One number, or why there is none. */
async function askOne(
  ports: MigrationPorts,
  asked: { prometheus: string; promql: string; environment: EnvironmentName },
): Promise<One> {
  const answer = await ask(ports, asked);
  if (answer.kind === 'unclear') return answer;
  const [value, ...others] = answer.values;
  if (value === undefined) return { kind: 'unclear', says: 'no data' };
  if (others.length > 0) return { kind: 'unclear', says: `${answer.values.length} series: aggregate them` };
  if (typeof value !== 'number') return { kind: 'unclear', says: String(value) };
  return { kind: 'value', value, ...(answer.link !== undefined && { link: answer.link }) };
}

type Answered =
  | { kind: 'values'; values: SampleValue[]; query: string; link?: string }
  | { kind: 'unclear'; says: string };

async function ask(
  { metrics, clock }: MigrationPorts,
  { prometheus, promql, environment }: { prometheus: string; promql: string; environment: EnvironmentName },
): Promise<Answered> {
  const none = { service: '', namespace: '', pod_hash: '', stable_hash: '', window: '' };
  const filled = fillQuery(promql, { ...none, environment });
  if (filled.kind === 'unfillable') return { kind: 'unclear', says: filled.says };
  try {
    const answer = await metrics.queryInstant({
      prometheus,
      promql: filled.query,
      at: clock.now(),
      timeoutMs: ANSWER_WITHIN_MS,
    });
    if (answer.kind === 'error') return { kind: 'unclear', says: answer.message };
    const values = answer.series.map(({ value }) => value);
    return { kind: 'values', values, query: filled.query, link: answer.link };
  } catch (error) {
    if (error instanceof UnavailableError) return { kind: 'unclear', says: error.message };
    throw error;
  }
}

/** Whether anybody read the old form while it soaked; absent where nobody is asked, or not yet. */
async function readersOf(
  ports: MigrationPorts,
  of: { migration: PlannedMigration; release: ReleaseState; environment: EnvironmentState; now: number },
): Promise<ReadersObserved | undefined> {
  const { migration, release, environment, now } = of;
  const { after } = migration;
  if (after?.noReaders === undefined || release.migrations[migration.name]?.cleared) return undefined;
  const since = soakedSince(migration, environment);
  if (since === undefined || now < since + after.soakMs) return undefined;
  const key = readersKey(release.id, migration.name);
  const known = KeptReaders.safeParse(await ports.scratch.get(key));
  if (known.success) return known.data;
  const readers = await askReaders(ports, {
    ...after.noReaders,
    soakMs: after.soakMs,
    environment: environment.name,
  });
  await ports.scratch.put(key, readers, READERS_GOOD_FOR_MS);
  return readers;
}

function readersKey(release: ReleaseId, migration: string): string {
  return `readers:${release}:${migration}`;
}

/**
 * The highest number of readers at any point of the soak that has just ended, and at how many points there was one at all: what
 * nobody measured is no zero.
 */
async function askReaders(
  ports: MigrationPorts,
  {
    prometheus,
    query,
    soakMs,
    environment,
  }: { prometheus: string; query: string; soakMs: number; environment: EnvironmentName },
): Promise<ReadersObserved> {
  const stepMs = Math.max(LEAST_STEP_MS, Math.ceil(soakMs / MOST_POINTS / 1_000) * 1_000);
  const windowMs = Math.max(soakMs, stepMs);
  // The line break ends a comment that the query may end with.
  const over = (name: string) => `${name}((${query}\n)[${Math.ceil(windowMs / 1_000)}s:${stepMs / 1_000}s])`;
  const [most, count] = await Promise.all(
    ['max_over_time', 'count_over_time'].map((name) =>
      ask(ports, { prometheus, promql: over(name), environment }),
    ),
  );
  if (most === undefined || count === undefined) throw new Error('two questions have two answers');
  const unknown = (says: string): ReadersObserved => ({
    kind: 'unknown',
    says: `whether anybody reads what it removes is not known: ${says}`,
  });
  if (most.kind === 'unclear') return unknown(most.says);
  if (count.kind === 'unclear') return unknown(count.says);
  if (most.values.length === 0) return unknown('no data');
  const words = durationInWords(windowMs);
  const worst = most.values.find((value) => value !== 0);
  if (worst === 'NaN') return unknown('NaN: nothing to divide by');
  if (worst !== undefined)
    return {
      kind: 'some',
      says: `somebody reads what it removes: up to ${worst} in the last ${words}, and 0 is allowed`,
    };
  const points = Math.max(...count.values.map((value) => (typeof value === 'number' ? value : 0)));
  const wanted = Math.floor(windowMs / stepMs);
  if (points < Math.floor(wanted * MEASURED_RATIO))
    return unknown(`${points} of ${wanted} points of the last ${words} were measured`);
  return {
    kind: 'none',
    query: most.query,
    says: `0 readers at ${points} points of the last ${words}`,
    ...(most.link !== undefined && { link: most.link }),
  };
}
