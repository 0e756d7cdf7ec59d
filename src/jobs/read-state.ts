import { EMPTY_SERVICE, foldService, type ServiceState } from '../domain/artifact/service-state.ts';
import {
  type EnvironmentState,
  emptyEnvironment,
  foldEnvironment,
} from '../domain/environment/environment-state.ts';
import {
  type EnvironmentName,
  environmentStream,
  type ReleaseId,
  releaseStream,
  type ServiceName,
  serviceStream,
} from '../domain/ids.ts';
import {
  EMPTY_INSTALLATION,
  foldInstallation,
  type InstallationState,
} from '../domain/installation/installation-state.ts';
import type { EnvironmentFact, InstallationFact, ReleaseFact, ServiceFact } from '../domain/ledger/fact.ts';
import { foldRelease } from '../domain/release/fold-release.ts';
import type { ReleaseState } from '../domain/release/release-state.ts';
import type { Ledger, StreamView } from '../ports/ledger.ts';
import type { Ports } from '../ports/ports.ts';
import { foldStream } from './fold-stream.ts';

/** A state and the stream it was folded from, so that an append can say what it was decided on. */
export interface Reading<S> {
  state: S;
  at: StreamView;
}

type Reader = Pick<Ledger, 'read'>;

/** Absent when there is no such release. */
export async function readRelease(ledger: Reader, id: ReleaseId): Promise<Reading<ReleaseState> | undefined> {
  const at = await ledger.read(releaseStream(id));
  const state = stateAfter(at.facts as ReleaseFact[]);
  return state && { state, at };
}

/**
 * By the last fact, which names all before it. A ledger that keeps what it has read gives the same facts again, and a rollback
 * reads every release that brought what runs.
 */
const folded = new WeakMap<ReleaseFact, ReleaseState>();

function stateAfter(facts: readonly ReleaseFact[]): ReleaseState | undefined {
  const last = facts.at(-1);
  const known = last && folded.get(last);
  const state = known ?? foldRelease(facts);
  if (last && state) folded.set(last, state);
  return state;
}

/** Long-lived streams are read from their snapshot: `at.facts` may be only what came after it. */
type Folding = Pick<Ports, 'ledger' | 'snapshots'>;

export async function readEnvironment(
  ports: Folding,
  name: EnvironmentName,
): Promise<Reading<EnvironmentState>> {
  return foldStream(ports, environmentStream(name), {
    name: 'environment-1',
    empty: emptyEnvironment(name),
    fold: (state, fact) => foldEnvironment(state, fact as EnvironmentFact),
  });
}

export async function readInstallation(ports: Folding): Promise<Reading<InstallationState>> {
  return foldStream(ports, 'installation', {
    name: 'installation-1',
    empty: EMPTY_INSTALLATION,
    fold: (state, fact) => foldInstallation(state, fact as InstallationFact),
  });
}

/** What was built of a service. */
export async function readService(ports: Folding, name: ServiceName): Promise<Reading<ServiceState>> {
  return foldStream(ports, serviceStream(name), {
    name: 'service-1',
    empty: EMPTY_SERVICE,
    fold: (state, fact) => foldService(state, fact as ServiceFact),
  });
}
