import { policyOf } from '../../actor.ts';
import { durationInWords } from '../../gate/duration.ts';
import type { MigrationState } from '../../migration/migration-state.ts';
import { goesFirst, migrationWords, type PlannedMigration } from '../../migration/planned-migration.ts';
import { soakedSince } from '../../migration/soak.ts';
import { emptyTurn, type Look, record, type Turn, together, type Wait, waitFor } from '../look.ts';

/** Wave 0: what adds to a database is there before any service moves. */
export function migrateBefore(look: Look): Turn | undefined {
  return waitForAll(look, goesFirst);
}

/** The last wave: what fills, and what removes, comes after every service is proved. */
export function migrateAfter(look: Look): Turn | undefined {
  return waitForAll(look, (migration) => !goesFirst(migration));
}

/** The migrations a release still waits for at this stage; several of a stage side by side. */
export function openMigrations(
  { plan, migrations }: Pick<Look['release'], 'plan' | 'migrations'>,
  isMeant: (migration: PlannedMigration) => boolean = () => true,
): PlannedMigration[] {
  return (plan.migrations ?? []).filter((one) => isMeant(one) && migrations[one.name]?.done === undefined);
}

/** Absent when all of them are there. */
function waitForAll(look: Look, isMeant: (migration: PlannedMigration) => boolean): Turn | undefined {
  const open = openMigrations(look.release, isMeant);
  if (open.length === 0) return undefined;
  const all = together(open.map((migration) => turnOf(look, migration)));
  // Several that fail in the same moment are one reason to stop: the others are found again when that one is mended.
  const firstHold = all.record.release.find(({ kind }) => kind === 'release.held');
  const release = all.record.release.filter((fact) => fact.kind !== 'release.held' || fact === firstHold);
  return { ...all, record: { ...all.record, release } };
}

function turnOf(look: Look, migration: PlannedMigration): Turn {
  const { hold } = look.release;
  const state = look.migrations?.[migration.name]?.state ?? unseen;
  // What has happened is written down whatever else is so: behind a contract migration there is no way back.
  if (state.kind === 'succeeded') return done(look, migration, state);
  const turn = notThere(look, migration, state);
  if (hold === undefined) return turn;
  return { ...emptyTurn(), waits: [{ kind: 'held', reason: hold.reason }, ...turn.waits] };
}

const unseen: MigrationState = { kind: 'unknown', says: 'not looked at yet' };

function notThere(look: Look, migration: PlannedMigration, state: MigrationState): Turn {
  if (state.kind === 'failed') return held(look, migration, state.says);
  const cleared = clearance(look, migration);
  if (cleared.kind === 'turn') return cleared.turn;
  const until = cleared.since + migration.timeoutMs;
  if (look.now >= until)
    return held(look, migration, `not there after ${durationInWords(migration.timeoutMs)}: ${saysOf(state)}`);
  return waitFor(waitOf(migration, state, until));
}

function waitOf({ name }: PlannedMigration, state: MigrationState, until: number): Wait {
  const percent = state.kind === 'running' ? state.percent : undefined;
  return {
    kind: 'migration',
    migration: name,
    says: saysOf(state),
    ...(percent !== undefined && { percent }),
    until,
  };
}

function saysOf(state: MigrationState): string {
  switch (state.kind) {
    case 'pending':
      return 'not begun yet';
    case 'succeeded':
      return 'there';
    default:
      return state.says;
  }
}

type Clearance =
  /** It may run; `since`: what its time is counted from, in milliseconds since 1970. */
  { kind: 'may'; since: number } | { kind: 'turn'; turn: Turn };

/** A contract migration may run when the code without it has soaked and nobody reads the old form; all others may at once. */
function clearance(look: Look, migration: PlannedMigration): Clearance {
  const { release } = look;
  const { name, after } = migration;
  const began = release.migrations[name]?.cleared?.at ?? stageBegan(look, migration);
  // A person who lets a release go on that was held for its migration lets it wait once more.
  const asked = Date.parse(release.resumed.at(-1)?.at ?? began);
  const since = Math.max(Date.parse(began), asked);
  if (after === undefined || release.migrations[name]?.cleared) return { kind: 'may', since };
  const wait = (says: string, until?: number): Clearance => ({
    kind: 'turn',
    turn: waitFor({ kind: 'migration', migration: name, says, ...(until !== undefined && { until }) }),
  });
  const soaked = soakedSince(migration, look.environment);
  if (soaked === undefined)
    return wait(`nobody can tell since when ${after.release ?? 'the code without it'} runs here`);
  const over = soaked + after.soakMs;
  if (look.now < over)
    return wait(`the code without it has to run for ${durationInWords(after.soakMs)}`, over);
  const readers = look.migrations?.[name]?.readers;
  if (after.noReaders !== undefined && readers?.kind !== 'none')
    return wait(readers?.says ?? 'whether anybody reads what it removes was not asked yet');
  const asks = readers?.kind === 'none' ? readers : undefined;
  return {
    kind: 'turn',
    turn: record({
      kind: 'migration.cleared',
      actor: policyOf(release.environment),
      data: {
        migration: name,
        soakedSince: new Date(soaked).toISOString(),
        ...(asks && {
          readers: {
            query: asks.query,
            says: asks.says,
            ...(asks.link !== undefined && { link: asks.link }),
          },
        }),
      },
    }),
  };
}

/** When waiting for this stage began: with the release, or with the last proof of it. */
function stageBegan({ release }: Look, migration: PlannedMigration): string {
  const start = release.started?.at ?? release.cutAt;
  if (goesFirst(migration)) return start;
  return Object.values(release.proofs).reduce((last, { at }) => (at > last ? at : last), start);
}

/** A migration that is not there is no reason to go back: a person mends it, or takes the release back. */
function held({ release }: Look, migration: PlannedMigration, says: string): Turn {
  if (release.hold) return waitFor({ kind: 'held', reason: release.hold.reason });
  return record({
    kind: 'release.held',
    actor: policyOf(release.environment),
    data: {
      reason: {
        kind: 'migration',
        migration: migration.name,
        says: `${migrationWords(migration)}: ${says}`,
      },
    },
  });
}

/** It is there. Behind a contract migration older code does not run any more: said in one append with it. */
function done(
  look: Look,
  migration: PlannedMigration,
  state: Extract<MigrationState, { kind: 'succeeded' }>,
): Turn {
  const { release, environment } = look;
  const { name, phase, database, target, services, databasePlan, backout, keeper } = migration;
  const actor = policyOf(release.environment);
  const uncleared = phase === 'contract' && release.migrations[name]?.cleared === undefined;
  const data = {
    migration: name,
    phase,
    ...(database !== undefined && { database }),
    ...(target !== undefined && { target }),
    ...(state.at !== undefined && { appliedAt: state.at }),
    ...(state.durationMs !== undefined && { durationMs: state.durationMs }),
    ...(state.by !== undefined && { by: state.by }),
    ...(state.checksum !== undefined && { checksum: state.checksum }),
    ...(uncleared && { uncleared: true as const }),
  };
  const turn = record({ kind: 'migration.done', actor, data });
  if (phase !== 'contract') return turn;
  const safeSince = new Date(soakedSince(migration, environment) ?? look.now).toISOString();
  turn.record.environment.push({
    kind: 'return.closed',
    actor,
    data: {
      release: release.id,
      migration: name,
      ...(database !== undefined && { database }),
      services,
      safeSince,
      databasePlan,
      ...(backout !== undefined && { plan: backout }),
      ...(keeper !== undefined && { keeper }),
    },
  });
  return turn;
}
