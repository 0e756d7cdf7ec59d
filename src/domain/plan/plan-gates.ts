import { canonicalHash } from '../document/canonical-hash.ts';
import type { Path } from '../document/fault.ts';
import { own } from '../document/own.ts';
import { gateRefusals } from '../gate/not-carried-out.ts';
import { gateName, planGate } from '../gate/parse-gate.ts';
import type { PlannedGate } from '../gate/planned-gate.ts';
import { readObjective } from '../gate/read-objective.ts';
import type { ServiceName } from '../ids.ts';
import type { WrittenGate } from '../manifest/gate-schema.ts';
import type { WrittenSlo } from '../manifest/service-schema.ts';
import { didYouMean } from '../naming/nearest.ts';
import { type DeclaredService, declaredServices } from './declared-services.ts';
import { gatedPauses } from './gated-pauses.ts';
import type { PlanInput } from './plan-input.ts';

/** Something about a release's gates that cannot be. */
export interface GateProblem {
  /** In the manifest; the service, for a gate of the catalog. */
  path: Path;
  says: string;
}

export interface GatesPlanned {
  /** Every service of the release that the catalog knows. */
  gates: Record<ServiceName, PlannedGate[]>;
  problems: GateProblem[];
}

type GateInput = Pick<PlanInput, 'manifest' | 'catalog' | 'environment' | 'gates' | 'isLastEnvironment'>;

/**
 * The gates of each service: the environment's, the catalog's, the release's and the service's own, in this order, each with
 * its defaults filled in. Written keys that are not carried out are judged elsewhere, and passed over here.
 */
export function planGates(input: GateInput): GatesPlanned {
  const planned = declaredServices(input).map((service) => ({ service, ...gatesOf(service, input) }));
  return {
    gates: Object.fromEntries(planned.map(({ service, gates }) => [service.name, gates])),
    problems: eachOnce([...planned.flatMap((one) => one.problems), ...unknownServices(input)]),
  };
}

/** A gate of the whole release is wrong for each of its services: it is said once. */
function eachOnce(problems: readonly GateProblem[]): GateProblem[] {
  return [...new Map(problems.map((one) => [`${one.path.join('.')} ${one.says}`, one])).values()];
}

interface Source {
  gate: WrittenGate;
  name: string;
  path: Path;
}

function gatesOf(
  service: DeclaredService,
  input: GateInput,
): { gates: PlannedGate[]; problems: GateProblem[] } {
  const pauses = gatedPauses(service.written.rollout?.steps ?? []);
  const stepsPath = ['spec', 'services', service.name, 'rollout', 'steps'];
  const problems: GateProblem[] = pauses.lonely.map((index) => ({
    path: [...stepsPath, index],
    says: 'has no pause next to it, so that there is no moment to judge it',
  }));
  const slo = sloOf(service);
  problems.push(...sloProblems(slo, ['spec', 'services', service.name, 'slo']));
  const gates = new Map(
    input.environment.gates.map((gate) => [gate.name, withObjective(withSteps(gate, pauses.byGate), slo)]),
  );
  for (const source of sourcesFor(service, input)) {
    if (gateRefusals(source.gate).length > 0) continue;
    const planned = planGate(source.gate, { name: source.name, defaults: input.gates, slo });
    if (planned.kind === 'faulty') {
      problems.push(...planned.faults.map(({ key, says }) => ({ path: [...source.path, key], says })));
      continue;
    }
    const gate = withSteps(planned.gate, pauses.byGate);
    const other = gates.get(gate.name);
    if (other && canonicalHash(other) !== canonicalHash(gate)) {
      problems.push({
        path: source.path,
        says: `is a second gate by the name ${gate.name}; give it another`,
      });
    }
    gates.set(gate.name, other ?? gate);
  }
  problems.push(...stepProblems(gates, { byGate: pauses.byGate, stepsPath }));
  return { gates: [...gates.values()].map((gate) => inHurry(gate, input)), problems };
}

/** A hotfix's canary is short and never none: each gate measures once at each pause. */
function inHurry(gate: PlannedGate, { manifest }: Pick<GateInput, 'manifest'>): PlannedGate {
  if (manifest.spec.type !== 'hotfix' || gate.count === 1) return gate;
  return { ...gate, count: 1, failureLimit: Math.min(gate.failureLimit, 0), inconclusiveLimit: 0 };
}

function sourcesFor(service: DeclaredService, input: GateInput): Source[] {
  const { name, written, entry } = service;
  const { spec } = input.manifest;
  const here: Path = ['spec', 'services', name];
  const fromCatalog = entry.gates.flatMap((reference, index): Source[] => {
    if (typeof reference !== 'string') {
      return [{ gate: reference, name: gateName(reference, { index, prefix: 'catalog-' }), path: here }];
    }
    const gate = own(input.gates.presets, reference);
    return gate ? [{ gate, name: reference, path: here }] : [];
  });
  const ofRelease = (spec.gates ?? []).map((gate, index) => ({
    gate,
    name: gateName(gate, { index }),
    path: ['spec', 'gates', index],
  }));
  const ofService = (written.gates ?? []).map((gate, index) => ({
    gate,
    name: gateName(gate, { index, prefix: `${name}-` }),
    path: [...here, 'gates', index],
  }));
  const stated: Source[] = [
    ...fromCatalog,
    ...ofRelease.filter(({ gate }) => gate.services?.includes(name) ?? true),
    ...ofService,
  ];
  return [...stated, ...promisedTo(service, { input, stated })];
}

/**
 * A service with an objective has its error budget asked before it moves where its users are, the last environment; elsewhere by a
 * gate that says so.
 */
function promisedTo(
  service: DeclaredService,
  { input, stated }: { input: GateInput; stated: readonly Source[] },
): Source[] {
  if (sloOf(service) === undefined || input.isLastEnvironment === false) return [];
  const asked = [...stated.map(({ gate }) => gate), ...input.environment.gates];
  // One that decides nothing does not stand for the one that does.
  if (asked.some(({ type, required = true }) => type === 'errorBudget' && required)) return [];
  const path = ['spec', 'services', service.name, 'slo'];
  return [{ gate: { type: 'errorBudget' }, name: 'error-budget', path }];
}

/** Where both promise something, the catalog's word holds: a document cannot ask for less. */
function sloOf({ entry, written }: DeclaredService): WrittenSlo | undefined {
  return entry.slo ?? written.slo;
}

/** An environment's gate was planned before anybody knew the service. */
function withObjective(gate: PlannedGate, slo: WrittenSlo | undefined): PlannedGate {
  const read = gate.type === 'errorBudget' && slo !== undefined ? readObjective(slo) : undefined;
  return read?.kind === 'objective' ? { ...gate, objective: read.objective } : gate;
}

function sloProblems(slo: WrittenSlo | undefined, path: Path): GateProblem[] {
  const read = slo && readObjective(slo);
  return read?.kind === 'faulty' ? read.faults.map(({ key, says }) => ({ path: [...path, key], says })) : [];
}

function withSteps(gate: PlannedGate, byGate: ReadonlyMap<string, readonly number[]>): PlannedGate {
  return gate.phase === 'step' ? { ...gate, steps: [...(byGate.get(gate.name) ?? [])] } : gate;
}

function stepProblems(
  gates: ReadonlyMap<string, PlannedGate>,
  { byGate, stepsPath }: { byGate: ReadonlyMap<string, readonly number[]>; stepsPath: Path },
): GateProblem[] {
  const unbound = [...gates.values()].filter((gate) => gate.phase === 'step' && gate.steps.length === 0);
  const named = [...byGate.keys()].flatMap((name): GateProblem[] => {
    const gate = gates.get(name);
    if (gate === undefined)
      return [{ path: stepsPath, says: `names gate ${name}; ${didYouMean(name, gates.keys())}` }];
    if (gate.phase === 'step') return [];
    return [
      {
        path: stepsPath,
        says: `names gate ${name}, whose phase is ${gate.phase}; only phase step is bound to steps`,
      },
    ];
  });
  return [
    ...unbound.map((gate) => ({
      path: stepsPath,
      says: `has no entry for gate ${gate.name}, whose phase is step`,
    })),
    ...named,
  ];
}

function unknownServices(input: GateInput): GateProblem[] {
  const known = Object.keys(input.manifest.spec.services);
  return (input.manifest.spec.gates ?? []).flatMap((gate, index) =>
    (gate.services ?? []).flatMap((service, at) =>
      known.includes(service)
        ? []
        : [
            {
              path: ['spec', 'gates', index, 'services', at],
              says: `${service} is not in this release; ${didYouMean(service, known)}`,
            },
          ],
    ),
  );
}
