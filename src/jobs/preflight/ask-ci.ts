import { reportedOn } from '../../domain/artifact/service-state.ts';
import { catalogService } from '../../domain/catalog/catalog.ts';
import type { ChecksAnswer, RequiredAnswer } from '../../domain/checks/check-answer.ts';
import type { Asked, CiSeen } from '../../domain/checks/ci-seen.ts';
import { checksForEvidence } from '../../domain/checks/judge-evidence.ts';
import type { Content } from '../../domain/content.ts';
import type { ServiceName } from '../../domain/ids.ts';
import type { Plan } from '../../domain/plan/plan.ts';
import type { PlanInput } from '../../domain/plan/plan-input.ts';
import { checksOf } from '../../domain/policy/rules/checks.ts';
import type { Rules } from '../../domain/rules.ts';
import { UnavailableError } from '../../errors.ts';
import type { Ports } from '../../ports/ports.ts';
import { readService } from '../read-state.ts';
import { remembered } from './remembered.ts';
import { withinBudget } from './within-budget.ts';

type CiPorts = Pick<Ports, 'ledger' | 'snapshots' | 'forge' | 'clock' | 'patience'>;

/** Who is asked, and how. */
interface Asking {
  input: PlanInput;
  plan: Plan | undefined;
  /** What was said a moment ago is asked again. */
  afresh: boolean;
}

/**
 * What builds reported and what GitHub shows of everything in a plan, side by side. Only what this environment's rules look at is
 * asked for; nobody being there is an answer.
 */
export async function askCi(
  ports: CiPorts,
  rules: Pick<Rules, 'repositories'>,
  { input, plan, afresh }: Asking,
): Promise<Readonly<Record<ServiceName, CiSeen>>> {
  const services = Object.entries(plan?.services ?? {});
  const seen = await Promise.all(
    services.map(async ([service, { to }]): Promise<[ServiceName, CiSeen][]> => {
      const wanted = wantedOf(input, service);
      if (!wanted.evidence && !wanted.checks && !wanted.branch) return [];
      return [[service, await askOne(ports, rules, { input, service, content: to, wanted, afresh })]];
    }),
  );
  return Object.fromEntries(seen.flat());
}

interface Wanted {
  evidence: boolean;
  checks: boolean;
  branch: boolean;
}

function wantedOf(input: PlanInput, service: ServiceName): Wanted {
  const { checks, evidence } = input.environment;
  const names = checksOf(input, service);
  return {
    evidence: evidence !== undefined,
    checks: names.length > 0 || checksForEvidence(evidence).length > 0,
    branch: names.length > 0 && (checks?.onBranch ?? 'off') !== 'off',
  };
}

async function askOne(
  ports: CiPorts,
  rules: Pick<Rules, 'repositories'>,
  asked: { input: PlanInput; service: ServiceName; content: Content; wanted: Wanted; afresh: boolean },
): Promise<CiSeen> {
  const { input, service, content, wanted, afresh } = asked;
  const { forge, clock } = ports;
  const memory: Memory = { of: forge, now: clock.now(), afresh, ports };
  const reported = reportedOn((await readService(ports, service)).state, content);
  const source = catalogService(input.catalog, service)?.source?.repository;
  const { github: repository, branch } = (source && rules.repositories[source]) || {};
  const commits = commitsOf(content, reported?.newest.commit);
  if (repository === undefined) return { ...(reported && { reported }), commits: [] };
  const names = checksOf(input, service);
  const looked = [...names, ...checksForEvidence(input.environment.evidence)];
  const [checked, required] = await Promise.all([
    Promise.all(
      (wanted.checks ? commits : []).map(async (commit) => ({
        commit,
        checks: await settled<ChecksAnswer>(memory, {
          asked: { checks: commit, repository },
          ask: () => forge.checks({ repository, commit }),
          isGood: (answer) => answer.kind === 'checks' && looked.every((name) => hasPassed(answer, name)),
        }),
      })),
    ),
    wanted.branch && branch !== undefined
      ? settled<RequiredAnswer>(memory, {
          asked: { branch, repository },
          ask: () => forge.requiredChecks({ repository, branch }),
          isGood: (answer) =>
            answer.kind === 'required' && names.every((name) => answer.checks.includes(name)),
        })
      : undefined,
  ]);
  return {
    ...(reported && { reported }),
    repository,
    commits: checked,
    ...(required && branch !== undefined && { branch: { name: branch, required } }),
  };
}

function hasPassed({ checks }: Extract<ChecksAnswer, { kind: 'checks' }>, wanted: string): boolean {
  return checks.some(({ name, outcome }) => name === wanted && outcome === 'passed');
}

/** Where answers are kept, and whose timers say when one is late. */
interface Memory {
  of: object;
  now: number;
  afresh: boolean;
  ports: Pick<Ports, 'patience'>;
}

/** A good answer is good for a while; any other may be better in a second, for whoever waits for CI asks again. */
async function settled<A>(
  { ports, ...memory }: Memory,
  { asked, ask, isGood }: { asked: object; ask: () => Promise<A>; isGood: (answer: A) => boolean },
): Promise<Asked<A>> {
  try {
    const late = (says: string): never => {
      throw new UnavailableError(says);
    };
    const askInTime = () => withinBudget(ports, { what: 'GitHub', work: ask(), late });
    let isFresh = false;
    const askNow = () => {
      isFresh = true;
      return askInTime();
    };
    const answer = await remembered(memory, asked, askNow);
    return isGood(answer) || isFresh
      ? answer
      : await remembered({ ...memory, afresh: true }, asked, askInTime);
  } catch (error) {
    if (error instanceof UnavailableError) return { kind: 'unknown', says: error.message };
    throw error;
  }
}

/** What the images say of themselves, or else what their build said. */
function commitsOf({ images }: Content, reported: string | undefined): string[] {
  const told = Object.values(images).flatMap(({ revision }) => revision ?? []);
  if (told.length > 0) return [...new Set(told)];
  return reported === undefined ? [] : [reported];
}
