import { type Actor, policyOf } from '../domain/actor.ts';
import { canonicalHash } from '../domain/document/canonical-hash.ts';
import { type EnvironmentState, nextEpochs } from '../domain/environment/environment-state.ts';
import { askFacts } from '../domain/flag/ask-facts.ts';
import { refOf } from '../domain/flag/flag-ref.ts';
import {
  environmentStream,
  type ReleaseId,
  releaseId,
  releaseStream,
  type ServiceName,
} from '../domain/ids.ts';
import type { InstallationState } from '../domain/installation/installation-state.ts';
import { NO_HEAD } from '../domain/ledger/chain.ts';
import type { EnvironmentFactBody } from '../domain/ledger/fact.ts';
import { composeManifest, manifestPath, manifestText } from '../domain/manifest/compose-manifest.ts';
import { nextReleaseName } from '../domain/naming/release-name.ts';
import type { Plan } from '../domain/plan/plan.ts';
import { planHash } from '../domain/plan/plan-hash.ts';
import type { RollbackDraft, RollbackPlanned } from '../domain/plan/rollback-input.ts';
import type { Failure } from '../domain/release/look.ts';
import { holdsTracks, type ReleaseState } from '../domain/release/release-state.ts';
import { environmentRules, type Rules } from '../domain/rules.ts';
import { TerminalError, UnavailableError } from '../errors.ts';
import type { Write } from '../ports/ledger.ts';
import type { Ports } from '../ports/ports.ts';
import type { CatalogSource } from './cut/catalog-source.ts';
import { type Reading, readInstallation } from './read-state.ts';
import { asTracks, recordAlways, stamp, writeTo } from './record.ts';
import { firstAborts } from './rollback/first-aborts.ts';
import { type PlannedRecovery, planRecovery, type RecoveryWish } from './rollback/plan-recovery.ts';

export type RecoveryPorts = Pick<Ports, 'ledger' | 'snapshots' | 'yaml' | 'clock' | 'bells' | 'cluster'>;

/** Others may append in the same moment this often; recovery is patient and never gives way. */
const MAX_TRIES = 100;

/** Who begins a recovery, and why. */
export interface RecoveryCause {
  actor: Actor;
  /** The request, or the release that failed. */
  id: string;
  reason: string;
}

export type RecoveryStarted =
  | { kind: 'started'; id: ReleaseId }
  | Exclude<RollbackPlanned, { kind: 'planned' }>;

/**
 * Takes tracks, whoever holds them, and records a rollback as a release of its own: one append, after which everything else is
 * the reconciler's. Waits for no approval, freeze, gate or other job, and for no network but the store's.
 */
export async function startRecovery(
  ports: RecoveryPorts,
  { rules, catalog }: { rules: Rules; catalog: Pick<CatalogSource, 'latest'> },
  { wish, cause }: { wish: RecoveryWish; cause: RecoveryCause },
): Promise<RecoveryStarted> {
  for (let i = 0; i < MAX_TRIES; i++) {
    const [recovery, installation] = await Promise.all([
      planRecovery(ports, catalog, wish),
      readInstallation(ports),
    ]);
    const { planned } = recovery;
    if (planned.kind !== 'planned') return planned;
    const started = await record(ports, rules, { wish, cause, recovery, installation, draft: planned.draft });
    if (started === undefined) continue;
    // Flags first: they are the fastest way back. Nobody waits for whoever keeps them.
    if (planned.draft.recovery?.flags)
      await ports.bells.ring({ kind: 'flags', environment: wish.environment.name });
    await ports.bells.ring({ kind: 'recovery', release: started });
    return { kind: 'started', id: started };
  }
  throw new UnavailableError('the store is appended to faster than this rollback gets in', {
    retryAfterMs: 100,
  });
}

/** A failed release goes back by policy. When nothing can go back, it is held and a person is asked. */
export async function recoverByPolicy(
  ports: RecoveryPorts,
  context: { rules: Rules; catalog: Pick<CatalogSource, 'latest'> },
  { release, failure }: { release: ReleaseState; failure: Failure },
): Promise<void> {
  const environment = environmentRules(context.rules, release.environment);
  if (environment === undefined) throw new TerminalError(`${release.environment} is no longer configured`);
  const actor = policyOf(release.environment);
  const started = await startRecovery(ports, context, {
    wish: { environment, asked: { kind: 'release', release: release.id }, makers: [] },
    cause: { actor, id: `failed:${release.id}:${release.resumed.length}`, reason: failure.says },
  });
  if (started.kind === 'started' || started.kind === 'underway') return;
  const instead = started.kind === 'refused' ? `. ${started.remedy}` : '';
  const says = `${failure.says}; and it cannot go back by itself: ${started.says}${instead}`;
  const reason = {
    kind: 'gateFailed' as const,
    gate: failure.gate ?? 'rollout',
    service: failure.service,
    says,
  };
  await recordAlways(ports.ledger, releaseStream(release.id), [
    stamp(ports.clock, { kind: 'release.held', actor, data: { reason } }),
  ]);
}

interface Recording {
  wish: RecoveryWish;
  cause: RecoveryCause;
  recovery: PlannedRecovery;
  installation: Reading<InstallationState>;
  draft: RollbackDraft;
}

/** Absent when somebody appended first. */
async function record(
  ports: RecoveryPorts,
  rules: Rules,
  recording: Recording,
): Promise<ReleaseId | undefined> {
  const { wish, cause, recovery, installation, draft } = recording;
  const { ledger, clock } = ports;
  const name = nextReleaseName({
    train: trainOf(recording, rules),
    now: clock.now(),
    taken: installation.state.names,
  });
  const id = releaseId(wish.environment.name, name);
  const services = Object.keys(draft.services);
  const epochs = nextEpochs(recovery.environment.state, services);
  const { plan, manifest } = document(ports, rules, { recording, name });
  const by = { actor: cause.actor, cause: cause.id };
  const cut = {
    name,
    environment: wish.environment.name,
    plan,
    planHash: planHash(plan),
    manifest,
    requestedBy: cause.actor.id,
    reason: cause.reason,
  };
  const back = takenBack(recovery, { plan, by: id, reason: cause.reason });
  const begins = [
    stamp(clock, { kind: 'release.cut' as const, ...by, data: cut }),
    stamp(clock, { kind: 'release.started' as const, ...by, data: { epochs } }),
  ];
  const aborts = firstAborts(ports, recovery.environment.state, begins).map((intent) =>
    stamp(clock, { kind: 'effect.intended' as const, actor: intent.onBehalfOf, data: intent }),
  );
  ports.bells.expect({ kind: 'recovery', release: id });
  const appended = await ledger.append({
    operation: `recovery:${cause.id}`,
    writes: [
      writeTo(installation.at, [stamp(clock, { kind: 'name.taken', ...by, data: { name } })], id),
      writeTo(
        recovery.environment.at,
        [
          stamp(clock, {
            kind: 'tracks.seized',
            ...by,
            data: { release: id, exclusive: epochs, from: back.inFlight },
          }),
          ...flagsBack(recovery.environment.state, { plan, rollback: id }).map((fact) =>
            stamp(clock, { ...fact, ...by }),
          ),
        ],
        id,
      ),
      writeTo(
        // Its name was free, so it has no facts yet; the append finds out if it has.
        { stream: releaseStream(id), version: 0, head: NO_HEAD, facts: [] },
        [...begins, ...aborts],
        id,
      ),
      ...back.facts.map(
        ({ at, data }): Write => writeTo(at, [stamp(clock, { kind: 'release.takenBack', ...by, data })], id),
      ),
    ],
    fences: {},
    raises: asTracks(wish.environment.name, epochs),
    opens: [releaseStream(id)],
    recovery: true,
  });
  if (appended.kind === 'repeated')
    return appended.facts.find((fact) => fact.kind === 'release.cut')?.correlation as ReleaseId;
  if (appended.kind === 'readOnly')
    throw new TerminalError(`${environmentStream(wish.environment.name)} is read-only: ${appended.reason}`);
  return appended.kind === 'appended' ? id : undefined;
}

/** The flags of what goes back are asked for with the rollback itself: either both are recorded, or neither is. */
function flagsBack(
  state: EnvironmentState,
  { plan, rollback }: { plan: Plan; rollback: ReleaseId },
): EnvironmentFactBody[] {
  const going = plan.recovery?.flags ?? [];
  return going.flatMap(({ flag, release, to }, index) =>
    askFacts(state, {
      change: `FL${state.flags.count + 1 + index}`,
      ref: refOf(flag),
      wanted: to,
      why: 'rollback',
      urgent: true,
      release,
      rollback,
      services: flag.services,
      judgements: [],
    }),
  );
}

/** The train of what goes back, so that its history stays together. */
function trainOf({ draft }: Recording, rules: Rules): string {
  const [first] = draft.recovery?.rollsBack ?? [];
  const train = first?.split('/')[1]?.replace(/-\d{4}-\d{2}-\d{2}\.\d+$/, '');
  return train ?? rules.defaultTrain;
}

function document(
  { yaml }: Pick<Ports, 'yaml'>,
  rules: Rules,
  { recording, name }: { recording: Recording; name: string },
): { plan: Plan; manifest: { path: string; text: string; repository: string; branch: string } } {
  const { wish, cause, draft } = recording;
  const { environment } = wish;
  const composed = composeManifest({
    name,
    environment: environment.name,
    type: 'rollback',
    services: Object.fromEntries(
      Object.entries(draft.services).map(([service, planned]) => [service, planned.to]),
    ),
    requestedBy: cause.actor.id,
    rollsBack: draft.recovery?.rollsBack,
  });
  return {
    plan: { ...draft, manifestHash: canonicalHash(composed) },
    manifest: {
      path: manifestPath(environment.manifestPath, { environment: environment.name, name }),
      text: manifestText(composed, (value) => yaml.write(value)),
      repository: environment.repository,
      branch: rules.repositories[environment.repository]?.branch ?? 'main',
    },
  };
}

/** Releases that lose content, each told so in its own stream; a stream that may not be written to keeps its last word. */
function takenBack(
  { releases }: PlannedRecovery,
  { plan, by, reason }: { plan: Plan; by: ReleaseId; reason: string },
) {
  const going = Object.keys(plan.services);
  const readings = (plan.recovery?.rollsBack ?? []).flatMap((id) => releases.get(id) ?? []);
  const inFlight = readings.filter(({ state }) => holdsTracks(state)).map(({ state }) => state.id);
  const facts = readings
    .filter(({ at }) => at.readOnly === undefined)
    .map(({ state, at }) => {
      const services: ServiceName[] = going.filter((service) => state.plan.services[service]);
      return { at, data: { by, services, reason } };
    });
  return { inFlight, facts };
}
