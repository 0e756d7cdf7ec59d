import type { HoldReason } from '../domain/ledger/release-facts.ts';
import { migrationWords, type PlannedMigration } from '../domain/migration/planned-migration.ts';
import type { KeptMigration } from '../domain/plan/plan.ts';
import type { MigrationRecord, ReleaseState } from '../domain/release/release-state.ts';
import { code, type Mrkdwn, mrkdwn, when } from '../domain/text/mrkdwn.ts';
import type { Message } from '../ports/message.ts';
import type { Picture } from './picture.ts';
import { migrationWait } from './wait-words.ts';
import { duration, progressBar, shorten } from './words.ts';

/** Migrations shown line by line; nobody brings more in a release, and a board is no list. */
const MOST_LINES = 6;

/** A line for each migration: what it is, and how far. Nothing where a release has none. */
export function migrationLines({ release, progress }: Picture): Mrkdwn[] {
  const all = release.plan.migrations ?? [];
  const shown = all.slice(0, MOST_LINES).map((migration) => {
    const wait = progress?.waits.find((one) => one.kind === 'migration' && one.migration === migration.name);
    const record = release.migrations[migration.name];
    const open =
      wait?.kind === 'migration' && release.ended === undefined
        ? mrkdwn`waits: ${migrationWait(wait)}`
        : undefined;
    return mrkdwn`${titleOf(migration)}   ${record?.done ? doneWords(record.done) : (open ?? mrkdwn`${laterWords(migration, release)}`)}${linkOf(migration)}`;
  });
  return all.length > MOST_LINES
    ? [...shown, mrkdwn`_and ${all.length - MOST_LINES} more migrations_`]
    : shown;
}

/** `migrating orders-db-expand 43 %`, for a lock screen; absent while a release waits for no migration. */
export function migratingWords({ progress }: Pick<Picture, 'progress'>): string | undefined {
  const wait = progress?.waits.find((one) => one.kind === 'migration');
  if (wait?.kind !== 'migration') return undefined;
  const far = wait.percent === undefined ? '' : ` ${progressBar(wait.percent)}`;
  return `waits for migration ${wait.migration}${far}`;
}

function titleOf(migration: PlannedMigration): Mrkdwn {
  return mrkdwn`Migration ${code(migration.name)} (${migration.phase}, ${migrationWords(migration)})`;
}

function linkOf({ link }: PlannedMigration): Mrkdwn {
  return link === undefined ? mrkdwn`` : mrkdwn`   review: ${link}`;
}

function doneWords({ at, durationMs, by, uncleared }: NonNullable<MigrationRecord['done']>): Mrkdwn {
  const took = durationMs === undefined ? '' : ` in ${duration(durationMs)}`;
  const who = by === undefined ? '' : ` by ${by}`;
  const early = uncleared ? ' before this release let it' : '';
  return mrkdwn`there${early}${took}${who}, seen ${when(at)}`;
}

function laterWords({ phase }: PlannedMigration, { ended }: ReleaseState): string {
  if (ended) return 'not there when the release ended';
  return phase === 'expand' ? 'before the first wave' : 'after the last wave';
}

/** The same for a plan that is not a release yet. */
export function plannedMigrations(migrations: readonly PlannedMigration[]): Mrkdwn[] {
  return migrations.slice(0, MOST_LINES).map((migration) => {
    const where = migration.phase === 'expand' ? 'before the first wave' : 'after the last wave';
    return mrkdwn`${titleOf(migration)}   ${where}${linkOf(migration)}`;
  });
}

/** What a rollback leaves in databases, and what is to be done about it by hand. */
export function keptLines(kept: readonly KeptMigration[]): Mrkdwn[] {
  return kept.slice(0, MOST_LINES).map(({ name, phase, database, databasePlan, plan, keeper }) => {
    const of = database === undefined ? '' : ` of ${database}`;
    if (phase === 'expand')
      return mrkdwn`Migration ${code(name)}${of} stays: it only adds, and the older code works with it`;
    const by = keeper === undefined ? '' : ` (${keeper})`;
    const words = plan === undefined ? '' : `: ${shorten(plan, 300)}`;
    return mrkdwn`Migration ${code(name)}${of} stays; by hand${by}, ${databasePlan}${words}`;
  });
}

/** What is said anew of a release's migrations: that one may run, and that there is no way back any more. */
export function migrationPosts({ release, mentionRole }: Picture): { key: string; message: Message }[] {
  return (release.plan.migrations ?? []).flatMap((migration) => {
    const { cleared, done } = release.migrations[migration.name] ?? {};
    const to = migration.keeper === undefined ? mrkdwn`` : mrkdwn`   ${mentionRole(migration.keeper)}`;
    const posts = [];
    if (cleared) {
      const { readers } = cleared;
      const text = `${release.environment}: migration ${migration.name} may run`;
      const asked = readers ? mrkdwn`\n${readers.says} · ${code(shorten(readers.query, 1_000))}` : mrkdwn``;
      const says = mrkdwn`*${text}*${to}\n${migrationWords(migration)} · the code without it has run since ${when(cleared.soakedSince)}${asked}\nRun it: this release waits until it is there.`;
      posts.push({ key: `migration/${migration.name}/cleared`, message: section(text, says) });
    }
    if (done && migration.phase === 'contract') {
      const text = `${release.environment}: no way back beyond migration ${migration.name}`;
      const early = done.uncleared
        ? mrkdwn`\nIt ran before this release let it: see who ran it, and whether anybody still read the old form.`
        : mrkdwn``;
      const plan = migration.backout ?? 'cut a release that works with the database as it is';
      const says = mrkdwn`*${text}*${to}${early}\nOlder code of ${migration.services.join(', ')} does not go back in. When something is wrong: ${migration.databasePlan}, ${shorten(plan, 1_000)}`;
      posts.push({ key: `migration/${migration.name}/done`, message: section(text, says) });
    }
    return posts;
  });
}

/** Who can mend what a release is held for. */
export function keepersOf({ plan }: Pick<ReleaseState, 'plan'>, reason: HoldReason): string[] {
  if (reason.kind !== 'migration') return [];
  return (plan.migrations ?? []).flatMap(({ name, keeper }) =>
    name === reason.migration && keeper !== undefined ? [keeper] : [],
  );
}

function section(text: string, says: Mrkdwn): Message {
  return { text: shorten(text, 150), blocks: [{ kind: 'section', text: says }] };
}
