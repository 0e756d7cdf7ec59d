import { atTheEnd } from './checklist-wait.ts';
import { approve } from './forward/approve.ts';
import { deploy } from './forward/deploy.ts';
import { finish } from './forward/finish.ts';
import { untilOpen } from './forward/in-window.ts';
import { migrateAfter, migrateBefore } from './forward/migrate.ts';
import { takeTracks } from './forward/take-tracks.ts';
import { emptyTurn, type Look, type Turn, waitFor } from './look.ts';
import { recover } from './recovery/recover.ts';

/** The order of a release's life: each answers with what is to be done, or lets the next one speak. */
const FORWARD = [
  restored,
  approve,
  inWindow,
  takeTracks,
  migrateBefore,
  deploy,
  migrateAfter,
  atTheEnd,
  finish,
] as const;

/** Decides what a release needs now. Pure: the same look gives the same turn. */
export function nextTurn(look: Look): Turn {
  if (look.release.ended) return { ...emptyTurn(), finished: true };
  const gone = takenBack(look);
  if (gone) return gone;
  if (look.release.plan.type === 'rollback') return recover(look);
  for (const step of FORWARD) {
    const turn = step(look);
    if (turn) return turn;
  }
  throw new Error(`release ${look.release.id} has neither a next step nor an end`);
}

/**
 * A recovery took the tracks: this release, were it a recovery itself, may observe and speak, never act. Whoever took them writes
 * its end.
 */
function takenBack(look: Look): Turn | undefined {
  const { takenBack: taken } = look.release;
  return taken && waitFor({ kind: 'recovery', by: taken.by });
}

/** What has not begun waits until something may begin. */
function inWindow(look: Look): Turn | undefined {
  return look.release.started ? undefined : untilOpen(look);
}

/** After a restore of the store a person first looks at what the lost seconds may have done. */
function restored(look: Look): Turn | undefined {
  return look.restoreUnconfirmed ? waitFor({ kind: 'restoreConfirmation' }) : undefined;
}
