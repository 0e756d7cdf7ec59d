import { nextDeparture } from '../../domain/calendar/departure.ts';
import type { FoundChecklists } from '../../domain/checklist/found-checklists.ts';
import { changeStanding } from '../../domain/environment/change-calendar.ts';
import {
  type EnvironmentName,
  IncidentId,
  type PersonId,
  type ReleaseId,
  releaseId,
  releaseStream,
  splitReleaseId,
} from '../../domain/ids.ts';
import type { ReleaseNotes } from '../../domain/notes/release-notes.ts';
import type { Plan } from '../../domain/plan/plan.ts';
import type { PlanInput } from '../../domain/plan/plan-input.ts';
import type { PolicyAnswer } from '../../domain/policy/policy-answer.ts';
import { policyInput } from '../../domain/policy/policy-input.ts';
import { preflight } from '../../domain/policy/preflight.ts';
import type { PreflightInput } from '../../domain/policy/preflight-input.ts';
import type { PreflightRow } from '../../domain/policy/row.ts';
import { INCIDENT_ANNOTATION } from '../../domain/policy/rules/hotfix.ts';
import { phaseOfRelease } from '../../domain/release/release-state.ts';
import type { EnvironmentRules, Rules } from '../../domain/rules.ts';
import { UnavailableError } from '../../errors.ts';
import type { Ports } from '../../ports/ports.ts';
import { readRollouts } from '../cut/read-rollouts.ts';
import { readIncident } from '../incidents/read-incident.ts';
import { readEnvironment, readRelease } from '../read-state.ts';
import { askCharts } from './ask-charts.ts';
import { askCi } from './ask-ci.ts';
import { askContracts, type ContractPorts } from './ask-contracts.ts';
import { askMigrations } from './ask-migrations.ts';
import { askStart, type StartPorts } from './ask-start.ts';
import { longestLately } from './assess-risk.ts';
import { readConftest } from './read-conftest.ts';
import { withinBudget } from './within-budget.ts';

export type JudgePorts = ContractPorts &
  StartPorts &
  Pick<
    Ports,
    | 'ledger'
    | 'snapshots'
    | 'cluster'
    | 'directory'
    | 'migrations'
    | 'policy'
    | 'registry'
    | 'forge'
    | 'patience'
  >;

/**
 * Judges a manifest and its plan by every rule. What is away is a row that says so, never an exception: only our own record is
 * needed to judge at all. `plan`: absent when none could be made. `afresh`: what the world said a
 * moment ago is asked again.
 */
export async function judgePlan(
  ports: JudgePorts,
  rules: Rules,
  {
    input,
    plan,
    notes,
    checklists,
    afresh = false,
  }: {
    input: PlanInput;
    plan: Plan | undefined;
    notes?: ReleaseNotes | undefined;
    checklists?: FoundChecklists | undefined;
    afresh?: boolean;
  },
): Promise<PreflightRow[]> {
  const { environment, isLastEnvironment = true } = input;
  const [
    earlier,
    members,
    rollouts,
    contracts,
    policy,
    conftest,
    ci,
    start,
    here,
    takesMs,
    others,
    migrations,
    charts,
  ] = await Promise.all([
    earlierEnvironments(ports, rules, environment),
    membersFor(ports, plan),
    readRollouts(ports, rules, input),
    askContracts(ports, rules, { input, afresh }),
    withinBudget(ports, {
      what: 'the policy',
      work: askPolicy(ports, { input, plan, isLast: isLastEnvironment }),
      late: (says): PolicyAnswer => ({ kind: 'unknown', says }),
    }),
    readConftest(ports, rules, input),
    askCi(ports, rules, { input, plan, afresh }),
    plan === undefined ? [] : askStart(ports, { plan, environment: environment.name }),
    readEnvironment(ports, environment.name),
    longestLately(ports, environment.name),
    otherReleases(ports, releaseId(environment.name, input.name)),
    askMigrations(ports, rules, { environment, plan }),
    askCharts(ports, input),
  ]);
  return preflight({
    ...input,
    plan,
    earlier,
    isLastEnvironment,
    members,
    rollouts,
    contracts,
    migrations,
    now: ports.clock.now(),
    policy,
    ci,
    start,
    others,
    departures: departuresFor(rules, { environment: environment.name, now: ports.clock.now() }),
    notes,
    incident: await incidentOf(ports, input),
    changes: {
      standing: changeStanding(here.state, {
        windows: rules.windows,
        services: Object.keys(input.manifest.spec.services),
        now: ports.clock.now(),
      }),
      ...(takesMs !== undefined && { takesMs }),
      now: ports.clock.now(),
    },
    conftest,
    checklists,
    charts,
  });
}

/** The installation's own policy; without a plan there is nothing it could decide on. */
async function askPolicy(
  { policy, clock }: Pick<Ports, 'policy' | 'clock'>,
  { input, plan, isLast }: { input: PlanInput; plan: Plan | undefined; isLast: boolean },
): Promise<PolicyAnswer> {
  if (plan === undefined) return { kind: 'unknown', says: 'there is no plan to decide on' };
  try {
    return await policy.decide(policyInput(input, { plan, isLast, now: clock.now() }));
  } catch (error) {
    if (error instanceof UnavailableError) return { kind: 'unknown', says: error.message };
    throw error;
  }
}

/** Releases of the same environment that are not over. */
async function otherReleases(
  { ledger }: Pick<Ports, 'ledger'>,
  own: ReleaseId,
): Promise<NonNullable<PreflightInput['others']>> {
  const prefix = `release:${splitReleaseId(own).environment}/`;
  const streams = (await ledger.unfinished()).filter(
    (stream) => stream.startsWith(prefix) && stream !== releaseStream(own),
  );
  const readings = await Promise.all(
    streams.map((stream) => readRelease(ledger, stream.slice('release:'.length) as ReleaseId)),
  );
  return readings.flatMap((reading) => {
    const state = reading?.state;
    if (state === undefined || state.ended !== undefined) return [];
    const phase = phaseOfRelease(state, state.started !== undefined);
    return [{ release: state.id, state: phase, services: Object.keys(state.plan.services) }];
  });
}

function departuresFor(
  { trains }: Pick<Rules, 'trains'>,
  { environment, now }: { environment: EnvironmentName; now: number },
): NonNullable<PreflightInput['departures']> {
  return trains
    .filter((train) => train.environment === environment)
    .flatMap((train) => {
      const at = nextDeparture(train, now);
      return at === undefined ? [] : [{ train: train.name, at }];
    });
}

/** The incident that a document names; absent when it names none that there is. */
async function incidentOf(
  ports: Pick<Ports, 'ledger'>,
  { manifest }: Pick<PlanInput, 'manifest'>,
): Promise<PreflightInput['incident']> {
  const named = IncidentId.safeParse(manifest.metadata.annotations?.[INCIDENT_ANNOTATION]);
  const reading = named.success ? await readIncident(ports, named.data) : undefined;
  return reading && { id: reading.state.id, isOpen: reading.state.resolved === undefined };
}

/** Nearest first. */
function earlierEnvironments(
  ports: Pick<Ports, 'ledger' | 'snapshots'>,
  { environments }: Rules,
  { name: here }: EnvironmentRules,
): Promise<PreflightInput['earlier']> {
  const before = environments.slice(
    0,
    environments.findIndex((each) => each.name === here),
  );
  return Promise.all(
    before.reverse().map(async ({ name }) => ({
      environment: name,
      known: (await readEnvironment(ports, name)).state.known,
    })),
  );
}

/** A role whose members cannot be read now is left out. */
async function membersFor(
  ports: Pick<Ports, 'directory' | 'patience'>,
  plan: Plan | undefined,
): Promise<PreflightInput['members']> {
  const owners = Object.values(plan?.services ?? {}).map((service) => service.owner);
  const keepers = Object.values(plan?.approvals.databases ?? {});
  const roles = [...new Set([...(plan?.approvals.from ?? []), ...owners, ...keepers])];
  const members = await Promise.all(
    roles.map(async (role): Promise<[string, PersonId[]][]> => {
      try {
        const work = ports.directory
          .members(role)
          .then((members): [string, PersonId[]][] => [[role, members]]);
        return await withinBudget(ports, { what: `the role ${role}`, work, late: () => [] });
      } catch (error) {
        if (error instanceof UnavailableError) return [];
        throw error;
      }
    }),
  );
  return Object.fromEntries(members.flat());
}
