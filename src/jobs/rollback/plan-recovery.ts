import { sameContent } from '../../domain/content.ts';
import type { EnvironmentState } from '../../domain/environment/environment-state.ts';
import { type PersonId, ReleaseId, type StreamId } from '../../domain/ids.ts';
import { planRollback } from '../../domain/plan/plan-rollback.ts';
import type { PlannedRelease, RollbackInput, RollbackPlanned } from '../../domain/plan/rollback-input.ts';
import { holdsTracks, type ReleaseState } from '../../domain/release/release-state.ts';
import type { EnvironmentRules } from '../../domain/rules.ts';
import type { Ports } from '../../ports/ports.ts';
import type { CatalogSource } from '../cut/catalog-source.ts';
import { type Reading, readEnvironment, readRelease } from '../read-state.ts';

/** What is to go back. */
export interface RecoveryWish {
  environment: EnvironmentRules;
  asked: RollbackInput['asked'];
  to?: ReleaseId | undefined;
  makers: readonly PersonId[];
}

/** A planned way back with what it was planned on. */
export interface PlannedRecovery {
  planned: RollbackPlanned;
  environment: Reading<EnvironmentState>;
  /** Every release looked at, by id. */
  releases: Map<ReleaseId, Reading<ReleaseState>>;
}

/** Plans a way back on facts alone: no network but the store's. */
export async function planRecovery(
  ports: Pick<Ports, 'ledger' | 'snapshots'>,
  catalog: Pick<CatalogSource, 'latest'>,
  wish: RecoveryWish,
): Promise<PlannedRecovery> {
  const [environment, unfinished] = await Promise.all([
    readEnvironment(ports, wish.environment.name),
    ports.ledger.unfinished(),
  ]);
  const releases = await relevantReleases(ports.ledger, { wish, environment: environment.state, unfinished });
  const planned = planRollback({
    asked: wish.asked,
    to: wish.to,
    environment: wish.environment,
    catalog: catalog.latest(),
    known: environment.state.known,
    noReturns: environment.state.noReturns,
    plans: [...releases.values()].map(({ state }) => planOf(state)).sort(newestFirst(releases)),
    makers: wish.makers,
  });
  return { planned, environment, releases };
}

/** Everything under way here, what brought the present contents, and what was asked about. */
async function relevantReleases(
  ledger: Pick<Ports['ledger'], 'read'>,
  {
    wish,
    environment,
    unfinished,
  }: { wish: RecoveryWish; environment: EnvironmentState; unfinished: readonly StreamId[] },
): Promise<PlannedRecovery['releases']> {
  const prefix = `release:${environment.name}/`;
  const open = unfinished
    .filter((stream) => stream.startsWith(prefix))
    .map((stream) => stream.slice('release:'.length));
  const running = Object.values(environment.known).flatMap((known) => {
    const [newest] = known;
    // After a rollback the same content stands twice: what its first release needed is known from that release alone.
    return known.flatMap((each) =>
      newest && sameContent(each.content, newest.content) ? (each.release ?? []) : [],
    );
  });
  const asked = wish.asked.kind === 'release' ? [wish.asked.release] : [];
  const ids = [...new Set([...open, ...running, ...asked])].flatMap(
    (id) => ReleaseId.safeParse(id).data ?? [],
  );
  const readings = await Promise.all(ids.map((id) => readRelease(ledger, id)));
  return new Map(readings.flatMap((reading) => (reading ? [[reading.state.id, reading]] : [])));
}

function planOf(state: ReleaseState): PlannedRelease {
  return {
    release: state.id,
    plan: state.plan,
    inFlight: holdsTracks(state),
  };
}

function newestFirst(releases: PlannedRecovery['releases']) {
  const cutAt = (id: ReleaseId) => releases.get(id)?.state.cutAt ?? '';
  return (a: PlannedRelease, b: PlannedRelease) => cutAt(b.release).localeCompare(cutAt(a.release));
}
