import { sameContent } from '../content.ts';
import { contractEdges } from '../contract/contract-order.ts';
import { own } from '../document/own.ts';
import { plannedFlags } from '../flag/planned-flag.ts';
import { parseDuration } from '../gate/duration.ts';
import type { PlannedGate } from '../gate/planned-gate.ts';
import { IncidentId, type PersonId, ReleaseId, type ServiceName } from '../ids.ts';
import type { PlannedMigration } from '../migration/planned-migration.ts';
import { isExemptible } from '../policy/exemption.ts';
import { type Finding, mayBeCut } from '../policy/finding.ts';
import { judgeManifest } from '../policy/preflight.ts';
import { INCIDENT_ANNOTATION } from '../policy/rules/hotfix.ts';
import { type DeclaredService, declaredServices } from './declared-services.ts';
import { type Moving, needsOf } from './needs.ts';
import type { ApprovalRule, Plan, PlannedService } from './plan.ts';
import { planGates } from './plan-gates.ts';
import type { PlanInput } from './plan-input.ts';
import { planMigrations } from './plan-migrations.ts';
import { targetContent } from './target-content.ts';
import { wavesOf } from './waves.ts';

export type PlanMade =
  | { kind: 'planned'; plan: Plan }
  /** The environment already runs exactly this. */
  | { kind: 'nothing' }
  /** At least one of the findings is an error. */
  | { kind: 'refused'; findings: Finding[] };

/** Makes the plan of a release that goes forward. */
export function makePlan(input: PlanInput): PlanMade {
  const findings = judgeManifest(input);
  const declared = declaredServices(input);
  const waves = wavesOf(orderOf(declared, input));
  const moving = movingServices(declared, input);
  // Each of the two is also an error among the findings; here they become facts for the compiler.
  if (!mayBePlanned(findings) || waves === undefined || moving === undefined)
    return { kind: 'refused', findings };
  const changed = Object.values(moving).filter(
    ({ from, to }) => from === undefined || !sameContent(from, to),
  );
  const { migrations } = planMigrations(input);
  if (changed.length === 0 && migrations.length === 0) return { kind: 'nothing' };
  const stays = changed.length === 0 ? asTheyAre(moving) : moving;
  const flags = plannedFlags(input.manifest, input.flags ?? { book: [], answers: {} });
  return {
    kind: 'planned',
    plan: {
      environment: input.environment.name,
      type: input.manifest.spec.type ?? 'standard',
      manifestHash: input.manifestHash,
      services: plannedServices(declared, { moving: stays, gates: planGates(input).gates }),
      waves,
      ...(migrations.length > 0 && { migrations }),
      approvals: approvalRule(declared, { input, migrations }),
      makers: makersOf(changed, input),
      onGateFailure: input.environment.onGateFailure,
      ...hotfixOf(declared, input),
      ...timeToRemediate(input),
      ...(flags.length > 0 && { flags }),
    },
  };
}

/** What two people may let pass does not keep a plan from being made: it refuses afterwards, in the preflight. */
function mayBePlanned(findings: readonly Finding[]): boolean {
  return mayBeCut(findings.filter(({ rule }) => !isExemptible(rule)));
}

/** Who goes after whom: after what it depends on, and after whom a contract between them lets go first. */
function orderOf(declared: readonly DeclaredService[], input: PlanInput): Record<ServiceName, ServiceName[]> {
  const edges = contractEdges(input);
  return Object.fromEntries(
    declared.map(({ name, dependsOn }) => [
      name,
      [
        ...dependsOn.map((one) => one.service),
        ...edges.flatMap(({ first, then }) => (then === name ? [first] : [])),
      ],
    ]),
  );
}

/** Absent when the content of a service is not known, or cannot be. */
function movingServices(
  declared: readonly DeclaredService[],
  input: PlanInput,
): Record<ServiceName, Moving> | undefined {
  const moving: Record<ServiceName, Moving> = {};
  for (const service of declared) {
    const target = targetContent(service, input);
    if (target?.kind !== 'content') return undefined;
    const from = own(input.known, service.name)?.[0]?.content;
    moving[service.name] = { from, to: target.content, dependsOn: service.dependsOn };
  }
  return moving;
}

function plannedServices(
  declared: readonly DeclaredService[],
  {
    moving,
    gates,
  }: { moving: Readonly<Record<ServiceName, Moving>>; gates: Readonly<Record<ServiceName, PlannedGate[]>> },
): Record<ServiceName, PlannedService> {
  const needs = needsOf(moving);
  const planned = declared.flatMap(
    ({ name, tier, entry, dependsOn, placements, written }): [ServiceName, PlannedService][] => {
      const contents = moving[name];
      if (contents === undefined) return [];
      const service: PlannedService = {
        tier,
        owner: entry.owner,
        ...(contents.from && { from: contents.from }),
        to: contents.to,
        placements: [...placements],
        ...(written.config && { config: written.config }),
        dependsOn: dependsOn.map((one) => one.service),
        needs: needs[name] ?? [],
        gates: gates[name] ?? [],
      };
      return [[name, service]];
    },
  );
  return Object.fromEntries(planned);
}

/** The shorter of what the document and the environment say. */
function timeToRemediate({ manifest, environment }: PlanInput): Pick<Plan, 'timeToRemediateMs'> {
  const written = manifest.spec.failureBudget?.timeToRemediate;
  const said = [environment.timeToRemediateMs, written === undefined ? undefined : parseDuration(written)];
  const known = said.filter((ms) => ms !== undefined).filter((ms) => ms > 0);
  return known.length === 0 ? {} : { timeToRemediateMs: Math.min(...known) };
}

/** Rework, and evidence against the releases that brought what runs now. */
function hotfixOf(declared: readonly DeclaredService[], input: PlanInput): Pick<Plan, 'hotfix'> {
  const incident = IncidentId.safeParse(input.manifest.metadata.annotations?.[INCIDENT_ANNOTATION]);
  if (input.manifest.spec.type !== 'hotfix' || !incident.success) return {};
  const repairs = declared.flatMap(
    ({ name }) => ReleaseId.safeParse(own(input.known, name)?.[0]?.release).data ?? [],
  );
  return { hotfix: { incident: incident.data, repairs: [...new Set(repairs)].sort() } };
}

/** Where only databases change, services are held where they are: no value of theirs is written anew, and no canary begins. */
function asTheyAre(moving: Readonly<Record<ServiceName, Moving>>): Record<ServiceName, Moving> {
  return Object.fromEntries(
    Object.entries(moving).map(([name, one]) => [name, { ...one, to: one.from ?? one.to }]),
  );
}

function approvalRule(
  declared: readonly DeclaredService[],
  { input, migrations }: { input: PlanInput; migrations: readonly PlannedMigration[] },
): ApprovalRule {
  const rules = input.environment.approvals;
  const asked = input.manifest.spec.approvals;
  // One person besides the authors, also whoever is on call: in a hurry, and never alone.
  if (input.manifest.spec.type === 'hotfix') {
    const from = [...new Set([...rules.from, ...(input.environment.hotfixApprovers ?? [])])];
    return { required: 1, from, owners: {}, expiresAfterMs: rules.expiresAfterMs };
  }
  const owned = declared.filter(
    ({ tier }) =>
      rules.owners === 'all' || asked?.perService === true || (rules.owners === 'tier-1' && tier <= 1),
  );
  const kept = migrations.flatMap(({ name, database = name, keeper }) =>
    keeper === undefined ? [] : [[database, keeper]],
  );
  return {
    required: Math.max(rules.required, asked?.required ?? 0),
    from: asked?.from ?? rules.from,
    owners: Object.fromEntries(owned.map(({ name, entry }) => [name, entry.owner])),
    ...(kept.length > 0 && { databases: Object.fromEntries(kept) }),
    expiresAfterMs: rules.expiresAfterMs,
  };
}

/** Sorted, so that the same people give the same hash. */
function makersOf(changed: readonly Moving[], input: PlanInput): PersonId[] {
  const authors = changed.flatMap(({ to }) => to.authors);
  return [...new Set([...input.makers, ...authors])].sort();
}
