import {
  type PersonId,
  type ReleaseId,
  type ReleaseName,
  releaseId,
  type ServiceName,
} from '../../domain/ids.ts';
import type { ReleaseFact, ReleaseFactBody } from '../../domain/ledger/fact.ts';
import { withoutServices } from '../../domain/manifest/amend-manifest.ts';
import { manifestText } from '../../domain/manifest/compose-manifest.ts';
import { didYouMean } from '../../domain/naming/nearest.ts';
import { trainOf } from '../../domain/naming/release-name.ts';
import type { ReleaseNotes } from '../../domain/notes/release-notes.ts';
import type { Plan } from '../../domain/plan/plan.ts';
import { dependentsOn, keptApprovals, makersLeft } from '../../domain/release/amend.ts';
import { phaseOfRelease, type ReleaseState } from '../../domain/release/release-state.ts';
import type { Seen } from '../../domain/request.ts';
import { type EnvironmentRules, environmentRules } from '../../domain/rules.ts';
import { TerminalError, UnavailableError } from '../../errors.ts';
import type { Answer } from '../../ports/message.ts';
import { notDone } from '../../views/answers.ts';
import { preflightRefusal } from '../../views/cut.ts';
import { alreadyMoving, askAboutDependents, droppedAnswer, nothingLeft } from '../../views/drop.ts';
import { judgedFacts } from '../preflight/judged-facts.ts';
import { type Reading, readEnvironment, readRelease } from '../read-state.ts';
import { stamp, writeTo } from '../record.ts';
import type { Asked, Carry, Desk } from '../requests/asked.ts';
import { notOne, whichRelease } from '../requests/which-release.ts';
import { notAllowed } from './cut-release.ts';
import { judgeText, type Prepared } from './prepare-release.ts';
import { makerOf, nextName, recordCut } from './record-cut.ts';

/** Others may cut, approve or push in the same moment this often before the person is told to try again. */
const MAX_TRIES = 10;

/**
 * Takes services out of a release that has not begun. What is left is other content, so it gets another name, a plan and a
 * branch of its own; the old release ends as superseded in the same append. Owners whose part is the same are not asked again.
 */
export const drop: Carry<'drop'> = async (desk, asked) => {
  const found = await releaseMeant(desk, asked);
  if (found.kind !== 'one') {
    return notOne(found, (id) => ({ ...asked.request, release: id }));
  }
  for (let i = 0; i < MAX_TRIES; i++) {
    const reading = await readRelease(desk.ports.ledger, found.release);
    const environment = reading && environmentRules(desk.rules, reading.state.environment);
    if (reading === undefined || environment === undefined)
      return notDone(`There is no release ${found.release}.`);
    const answer = await amend(desk, asked, { reading, environment });
    if (answer !== 'again') return answer;
  }
  throw new UnavailableError(`${found.release} is changing faster than this gets in`, { retryAfterMs: 500 });
};

interface Amending {
  reading: Reading<ReleaseState>;
  environment: EnvironmentRules;
}

async function amend(
  desk: Desk,
  asked: Asked<'drop'>,
  { reading, environment }: Amending,
): Promise<Answer | 'again'> {
  const { state, at } = reading;
  // What is left is made as the old one was: who may not promote must not come by a promoted release this way.
  const refused = notAllowed(asked, environment, state.promotedFrom ? 'promote' : 'cut');
  if (refused) return refused;
  // Carried out before a crash: it stands, and only its answer may have been lost.
  const done = at.facts.some((fact) => fact.cause === asked.id) ? state.ended?.by : undefined;
  if (done !== undefined) return finished(desk, { old: state, id: done, environment });
  const dropped = [...new Set(asked.request.services)];
  const stopped = cannot(desk, reading, { dropped, seen: asked.request.seen });
  if (stopped) return stopped;
  const dependents = dependentsOn(state.plan, dropped);
  if (dependents.length > 0 && asked.request.dependents === 'ask')
    return askAboutDependents({ release: state, dropped, dependents, request: asked.request });
  const all = asked.request.dependents === 'drop' ? [...dropped, ...dependents] : dropped;
  if (Object.keys(state.plan.services).every((service) => all.includes(service)))
    return nothingLeft({ release: state, dropped: all });
  return replace(desk, asked, { reading, environment, dropped: all });
}

async function replace(
  desk: Desk,
  asked: Asked<'drop'>,
  { reading, environment, dropped }: Amending & { dropped: readonly ServiceName[] },
): Promise<Answer | 'again'> {
  const { ports } = desk;
  const { state, at } = reading;
  const name = await nextName(ports, trainOf(state.name));
  const prepared = await prepareRest(desk, asked, { reading, environment, dropped, name });
  if (prepared.kind === 'nothing') return nothingLeft({ release: state, dropped });
  if (prepared.kind === 'refused')
    return preflightRefusal({
      environment: environment.name,
      rows: prepared.shown,
      prefix: desk.rules.commandPrefix,
    });
  const { plan, planHash, manifest } = prepared;
  const id = releaseId(environment.name, name);
  const ended = stamp(ports.clock, {
    kind: 'release.ended',
    actor: { kind: 'person', id: asked.by.id, via: asked.via },
    cause: asked.id,
    data: { outcome: 'superseded', reason: `${name} goes on without ${dropped.join(', ')}`, by: id },
  });
  const kept = keptApprovals(state, prepared);
  const recorded = await recordCut(
    ports,
    makerOf(asked),
    {
      name,
      environment: environment.name,
      plan,
      planHash,
      manifest: { ...manifest, repository: state.manifest.repository, branch: state.manifest.branch },
      requestedBy: asked.by.id,
      ...(state.promotedFrom && { promotedFrom: state.promotedFrom }),
      amends: state.id,
      ...(state.notes && { notes: notesOf(state.notes, plan) }),
    },
    {
      facts: [
        ...judgedFacts(prepared),
        ...kept.map((data): ReleaseFactBody => ({ kind: 'approval.kept', data })),
      ],
      writes: [writeTo(at, [ended], state.id)],
    },
  );
  if (recorded.kind === 'nameTaken') return 'again';
  return finished(desk, { old: state, id: recorded.id, environment });
}

/** What is new in what is left has been told, and is what it was. */
function notesOf(notes: ReleaseNotes, plan: Plan): ReleaseNotes {
  return Object.fromEntries(
    Object.entries(notes).filter(([service]) => Object.hasOwn(plan.services, service)),
  );
}

/** The old document without what is dropped, planned and judged as it would be if somebody cut it now. */
async function prepareRest(
  { ports, rules, catalog }: Desk,
  asked: Asked<'drop'>,
  from: Amending & { dropped: readonly ServiceName[]; name: ReleaseName },
): Promise<Prepared> {
  const { reading, environment, dropped, name } = from;
  const { state } = reading;
  const read = await ports.yaml.read(state.manifest.text);
  if (read.kind === 'refused')
    throw new TerminalError(`The manifest of ${state.name} can no longer be read: cut it again.`);
  const document = withoutServices(read.value, {
    dropped,
    name,
    amends: state.id,
    requestedBy: asked.by.id,
  });
  const left = Object.entries(state.plan.services).filter(([service]) => !dropped.includes(service));
  const makers = makersLeft(state, { dropped, adopters: adoptersOf(reading) });
  return judgeText(ports, rules, {
    name,
    environment,
    catalog: await catalog.load(),
    here: (await readEnvironment(ports, environment.name)).state,
    contents: Object.fromEntries(left.map(([service, planned]) => [service, planned.to])),
    unresolved: [],
    text: manifestText(document, (value) => ports.yaml.write(value)),
    notes: state.notes,
    makers: [...makers, asked.by.id],
  });
}

/** Both boards are drawn, and whoever has to be asked again is. */
async function finished(
  { ports }: Desk,
  { old, id, environment }: { old: ReleaseState; id: ReleaseId; environment: EnvironmentRules },
): Promise<Answer> {
  await ports.bells.ring({ kind: 'release', release: old.id });
  await ports.bells.ring({ kind: 'release', release: id });
  const next = await readRelease(ports.ledger, id);
  if (next === undefined) throw new TerminalError(`release ${id} is gone`);
  return droppedAnswer({
    old,
    next: next.state,
    channel: environment.channel,
    nameOf: (person) => ports.directory.nameOf(person),
  });
}

/** Why nothing can be dropped from this release, and what to do instead; absent when it can. */
function cannot(
  { rules }: Desk,
  { state, at: { readOnly } }: Reading<ReleaseState>,
  { dropped, seen }: { dropped: readonly ServiceName[]; seen: Seen | undefined },
): Answer | undefined {
  const phase = phaseOfRelease(state, true);
  if (readOnly)
    return notDone(`${state.name} can't be changed by this version of me: ${readOnly.reason}. Not done.`);
  if (state.plan.type === 'rollback')
    return notDone(`${state.name} is a rollback: it goes back whole. Not done.`);
  if (state.ended) return notDone(`${state.name} in ${state.environment} is over: it is ${phase}. Not done.`);
  if (state.rejected) return notDone(`${state.name} was rejected. Not done.`);
  if (state.started) return alreadyMoving({ release: state, dropped, prefix: rules.commandPrefix });
  if (seen && seen.planHash !== state.planHash)
    return notDone(`The plan of ${state.name} is another one by now. Not done: look at its board.`);
  if (state.foreignPush)
    return notDone(
      `Somebody pushed to the branch of ${state.name}: take the change over, or reject the release, first. Not done.`,
    );
  const services = Object.keys(state.plan.services);
  const unknown = dropped.find((service) => !services.includes(service));
  return unknown === undefined
    ? undefined
    : notDone(`${unknown} is not in ${state.name}: ${didYouMean(unknown, services)}.`);
}

/** Where no release is named, the one that has not begun and has all of these services. */
async function releaseMeant({ ports }: Desk, asked: Asked<'drop'>) {
  const { release: word, environment, services } = asked.request;
  // One that a person names may be over: then that is what they are told.
  const found = await whichRelease(ports, { word, environment, finished: word !== undefined });
  if (found.kind !== 'several') return found;
  const readings = await Promise.all(found.releases.map((id) => readRelease(ports.ledger, id)));
  const fitting = readings.flatMap((reading) => {
    if (reading === undefined) return [];
    const { started, ended, plan, id } = reading.state;
    const hasAll = services.every((service) => Object.hasOwn(plan.services, service));
    return !started && !ended && plan.type !== 'rollback' && hasAll ? [id] : [];
  });
  const [only, ...more] = fitting;
  if (only !== undefined && more.length === 0) return { kind: 'one' as const, release: only };
  return fitting.length > 1 ? { kind: 'several' as const, releases: fitting } : found;
}

function adoptersOf({ at }: Reading<ReleaseState>): PersonId[] {
  return at.facts.flatMap((each) => {
    const fact = each as ReleaseFact;
    return fact.kind === 'manifest.adopted' ? [fact.data.person] : [];
  });
}
