import { placementId } from '../domain/catalog/placement.ts';
import { changeStanding } from '../domain/environment/change-calendar.ts';
import type { EnvironmentState } from '../domain/environment/environment-state.ts';
import { type ReleaseId, splitReleaseId } from '../domain/ids.ts';
import { startGates } from '../domain/policy/start-answer.ts';
import { releaseBranch } from '../domain/release/commits.ts';
import type { Look } from '../domain/release/look.ts';
import { CUT_EFFECT, effectDone, type ReleaseState } from '../domain/release/release-state.ts';
import type { RolloutObserved } from '../domain/rollout/rollout-view.ts';
import type { Rules } from '../domain/rules.ts';
import type { Ports } from '../ports/ports.ts';
import { approvalStanding } from './approval-standing.ts';
import { hotfixAhead } from './hotfix/hotfix-ahead.ts';
import { type MigrationPorts, observeMigrations } from './observe-migrations.ts';
import { startJudgedAt } from './preflight/judge-start-again.ts';
import { type Reading, readEnvironment, readInstallation, readRelease } from './read-state.ts';

export type LookPorts = Pick<Ports, 'ledger' | 'snapshots' | 'git' | 'cluster' | 'directory' | 'clock'> &
  MigrationPorts;

/** A look with the streams it was read from. */
export interface Gathered {
  look: Look;
  release: Reading<ReleaseState>;
  environment: Reading<EnvironmentState>;
}

/**
 * Reads everything a decision about this release may know. Absent when there is no such release. `live`: placements that are read
 * from the API server, because the watch's memory may be behind; absent: none.
 */
export async function gatherLook(
  ports: LookPorts,
  rules: Rules,
  { id, live = new Set() }: { id: ReleaseId; live?: ReadonlySet<string> },
): Promise<Gathered | undefined> {
  const [release, environment, installation] = await Promise.all([
    readRelease(ports.ledger, id),
    readEnvironment(ports, splitReleaseId(id).environment),
    readInstallation(ports),
  ]);
  if (release === undefined) return undefined;
  const { state } = release;
  const now = ports.clock.now();
  const waitsForPeople =
    state.started === undefined && state.ended === undefined && state.plan.type !== 'rollback';
  const [approval, branchHead, judgedAt] = await Promise.all([
    waitsForPeople
      ? approvalStanding(ports, rules, { release: state, now })
      : ({ kind: 'satisfied' } as const),
    waitsForPeople ? headOf(ports, state) : undefined,
    waitsForPeople && startGates(state.plan).length > 0 ? startJudgedAt(ports, state) : undefined,
  ]);
  const migrations = await observeMigrations(ports, { release: state, environment: environment.state });
  const look: Look = {
    now,
    release: state,
    environment: environment.state,
    observed: await observe(ports, state, live),
    approval,
    ...(state.ended === undefined &&
      state.plan.type !== 'rollback' && {
        changes: changeStanding(environment.state, {
          windows: rules.windows,
          services: Object.keys(state.plan.services),
          now,
        }),
      }),
    restoreUnconfirmed: installation.state.unconfirmed !== undefined,
    ...(waitsForPeople &&
      approval.kind === 'satisfied' && {
        hotfixAhead: await hotfixAhead(ports, rules, { release: state, environment: environment.state, now }),
      }),
    ...(migrations && { migrations }),
    ...(branchHead && { branchHead }),
    ...(judgedAt !== undefined && { startJudgedAt: judgedAt }),
  };
  return { look, release, environment };
}

/** Memory first; recovery does not rely on a watch that says nothing. */
async function observe(
  ports: LookPorts,
  state: ReleaseState,
  live: ReadonlySet<string>,
): Promise<Record<string, RolloutObserved>> {
  if (state.started === undefined || state.ended !== undefined) return {};
  const placements = Object.values(state.plan.services).flatMap((service) => service.placements);
  const recovery = state.plan.type === 'rollback';
  const entries = await Promise.all(
    placements.map(async (placement): Promise<[string, RolloutObserved]> => {
      const name = placementId(placement);
      if (live.has(name)) return [name, await ports.cluster.look(placement)];
      const observed = ports.cluster.observe(placement);
      const again = recovery && observed.kind !== 'seen';
      return [name, again ? await ports.cluster.look(placement) : observed];
    }),
  );
  return Object.fromEntries(entries);
}

/** Who last wrote to the release's own branch; absent before the cut is committed. */
async function headOf(ports: Pick<Ports, 'git'>, state: ReleaseState): Promise<Look['branchHead']> {
  if (effectDone(state, CUT_EFFECT) === undefined) return undefined;
  const { repository } = state.manifest;
  const [head] = await ports.git.log(repository, releaseBranch(state), { limit: 1 });
  return head && { commit: head.commit, author: head.author };
}
