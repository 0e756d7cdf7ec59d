import { policyOf } from '../../actor.ts';
import { refusing } from '../../policy/row.ts';
import { startGates } from '../../policy/start-answer.ts';
import { isStartRule } from '../../policy/start-rules.ts';
import { checklistWait, rowsNow } from '../checklist-wait.ts';
import { cutIntent } from '../commits.ts';
import { emptyTurn, type Look, perform, record, type Turn, waitFor } from '../look.ts';
import { CUT_EFFECT, effectDone } from '../release-state.ts';
import { untilOpen } from './in-window.ts';
import { refusedEffects } from './refused.ts';

/**
 * Before anything moves: the manifest stands on its branch, nobody else changed it, no rule refuses it as it was judged last, and
 * enough people said yes.
 */
export function approve(look: Look): Turn | undefined {
  const { release } = look;
  if (release.started) return undefined;
  const by = policyOf(release.environment);
  if (release.rejected) {
    const reason = release.rejected.reason;
    return ended(look, { kind: 'release.ended', data: { outcome: 'rejected', ...(reason && { reason }) } });
  }
  const cut = effectDone(release, CUT_EFFECT);
  if (cut === undefined) return refusedEffects(look, [CUT_EFFECT]) ?? perform(cutIntent(release));
  const known = release.foreignPush?.head ?? cut.git?.commit;
  if (look.branchHead !== undefined && look.branchHead.commit !== known) {
    const { commit, author } = look.branchHead;
    return record({
      kind: 'approvals.voided',
      actor: by,
      data: { reason: 'somebody else pushed to the branch of this release', head: commit, author },
    });
  }
  if (release.foreignPush) {
    const until = Date.parse(release.askedAt) + release.plan.approvals.expiresAfterMs;
    return look.now >= until ? expired(look) : waitFor({ kind: 'adoption', ...release.foreignPush });
  }
  const [refused, ...others] = refusing(rowsNow(look));
  const mayStart = look.approval.kind === 'satisfied' || refused !== undefined;
  // What the world said at the cut may be hours old: nothing starts on it, and nothing waits for what is over.
  if (
    mayStart &&
    isStale(look) &&
    [refused, ...others].every((row) => row === undefined || isStartRule(row.rule))
  )
    return { ...emptyTurn(), judgeStart: true };
  if (refused) {
    const until = Date.parse(release.askedAt) + release.plan.approvals.expiresAfterMs;
    const rules = [...new Set([refused, ...others].map((row) => row.rule))];
    return look.now >= until ? expired(look) : waitFor({ kind: 'preflight', rules, says: refused.says });
  }
  const open = checklistWait(look, 'start');
  if (look.approval.kind === 'satisfied') {
    if (open === undefined) return undefined;
    const until = Date.parse(release.askedAt) + release.plan.approvals.expiresAfterMs;
    return release.approvals.length === 0 && look.now >= until ? expired(look) : waitFor(open);
  }
  const { missing, expiresAt } = look.approval;
  if (look.now >= expiresAt) return expired(look);
  return waitFor({ kind: 'approval', missing, until: expiresAt }, ...(open ? [open] : []));
}

/** What the gates before the start said counts for this long. In milliseconds. */
const START_COUNTS_MS = 60_000;

/** Whether there are gates before the start whose word is too old to start on. */
function isStale(look: Look): boolean {
  const { release, startJudgedAt, now } = look;
  // Behind a closed window nobody has to be asked every minute.
  if (startGates(release.plan).length === 0 || untilOpen(look)) return false;
  return startJudgedAt === undefined || now - startJudgedAt >= START_COUNTS_MS;
}

function expired(look: Look): Turn {
  return ended(look, { kind: 'release.ended', data: { outcome: 'expired' } });
}

function ended(
  look: Look,
  fact: { kind: 'release.ended'; data: { outcome: 'rejected' | 'expired'; reason?: string } },
): Turn {
  return record({ ...fact, actor: policyOf(look.release.environment) });
}
