import { authorise } from '../../domain/authorise.ts';
import { type ReleaseName, releaseId, releaseStream } from '../../domain/ids.ts';
import { type EnvironmentRules, environmentRules } from '../../domain/rules.ts';
import { TerminalError, UnavailableError } from '../../errors.ts';
import type { Answer } from '../../ports/message.ts';
import { needsRole, notDone, said } from '../../views/answers.ts';
import { cutAnswer, cutForm, preflightRefusal, unresolvedAnswer } from '../../views/cut.ts';
import { authorsUnknown } from '../../views/notes.ts';
import { readEnvironment } from '../read-state.ts';
import type { Asked, Asker, Carry, Desk } from '../requests/asked.ts';
import { type Chosen, fromPrevious, fromRegistry } from './choose-contents.ts';
import { gatherNotes } from './gather-notes.ts';
import { prepareRelease, type Wish } from './prepare-release.ts';
import { nextName, recordCut } from './record-cut.ts';
import { type Making, noLongerSeen, showPlan } from './show-plan.ts';

/** Cuts in the same moment take names one after the other; more than this many at once is a storm. */
const MAX_TRIES = 10;

/** Puts a release together, checks it, and records it; its branch, its board and its approvals follow from that. */
export const cut: Carry<'cut'> = async (desk, asked) => {
  const { request } = asked;
  const environment = environmentRules(desk.rules, request.environment);
  if (environment === undefined) return notDone(`There is no environment ${request.environment}.`);
  // Everybody may know what would be done.
  const refused = request.dryRun ? undefined : notAllowed(asked, environment, 'cut');
  if (refused) return refused;
  const wish = await wishOf(desk, { environment, asked });
  if (wish.unresolved.length > 0)
    return unresolvedAnswer({ environment: environment.name, unresolved: wish.unresolved });
  if (Object.keys(wish.contents).length === 0) return nothingNew(environment);
  return recordRelease(desk, asked, { wish, train: request.train ?? desk.rules.defaultTrain });
};

/** What a cut would take, with a tick for each service that is to be left out. */
export const cutPreview: Carry<'cutPreview'> = async (desk, asked) => {
  const environment = environmentRules(desk.rules, asked.request.environment);
  if (environment === undefined) return notDone(`There is no environment ${asked.request.environment}.`);
  const refused = notAllowed(asked, environment, 'cut');
  if (refused) return refused;
  const wish = await wishOf(desk, { environment, asked });
  if (Object.keys(wish.contents).length === 0) return nothingNew(environment);
  return { kind: 'form', form: cutForm({ environment, contents: wish.contents, here: wish.here }) };
};

/**
 * Prepares, judges and records a release; a rehearsal shows what would be recorded instead. Without a `train` the wish has its
 * name already.
 */
export async function recordRelease(
  desk: Desk,
  asked: Making,
  { wish, train }: { wish: Omit<Wish, 'name'> & { name?: ReleaseName }; train?: string },
): Promise<Answer | undefined> {
  const { ports, rules } = desk;
  const { environment } = wish;
  const { dryRun } = asked.request;
  const { notes, contents, unread } = await gatherNotes(ports, rules, wish);
  // Forward fails closed: who wrote it may not approve it, so that must be known before anybody is asked.
  if (unread.length > 0 && !dryRun) return authorsUnknown({ environment: environment.name, unread, notes });
  for (let i = 0; i < MAX_TRIES; i++) {
    const name = wish.name ?? (await nextName(ports, train ?? rules.defaultTrain));
    const prepared = await prepareRelease(ports, rules, { ...wish, contents, name });
    if (prepared.kind === 'nothing') return nothingNew(environment);
    if (prepared.kind === 'refused')
      return preflightRefusal({ environment: environment.name, findings: prepared.findings });
    if (dryRun)
      return (
        (await alreadyThere(ports, environment, wish.name)) ??
        showPlan(desk, asked, { wish, name, prepared, notes })
      );
    const moved = noLongerSeen(asked, { wish, name, prepared });
    if (moved) return moved;
    const { plan, planHash, manifest, findings } = prepared;
    const branch = rules.repositories[environment.repository]?.branch ?? 'main';
    const recorded = await recordCut(ports, asked, {
      name,
      environment: environment.name,
      plan,
      planHash,
      manifest: { ...manifest, repository: environment.repository, branch },
      requestedBy: asked.by.id,
      notes,
      ...(wish.promotedFrom && { promotedFrom: wish.promotedFrom }),
    });
    if (recorded.kind === 'recorded') {
      await ports.bells.ring({ kind: 'release', release: recorded.id });
      return cutAnswer({ id: recorded.id, channel: environment.channel, findings });
    }
    if (wish.name !== undefined) return thereAlready(environment, name);
  }
  throw new UnavailableError('releases are cut faster than they can be named', { retryAfterMs: 1000 });
}

/** A release that comes under its own name can only come once; absent for one that gets the next free name. */
async function alreadyThere(
  { ledger }: Desk['ports'],
  environment: EnvironmentRules,
  name: ReleaseName | undefined,
): Promise<Answer | undefined> {
  if (name === undefined) return undefined;
  const { version } = await ledger.read(releaseStream(releaseId(environment.name, name)));
  return version > 0 ? thereAlready(environment, name) : undefined;
}

function thereAlready(environment: EnvironmentRules, name: ReleaseName): Answer {
  return notDone(`${name} is in ${environment.name} already.`);
}

async function wishOf(
  desk: Desk,
  { environment, asked }: { environment: EnvironmentRules; asked: Asked<'cut'> | Asked<'cutPreview'> },
): Promise<Omit<Wish, 'name'>> {
  const services = asked.request.kind === 'cut' ? asked.request.services : [];
  const leaveOut = asked.request.kind === 'cut' ? asked.request.leaveOut : [];
  const wish = await wishFor(desk, { environment, asked, chosen: { contents: {}, unresolved: [] } });
  if (services.length > 0)
    return { ...wish, ...(await fromRegistry(desk.ports, wish.catalog, { environment, services })) };
  if (environment.previous === undefined) {
    throw new TerminalError(
      `${environment.name} is the first environment: say what to release, e.g. /release cut ${environment.name} orders-api@1.8.0`,
    );
  }
  const previous = (await readEnvironment(desk.ports, environment.previous)).state;
  const contents = Object.entries(fromPrevious(wish.catalog, { here: wish.here, previous }));
  return {
    ...wish,
    contents: Object.fromEntries(contents.filter(([service]) => !leaveOut.includes(service))),
  };
}

/** What every wish begins with: the catalog as it is now, and the environment. */
export async function wishFor(
  { ports, catalog: source }: Desk,
  { environment, asked, chosen }: { environment: EnvironmentRules; asked: Asker; chosen: Chosen },
): Promise<Omit<Wish, 'name'>> {
  const [catalog, here] = await Promise.all([source.load(), readEnvironment(ports, environment.name)]);
  return { environment, catalog, here: here.state, ...chosen, requestedBy: asked.by.id };
}

/** A refusal for want of a role; absent when the person may. */
export function notAllowed(
  asked: Asker,
  environment: EnvironmentRules,
  action: 'cut' | 'promote',
): Answer | undefined {
  const may = authorise(asked.by.roles, action, environment);
  return may.kind === 'allowed'
    ? undefined
    : needsRole({ ...may, environment: environment.name, what: `${action} a release` });
}

function nothingNew(environment: EnvironmentRules): Answer {
  const where = environment.previous
    ? `everything verified in ${environment.previous} runs in ${environment.name} already`
    : 'it runs already';
  return said(`Nothing to release: ${where}.`);
}
