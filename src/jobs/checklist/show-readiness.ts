import { type Catalog, servicesIn } from '../../domain/catalog/catalog.ts';
import { type ReadinessBasis, readinessOf } from '../../domain/checklist/readiness.ts';
import { own } from '../../domain/document/own.ts';
import type { EnvironmentState } from '../../domain/environment/environment-state.ts';
import type { ReleaseId, ServiceName } from '../../domain/ids.ts';
import { didYouMean } from '../../domain/naming/nearest.ts';
import type { ReleaseState } from '../../domain/release/release-state.ts';
import type { Ports } from '../../ports/ports.ts';
import { notDone } from '../../views/answers.ts';
import { readinessAnswer } from '../../views/checklist-report.ts';
import { readEnvironment, readRelease } from '../read-state.ts';
import type { Carry } from '../requests/asked.ts';

/** Releases of all environments that are looked through for each service's newest, and for rollbacks. */
const LOOKED_THROUGH = 200;

/** Tells which of the seven parts are in place where releases end: for one service, or for all of them. */
export const readiness: Carry<'readiness'> = async (desk, asked) => {
  const { ports, rules } = desk;
  const environment = rules.environments.at(-1)?.name ?? '';
  const catalog = await desk.catalog.load();
  const there = servicesIn(catalog, environment);
  const { service } = asked.request;
  if (service !== undefined && !there.includes(service))
    return notDone(`There is no service ${service} in ${environment}; ${didYouMean(service, there)}`);
  const names = service === undefined ? there : [service];
  if (names.length === 0) return notDone(`The catalog has no service in ${environment}.`);
  const [releases, here] = await Promise.all([recentReleases(ports), readEnvironment(ports, environment)]);
  const basis = { ports, environment, catalog, releases, here: here.state };
  return readinessAnswer({
    environment,
    services: Object.fromEntries(names.map((name) => [name, readinessOf(basisOf(name, basis))])),
  });
};

async function recentReleases({ ledger }: Pick<Ports, 'ledger'>): Promise<ReleaseState[]> {
  const streams = await ledger.recent('release', LOOKED_THROUGH);
  const readings = await Promise.all(
    streams.map((stream) => readRelease(ledger, stream.slice('release:'.length) as ReleaseId)),
  );
  return readings
    .flatMap((reading) => (reading ? [reading.state] : []))
    .sort((a, b) => b.cutAt.localeCompare(a.cutAt));
}

function basisOf(
  service: ServiceName,
  known: {
    ports: Pick<Ports, 'cluster' | 'clock'>;
    environment: string;
    catalog: Catalog;
    releases: readonly ReleaseState[];
    here: EnvironmentState;
  },
): ReadinessBasis {
  const { ports, environment, catalog, releases, here } = known;
  const having = releases.filter(({ plan }) => own(plan.services, service) !== undefined);
  const last = having.find((each) => each.environment === environment && each.plan.type !== 'rollback');
  // A way back that was tried in another environment was tried.
  const back = having.find(({ plan, ended }) => plan.type === 'rollback' && ended?.outcome === 'restored');
  const steps = (catalog.services[service]?.placements[environment] ?? []).map((placement) => {
    const observed = ports.cluster.observe(placement);
    return observed.kind === 'seen' ? observed.rollout.steps.length : undefined;
  });
  return {
    service,
    verified: (own(here.known, service) ?? []).some(({ standing }) => standing === 'verified'),
    ...(last && { last: lastOf(last, service) }),
    steps: steps.some((each) => each === undefined) ? undefined : Math.min(...steps.map((each) => each ?? 0)),
    takenBackAt: back?.ended?.at,
    now: ports.clock.now(),
  };
}

/** Rows of the service and of the release as a whole. */
function lastOf(release: ReleaseState, service: ServiceName): NonNullable<ReadinessBasis['last']> {
  const { required, owners } = release.plan.approvals;
  return {
    rows: (release.preflight?.rows ?? []).filter(
      (row) => row.service === undefined || row.service === service,
    ),
    gates: own(release.plan.services, service)?.gates ?? [],
    verdicts: release.judgements.filter((said) => said.service === service).map(({ verdict }) => verdict),
    approvals: release.approvals.length,
    asked: required + Object.keys(owners).length,
  };
}
