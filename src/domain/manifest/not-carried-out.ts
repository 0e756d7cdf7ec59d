import type { Path } from '../document/fault.ts';
import { gateRefusals } from '../gate/not-carried-out.ts';
import type { WrittenGate } from './gate-schema.ts';
import type { Manifest } from './manifest.ts';
import type { WrittenRollout } from './rollout-schema.ts';
import type { WrittenService, WrittenSlo } from './service-schema.ts';

/** A part of a manifest that is valid and that this version does not act on. */
export interface NotCarriedOut {
  path: Path;
  remedy: string;
}

type Spec = Manifest['spec'];

/*
 * The whole of what this version leaves undone, by name. A field that is in none of these tables is carried out: images,
 * dependsOn, tier, owners, charts, what it states of a service's place, migrations, what becomes of databases on the way back, contracts but for custom ones, slo but for
 * latency, flags, gates of five types, approvals, type, a rollout's strategy and steps (compared with the Rollout in Git), and texts that
 * promise nothing (title, description, change, labels, annotations).
 */

const SPEC: Partial<Record<keyof Spec, string>> = {
  provenance: 'Verify signatures in CI or at admission, and leave it out here.',
  sequencing:
    'Leave it out: services of one wave go side by side, and a failure takes the whole change set back.',
  exemptions: 'Ask for it with /release exempt, which a second person grants, and leave it out here.',
};

const SERVICE: Partial<Record<keyof WrittenService, string>> = {
  git: 'Leave it out: authors are read from the image.',
  healthChecks: 'Leave it out: readiness is what the pods report.',
  alerting: 'Leave it out: alerts are not routed from here yet.',
  dashboards: 'Leave it out: links are not shown yet.',
};

const FAILURE_BUDGET: Partial<Record<keyof NonNullable<Spec['failureBudget']>, string>> = {
  maxDegradation: 'Say it as a prometheus gate with a threshold and a failureLimit.',
};

const SLO: Partial<Record<keyof WrittenSlo, string>> = {
  latency: 'Say it as a prometheus gate with histogram_quantile, and leave it out here.',
};

const ROLLBACK: Partial<Record<keyof NonNullable<Spec['rollback']>, string>> = {
  maxDuration: 'Leave it out: a rollback takes as long as its proof.',
  lastRehearsal: 'Leave it out: rehearsals are not asked for yet.',
  evidence: 'Leave it out: rehearsals are not asked for yet.',
  autoRollback: 'Set onGateFailure of the environment in signalbox.yaml, and leave it out here.',
};

const GITOPS: Partial<Record<keyof NonNullable<WrittenService['gitops']>, string>> = {
  branch: 'Leave it out: the branch is that of the repository in signalbox.yaml.',
};

const ARGOCD: Partial<Record<keyof NonNullable<WrittenService['argocd']>, string>> = {
  project: 'Leave it out: the Application says its project.',
};

const ROLLOUT: Partial<Record<keyof WrittenRollout, string>> = {
  batches: 'Leave it out: the Rollout in Git owns how a service is brought out.',
  autoPromotion: 'Set autoPromotionEnabled in the Rollout in Git, and leave it out here.',
  maxDuration: 'Set progressDeadlineSeconds in the Rollout in Git, and leave it out here.',
  audience: 'Set header routes in the Rollout in Git, and leave it out here.',
};

/** Values that promise nothing, so that "none" can be written down. */
const NOTHING: readonly string[] = ['[]', '{}', 'false'];

/** Everything in a manifest that would be left undone, in the order of the document's sections. */
export function notCarriedOut(manifest: Manifest): NotCarriedOut[] {
  const { spec } = manifest;
  return [
    ...written(spec, SPEC, ['spec']),
    ...written(spec.failureBudget ?? {}, FAILURE_BUDGET, ['spec', 'failureBudget']),
    ...Object.entries(spec.services).flatMap(([name, service]) =>
      inService(service, ['spec', 'services', name]),
    ),
    ...(spec.rollback ? inRollback(spec.rollback, ['spec', 'rollback']) : []),
    ...inContracts(spec.contracts, ['spec', 'contracts']),
    ...inGates(spec.gates, ['spec', 'gates']),
  ];
}

function inService(service: WrittenService, path: Path): NotCarriedOut[] {
  return [
    ...written(service, SERVICE, path),
    ...written(service.slo ?? {}, SLO, [...path, 'slo']),
    ...(service.gitops ? written(service.gitops, GITOPS, [...path, 'gitops']) : []),
    ...(service.argocd ? written(service.argocd, ARGOCD, [...path, 'argocd']) : []),
    ...(service.rollout ? inRollout(service.rollout, [...path, 'rollout']) : []),
    ...inGates(service.gates, [...path, 'gates']),
  ];
}

function inRollout(rollout: WrittenRollout, path: Path): NotCarriedOut[] {
  const refused = written(rollout, ROLLOUT, path);
  if (rollout.strategy === 'canary' || rollout.strategy === 'blueGreen') return refused;
  const remedy = `Strategy ${rollout.strategy} is not watched yet: use a Rollout with canary or blueGreen.`;
  return [{ path: [...path, 'strategy'], remedy }, ...refused];
}

function inRollback(rollback: NonNullable<Spec['rollback']>, path: Path): NotCarriedOut[] {
  const refused = written(rollback, ROLLBACK, path);
  if (rollback.strategy === undefined || rollback.strategy === 'gitRevert') return refused;
  const remedy = 'Leave it out: a rollback always restores the last verified content through Git.';
  return [{ path: [...path, 'strategy'], remedy }, ...refused];
}

function inContracts(contracts: Spec['contracts'], path: Path): NotCarriedOut[] {
  return (contracts ?? []).flatMap(({ type }, index) =>
    type === 'custom'
      ? [{ path: [...path, index, 'type'], remedy: 'Check it in CI, and leave it out here.' }]
      : [],
  );
}

function inGates(gates: readonly WrittenGate[] | undefined, path: Path): NotCarriedOut[] {
  return (gates ?? []).flatMap((gate, index) =>
    gateRefusals(gate).map(({ key, remedy }) => ({ path: [...path, index, key], remedy })),
  );
}

function written<T extends object>(
  value: T,
  table: Partial<Record<keyof T, string>>,
  path: Path,
): NotCarriedOut[] {
  return Object.entries<unknown>(table as Record<string, unknown>).flatMap(([key, remedy]) => {
    const found = (value as Record<string, unknown>)[key];
    if (found === undefined || NOTHING.includes(JSON.stringify(found))) return [];
    return [{ path: [...path, key], remedy: String(remedy) }];
  });
}
