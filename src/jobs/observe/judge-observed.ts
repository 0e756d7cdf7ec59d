import { z } from 'zod';
import { policyOf } from '../../domain/actor.ts';
import { type Catalog, placementsOf } from '../../domain/catalog/catalog.ts';
import { placementId } from '../../domain/catalog/placement.ts';
import { Moment, type PlannedGate } from '../../domain/gate/planned-gate.ts';
import { environmentStream, type ServiceName } from '../../domain/ids.ts';
import { MANIFEST_API_VERSION } from '../../domain/manifest/manifest.ts';
import type { ObservedChange } from '../../domain/observe/observed-change.ts';
import { gatesToJudge, type ObservedMoment, pauseSeen } from '../../domain/observe/observed-moments.ts';
import { planGates } from '../../domain/plan/plan-gates.ts';
import type { EnvironmentRules, Rules } from '../../domain/rules.ts';
import type { Ports } from '../../ports/ports.ts';
import { type JudgePorts, measureGate } from '../judge-gates.ts';
import { readEnvironment } from '../read-state.ts';
import { recordAlways, stamp } from '../record.ts';
import type { ObserveContext } from './observed.ts';

type ObservingPorts = JudgePorts & Pick<Ports, 'ledger' | 'snapshots' | 'cluster'>;

/** Gates of what ended longer ago than this are asked no more. */
const JUDGED_WITHIN_MS = 3600_000;
/** Moments are worth keeping over a restart for as long as any canary takes. */
const KEEP_MS = 24 * 3600_000;

const Moments = z.array(z.object({ moment: Moment, namespace: z.string(), stablePodHash: z.string() }));

/** Judges the gates of every change that is under way or ended lately, with the counters and waits that releases have. */
export async function judgeObserved(
  ports: ObservingPorts,
  { rules, gates: kinds }: Pick<ObserveContext, 'rules' | 'gates'>,
  { catalog, environment }: { catalog: Catalog; environment: EnvironmentRules },
): Promise<void> {
  const { state } = await readEnvironment(ports, environment.name);
  const judged = state.changes.filter(
    ({ images, ended }) =>
      images !== undefined &&
      (ended === undefined || ports.clock.now() - Date.parse(ended.at) < JUDGED_WITHIN_MS),
  );
  for (const change of judged) {
    const moments = await momentsOf(ports, change, { catalog, environment });
    const gates = gatesOf(change.service, { catalog, environment, rules });
    for (const each of gatesToJudge(change, { gates, moments })) {
      const subject = subjectOf(environment, change);
      const result = await measureGate(ports, kinds, { subject, environment: environment.name, each });
      if (result.kind === 'pending') continue;
      const data = { change: change.id, judgement: result.judgement };
      const fact = stamp(ports.clock, { kind: 'observed.judged', actor: policyOf(environment.name), data });
      await recordAlways(ports.ledger, environmentStream(environment.name), [fact]);
    }
  }
}

/** Every moment of the change so far: a pause may be over before its gates have spoken. */
async function momentsOf(
  { scratch, cluster }: Pick<Ports, 'scratch' | 'cluster'>,
  change: ObservedChange,
  { catalog, environment }: { catalog: Catalog; environment: EnvironmentRules },
): Promise<ObservedMoment[]> {
  const key = `moments:${subjectOf(environment, change)}`;
  const kept = Moments.catch([]).parse(await scratch.get(key));
  const at = { service: change.service, environment: environment.name };
  const fresh = placementsOf(catalog, at).flatMap((placement): ObservedMoment[] => {
    const observed = cluster.observe(placement);
    if (observed.kind !== 'seen') return [];
    const { rollout: view } = observed;
    const where = { placement: placementId(placement), namespace: placement.namespace };
    if (change.ended?.how === 'serving') {
      const { stablePodHash } = view;
      const moment = { placement: where.placement, podHash: stablePodHash, step: 'postDeploy' as const };
      return [{ moment: { ...moment, since: change.ended.at }, namespace: where.namespace, stablePodHash }];
    }
    const pause = change.ended === undefined ? pauseSeen(view, where) : undefined;
    return pause ? [pause] : [];
  });
  const added = fresh.filter(
    ({ moment }) =>
      !kept.some(
        (one) =>
          one.moment.placement === moment.placement &&
          one.moment.step === moment.step &&
          (one.moment.since === moment.since || moment.step === 'postDeploy'),
      ),
  );
  if (added.length === 0) return kept;
  await scratch.put(key, [...kept, ...added], KEEP_MS);
  return [...kept, ...added];
}

/** Those that a release of this service alone would have, without a document of its own. */
function gatesOf(
  service: ServiceName,
  { catalog, environment, rules }: { catalog: Catalog; environment: EnvironmentRules; rules: Rules },
): PlannedGate[] {
  const manifest = {
    apiVersion: MANIFEST_API_VERSION,
    kind: 'Release',
    metadata: { name: 'observed' },
    spec: { environment: environment.name, services: { [service]: {} } },
  } as const;
  return planGates({ manifest, catalog, environment, gates: rules.gateBook }).gates[service] ?? [];
}

function subjectOf(environment: EnvironmentRules, change: ObservedChange): string {
  return `${environment.name}/${change.id}`;
}
