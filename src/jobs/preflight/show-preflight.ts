import { type ReleaseId, splitReleaseId } from '../../domain/ids.ts';
import { plannedContents } from '../../domain/plan/planned-contents.ts';
import type { ShownRow } from '../../domain/policy/exemption.ts';
import type { Risk } from '../../domain/policy/risk.ts';
import { type PreflightRow, sameRows } from '../../domain/policy/row.ts';
import type { ReleaseState } from '../../domain/release/release-state.ts';
import { type EnvironmentRules, environmentRules } from '../../domain/rules.ts';
import type { Answer } from '../../ports/message.ts';
import { notDone, said } from '../../views/answers.ts';
import { unresolvedAnswer } from '../../views/cut.ts';
import { type Judged, preflightFile, preflightTable } from '../../views/preflight.ts';
import { nothingNew, wishOf } from '../cut/cut-release.ts';
import { inputOf, prepareRelease } from '../cut/prepare-release.ts';
import { nextName } from '../cut/record-cut.ts';
import { readEnvironment, readRelease } from '../read-state.ts';
import { bellFor } from '../reconcile-release.ts';
import type { Asked, Carry, Desk } from '../requests/asked.ts';
import { decideOnRelease } from '../requests/decide-on-release.ts';
import { notOne, whichRelease } from '../requests/which-release.ts';
import { assessRisk } from './assess-risk.ts';
import { findChecklists } from './find-checklists.ts';
import { judgePlan } from './judge-plan.ts';
import { shownRows } from './shown-rows.ts';

/** Shows what every rule says now. For a release that has not begun it is also recorded, so that approvers see the same. */
export const preflight: Carry<'preflight'> = async (desk, asked) => {
  const { release: word, environment: name } = asked.request;
  const environment = name === undefined ? undefined : environmentRules(desk.rules, name);
  if (name !== undefined && environment === undefined) return notDone(`There is no environment ${name}.`);
  if (word === undefined && environment !== undefined) return ofEnvironment(desk, asked, environment);
  const found = await whichRelease(desk.ports, { word, environment: name, finished: word !== undefined });
  if (found.kind !== 'one') return notOne(found, (id) => ({ ...asked.request, ...splitAsRequest(id) }));
  return ofRelease(desk, asked, found.release);
};

function splitAsRequest(id: ReleaseId) {
  const { environment, name } = splitReleaseId(id);
  return { environment, release: name };
}

/** What a cut would come to; nothing of it is recorded. */
async function ofEnvironment(
  desk: Desk,
  asked: Asked<'preflight'>,
  environment: EnvironmentRules,
): Promise<Answer> {
  const { ports, rules } = desk;
  const wish = await wishOf(desk, { environment, asked });
  if (wish.unresolved.length > 0)
    return unresolvedAnswer({ environment: environment.name, unresolved: wish.unresolved });
  if (Object.keys(wish.contents).length === 0) return nothingNew(environment);
  const name = await nextName(ports, rules.defaultTrain);
  const prepared = await prepareRelease(ports, rules, { ...wish, name, afresh: asked.request.afresh });
  if (prepared.kind === 'nothing') return nothingNew(environment);
  return shown(asked, {
    of: `what would be cut for ${environment.name}`,
    environment: environment.name,
    prefix: rules.commandPrefix,
    rows: prepared.shown,
    risk: prepared.risk,
    at: new Date(ports.clock.now()).toISOString(),
    again: { ...asked.request },
  });
}

async function ofRelease(desk: Desk, asked: Asked<'preflight'>, id: ReleaseId): Promise<Answer | undefined> {
  const { ports, rules } = desk;
  const reading = await readRelease(ports.ledger, id);
  const environment = reading && environmentRules(rules, reading.state.environment);
  if (reading === undefined || environment === undefined) return notDone(`There is no release ${id}.`);
  const { state } = reading;
  const of = `${state.name} → ${state.environment}`;
  if (state.plan.type === 'rollback')
    return said(`${of} takes back what was verified: rules are not asked, nothing may stand in its way.`);
  const about = { of, environment: environment.name, prefix: rules.commandPrefix };
  const again = { ...asked.request, ...splitAsRequest(id) };
  const { preflight: last } = state;
  if (isUnderWay(state) || (asked.request.whole && last)) {
    if (last === undefined) return notDone(`${of} began before preflights were recorded.`);
    const rows = await shownRows(ports, state, last.rows);
    const judged = { ...about, rows, risk: last.risk, at: last.at };
    return shown(asked, { ...judged, ...(!isUnderWay(state) && { again }) });
  }
  const {
    rows,
    shown: now,
    risk,
  } = await judgeRelease(desk, {
    state,
    environment,
    afresh: asked.request.afresh,
  });
  const at = new Date(ports.clock.now()).toISOString();
  const answer = shown(asked, { ...about, rows: now, risk, at, again });
  const decided = await decideOnRelease(ports, { asked, release: id }, (present) => {
    if (present.planHash !== state.planHash)
      return { kind: 'answer', answer: notDone(`The plan of ${of} has just changed: ask again.`) };
    // Only what came to something else is worth a fact; and what began meanwhile was approved on what was there.
    if (isUnderWay(present) || isSame(present, { rows, risk })) return { kind: 'answer', answer };
    return {
      kind: 'facts',
      facts: [{ kind: 'preflight.judged', data: { planHash: present.planHash, rows, risk } }],
    };
  });
  if (decided.kind === 'answer') return decided.answer;
  await ports.bells.ring(bellFor(state));
  return answer;
}

/** Judges the very plan that people are asked about, on what is so now. */
async function judgeRelease(
  desk: Desk,
  { state, environment, afresh }: { state: ReleaseState; environment: EnvironmentRules; afresh: boolean },
): Promise<{ rows: PreflightRow[]; shown: ShownRow[]; risk: Risk }> {
  const { ports, rules } = desk;
  const [catalog, here] = await Promise.all([desk.catalog.load(), readEnvironment(ports, state.environment)]);
  const input = await inputOf(ports, rules, {
    name: state.name,
    environment,
    catalog,
    here: here.state,
    contents: plannedContents(state.plan),
    unresolved: [],
    text: state.manifest.text,
    makers: state.plan.makers,
  });
  const { plan } = state;
  const rows = await judgePlan(ports, rules, {
    input,
    plan,
    notes: state.notes,
    checklists: await findChecklists(ports, rules, environment),
    afresh,
  });
  const shown = await shownRows(ports, state, rows);
  return { rows, shown, risk: await assessRisk(ports, { input, plan, rows: shown }) };
}

function isSame({ preflight }: ReleaseState, now: { rows: PreflightRow[]; risk: Risk }): boolean {
  return sameRows(preflight?.rows ?? [], now.rows) && preflight?.risk?.level === now.risk.level;
}

function isUnderWay({ started, ended, takenBack }: ReleaseState): boolean {
  return started !== undefined || ended !== undefined || takenBack !== undefined;
}

function shown({ request }: Asked<'preflight'>, judged: Judged): Answer {
  return request.whole ? preflightFile(judged) : { kind: 'message', message: preflightTable(judged) };
}
