import type { ReleaseId } from '../domain/ids.ts';
import { claimedPlacements } from '../domain/release/claims.ts';
import { emptyTurn, type Turn, type Wait, waitFor } from '../domain/release/look.ts';
import { nextTurn } from '../domain/release/next-turn.ts';
import type { PendingGate } from '../domain/release/progress.ts';
import { isEnded, type ReleaseState } from '../domain/release/release-state.ts';
import { environmentRules, type Rules } from '../domain/rules.ts';
import type { Gate } from '../gates/gate.ts';
import type { Bell } from '../ports/bells.ts';
import type { Ports } from '../ports/ports.ts';
import type { CatalogSource } from './cut/catalog-source.ts';
import { type Gathered, gatherLook, type LookPorts } from './gather-look.ts';
import { type JudgePorts, judgeGates } from './judge-gates.ts';
import { type Performed, type PerformPorts, performGroup } from './perform.ts';
import { judgeStartAgain } from './preflight/judge-start-again.ts';
import { saveProgress } from './progress.ts';
import { recordTurn } from './record-turn.ts';
import { type RecoveryPorts, recoverByPolicy } from './start-recovery.ts';

export type ReconcilePorts = LookPorts &
  PerformPorts &
  JudgePorts &
  RecoveryPorts &
  Pick<Ports, 'bells' | 'scratch'>;

/** What every look needs besides ports. */
export interface ReconcileContext {
  rules: Rules;
  gates: readonly Gate[];
  catalog: Pick<CatalogSource, 'latest'>;
}

/** Turns taken in one look before others get their chance; a bell is rung for the rest. */
const MAX_TURNS = 200;

/**
 * Brings a release nearer to its end: look, decide, record or act, look again, until nothing is left to do now. Then says when to
 * look next. Called for any reason at all, any number of times.
 */
export async function reconcileRelease(
  ports: ReconcilePorts,
  context: ReconcileContext,
  id: ReleaseId,
): Promise<void> {
  /** Placements of which something is to be said: read from the API server from then on. */
  const live = new Set<string>();
  for (let turns = 0; turns < MAX_TURNS; turns++) {
    const gathered = await gatherLook(ports, context.rules, { id, live });
    if (gathered === undefined) return;
    const { look } = gathered;
    const turn = environmentRules(context.rules, look.release.environment)?.observeOnly
      ? observing(look.release)
      : nextTurn(look);
    if (turn.finished) return ports.bells.ring({ kind: 'speak', subject: id });
    const unsure = claimedPlacements(look.release, turn).filter((placement) => !live.has(placement));
    for (const placement of unsure) live.add(placement);
    // A watch may be behind, and nothing is said of a cluster that the cluster itself does not say now.
    if (unsure.length > 0) continue;
    const rest = await takeTurn(ports, context, { gathered, turn, live });
    if (rest) return settle(ports, { ...rest, release: look.release, turn });
    await ports.bells.ring({ kind: 'speak', subject: id });
    if (turns === MAX_TURNS - 1) await ports.bells.ring(bellFor(look.release));
  }
}

/** A release that was begun before its environment was only observed rests until that is over; what ended stays as it is. */
function observing(release: ReleaseState): Turn {
  if (isEnded(release)) return { ...emptyTurn(), finished: true };
  return waitFor({ kind: 'observing', environment: release.environment });
}

/** What is left when a turn changed nothing. */
interface Rest {
  waits: Wait[];
  pending: PendingGate[];
}

/** Absent when something changed, so that the release must be looked at again. */
async function takeTurn(
  ports: ReconcilePorts,
  { rules, gates, catalog }: ReconcileContext,
  { gathered, turn, live }: { gathered: Gathered; turn: Turn; live: ReadonlySet<string> },
): Promise<Rest | undefined> {
  if (turn.record.release.length + turn.record.environment.length > 0) {
    await recordTurn(ports, gathered, turn);
    return undefined;
  }
  if (turn.judgeStart) {
    await judgeStartAgain(ports, gathered.look.release);
    return undefined;
  }
  if (turn.recover) {
    await recoverByPolicy(
      ports,
      { rules, catalog },
      { release: gathered.look.release, failure: turn.recover },
    );
    return undefined;
  }
  const performed: Performed[] = [];
  for (const intents of turn.perform) {
    // A commit may take long: what was done before it is said meanwhile, and not before it is done.
    if (performed.length > 0 && intents.some(({ effect }) => effect.kind === 'git.commit'))
      await ports.bells.ring({ kind: 'speak', subject: gathered.look.release.id });
    // Groups are in order, but one that cannot be done now never keeps the next from being tried.
    const release =
      performed.length === 0
        ? gathered.release
        : (await gatherLook(ports, rules, { id: gathered.look.release.id, live }))?.release;
    if (release) performed.push(...(await performGroup(ports, rules, { release, intents })));
  }
  const { pending, judged } = await judgeGates(ports, gates, {
    release: gathered.look.release,
    judge: turn.judge,
  });
  if (judged > 0 || performed.some((each) => each.kind === 'settled' || each.kind === 'overtaken'))
    return undefined;
  return {
    waits: [...turn.waits, ...performed.flatMap((each) => laterAsWait(each, ports.clock.now()))],
    pending,
  };
}

function laterAsWait(performed: Performed, now: number): Wait[] {
  if (performed.kind !== 'later') return [];
  const { effect, says, retryAfterMs } = performed;
  return [{ kind: 'effect', effect, says, until: now + retryAfterMs }];
}

async function settle(
  ports: Pick<Ports, 'bells' | 'scratch' | 'clock'>,
  work: Rest & { release: ReleaseState; turn: Turn },
): Promise<void> {
  const { release, waits, pending } = work;
  const now = ports.clock.now();
  await saveProgress(ports.scratch, release.id, { at: now, waits: withTimes(waits, pending), pending });
  const nearest = Math.min(...waits.map((wait) => alarm(wait, now)), ...pending.map((gate) => gate.nextAt));
  await ports.bells.ring({ kind: 'speak', subject: release.id });
  if (Number.isFinite(nearest))
    await ports.bells.ring(bellFor(release), { delayMs: Math.max(0, nearest - now) });
}

/** The bell that looks at this release: recovery has its own queue and workers. */
export function bellFor(release: { id: ReleaseId; plan: { type: ReleaseState['plan']['type'] } }): Bell {
  return release.plan.type === 'rollback'
    ? { kind: 'recovery', release: release.id }
    : { kind: 'release', release: release.id };
}

/** A gate's wait carries the time of its next measurement, so that the board can say it. */
function withTimes(waits: readonly Wait[], pending: readonly PendingGate[]): Wait[] {
  return waits.map((wait) => {
    if (wait.kind !== 'gate') return wait;
    const known = pending.find((each) => each.gate === wait.gate && each.placement === wait.placement);
    return known ? { ...wait, until: known.nextAt } : wait;
  });
}

/** How long nothing is missed when no bell rings: what changes in a cluster rings by itself, so these are only the net below. */
const NET_MS = {
  cluster: 5_000,
  people: 60_000,
  merge: 15_000,
  window: 300_000,
  migration: 5_000,
} as const;

/** When to look again for this wait, in milliseconds since 1970. */
function alarm(wait: Wait, now: number): number {
  switch (wait.kind) {
    case 'approval':
      return Math.min(wait.until, now + NET_MS.people);
    case 'pause':
    case 'effect':
      return wait.until;
    case 'window':
      return Math.min(wait.until ?? Number.POSITIVE_INFINITY, now + NET_MS.window);
    case 'held':
      return Math.min(wait.until ?? Number.POSITIVE_INFINITY, now + NET_MS.people);
    case 'gate':
      return wait.until ?? Number.POSITIVE_INFINITY;
    case 'migration':
      return Math.min(wait.until ?? Number.POSITIVE_INFINITY, now + NET_MS.migration);
    case 'merge':
      return now + NET_MS.merge;
    case 'sync':
    case 'rollout':
    case 'cluster':
    case 'recovery':
    case 'track':
      return now + NET_MS.cluster;
    case 'adoption':
    case 'preflight':
    case 'checklist':
    case 'person':
    case 'restoreConfirmation':
    case 'observing':
      return now + NET_MS.people;
  }
}
