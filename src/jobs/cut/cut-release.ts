import { authorise } from '../../domain/authorise.ts';
import { type ReleaseName, releaseId, releaseStream, type ServiceName } from '../../domain/ids.ts';
import type { ServiceChoice } from '../../domain/request.ts';
import { type EnvironmentRules, environmentRules } from '../../domain/rules.ts';
import type { Answer } from '../../ports/message.ts';
import { needsRole, notDone, said } from '../../views/answers.ts';
import { cutAnswer, cutForm, preflightRefusal, unresolvedAnswer } from '../../views/cut.ts';
import { authorsUnknown } from '../../views/notes.ts';
import { notForIncident } from '../hotfix/which-incident.ts';
import { readEnvironment } from '../read-state.ts';
import type { Asker, Carry, Desk } from '../requests/asked.ts';
import { type Chosen, fromPrevious, fromRegistry } from './choose-contents.ts';
import { candidatesFor } from './find-candidates.ts';
import { type Made, makeRelease } from './make-release.ts';
import type { Wish } from './prepare-release.ts';
import { asTheyRun, onlyContracts, readMigrations } from './read-migrations.ts';
import { makerOf } from './record-cut.ts';
import { type Making, noLongerSeen, showPlan } from './show-plan.ts';

/** Puts a release together, checks it, and records it; its branch, its board and its approvals follow from that. */
export const cut: Carry<'cut'> = async (desk, asked) => {
  const { request } = asked;
  const environment = environmentRules(desk.rules, request.environment);
  if (environment === undefined) return notDone(`There is no environment ${request.environment}.`);
  // Everybody may know what would be done.
  const refused = request.dryRun ? undefined : notAllowed(asked, environment, 'cut');
  if (refused) return refused;
  const impossible = request.hotfix && (await notForIncident(desk.ports, request.hotfix));
  if (impossible) return impossible;
  const chosen = await wishOf(desk, { ...request, environment, asked });
  const wish = { ...chosen, hotfixFor: request.hotfix };
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

/** Makes the release that a person asked for, or shows what it would be. Without a `train` the wish has its name already. */
export async function recordRelease(
  desk: Desk,
  asked: Making,
  { wish, train }: { wish: Omit<Wish, 'name'> & { name?: ReleaseName }; train?: string },
): Promise<Answer | undefined> {
  const { environment } = wish;
  const rehearsal = asked.request.dryRun ?? false;
  const made = await makeRelease(desk, makerOf(asked), {
    wish,
    train,
    rehearsal,
    before: async ({ name, prepared, notes }) => {
      if (!rehearsal) return noLongerSeen(asked, { wish, name, prepared });
      const there = await alreadyThere(desk.ports, environment, wish.name);
      return there ?? showPlan(desk, asked, { wish, name, prepared, notes });
    },
  });
  return answerTo(desk, made, environment);
}

function answerTo({ rules }: Pick<Desk, 'rules'>, made: Made, environment: EnvironmentRules): Answer {
  switch (made.kind) {
    case 'recorded':
      return cutAnswer({ id: made.id, channel: environment.channel, rows: made.shown, risk: made.risk });
    case 'nothing':
      return nothingNew(environment);
    case 'refused':
      return preflightRefusal({
        environment: environment.name,
        rows: made.shown,
        prefix: rules.commandPrefix,
      });
    case 'unread':
      return authorsUnknown({ environment: environment.name, unread: made.unread, notes: made.notes });
    case 'there':
      return thereAlready(environment, made.name);
    case 'stopped':
      return made.answer;
  }
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

/**
 * What a cut takes: the versions that were typed, or else everything verified one environment earlier, and in the first
 * environment the newest candidates. Throws `TerminalError` for services that are not there.
 */
export async function wishOf(
  desk: Desk,
  {
    environment,
    asked,
    services = [],
    leaveOut = [],
    migrations,
  }: {
    environment: EnvironmentRules;
    asked: Asker;
    services?: readonly ServiceChoice[];
    leaveOut?: readonly ServiceName[];
    /** Path of a file with what changes in databases. */
    migrations?: string | undefined;
  },
): Promise<Omit<Wish, 'name'>> {
  const plain = await wishFor(desk, { environment, asked, chosen: { contents: {}, unresolved: [] } });
  const changes =
    migrations === undefined
      ? undefined
      : await readMigrations(desk.ports, desk.rules, { environment, path: migrations });
  const wish = { ...plain, ...(changes && { changes }) };
  if (changes && services.length === 0 && onlyContracts(changes))
    return { ...wish, ...asTheyRun(changes, { environment, here: wish.here }) };
  if (services.length > 0)
    return { ...wish, ...(await fromRegistry(desk.ports, wish.catalog, { environment, services })) };
  if (environment.previous === undefined) {
    const { catalog, here } = wish;
    const found = await candidatesFor(desk.ports, desk.rules, { catalog, environment, here });
    return { ...wish, ...withoutServices(found, leaveOut) };
  }
  const previous = (await readEnvironment(desk.ports, environment.previous)).state;
  const contents = Object.entries(fromPrevious(wish.catalog, { here: wish.here, previous }));
  return {
    ...wish,
    ...withoutServices({ contents: Object.fromEntries(contents), unresolved: [] }, leaveOut),
  };
}

function withoutServices(chosen: Chosen, leaveOut: readonly ServiceName[]): Chosen {
  const contents = Object.entries(chosen.contents).filter(([service]) => !leaveOut.includes(service));
  const unresolved = chosen.unresolved.filter(({ service }) => !leaveOut.includes(service));
  return { ...chosen, contents: Object.fromEntries(contents), unresolved };
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

/** Nothing would be released. */
export function nothingNew(environment: EnvironmentRules): Answer {
  if (environment.previous === undefined) {
    return said(
      `Nothing to release: ${environment.name} is the first environment, and no build has reported anything newer than what runs there. Say what to release, e.g. /release cut ${environment.name} orders-api@1.8.0`,
    );
  }
  return said(
    `Nothing to release: everything verified in ${environment.previous} runs in ${environment.name} already.`,
  );
}
