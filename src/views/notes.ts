import type { ReleaseName, ServiceName } from '../domain/ids.ts';
import type { NotedCommit, ReleaseNotes, ServiceNotes } from '../domain/notes/release-notes.ts';
import { code, join, link, type Mrkdwn, mrkdwn } from '../domain/text/mrkdwn.ts';
import type { Answer, Block, Message } from '../ports/message.ts';
import { refusal } from './answers.ts';
import { count, list, shorten } from './words.ts';

type Told = Extract<ServiceNotes, { kind: 'commits' }>;

/** Where a person reads a commit; absent where there is no such page. */
type CommitUrl = (repository: string, commit: string) => string | undefined;

/** Commits shown of a service in the thread, and services shown at all; the rest is counted. */
const COMMITS_SHOWN = 12;
const SERVICES_SHOWN = 20;
/** On a plan, of all services together. */
const ON_PLAN = 6;

/** `+14 commits`, for a line of the plan; nothing where nobody can tell. */
export function noteCount(notes: ServiceNotes | undefined): string[] {
  if (notes?.kind !== 'commits') return [];
  const back = notes.undone > 0 ? [`takes out ${count(notes.undone, 'commit')}`] : [];
  return [`+${count(notes.total, 'commit')}`, ...back];
}

/** Every commit that is kept, for a file. */
export function noteLines(notes: ServiceNotes | undefined): string[] {
  if (notes?.kind !== 'commits') return [];
  return notes.commits.map(
    ({ commit, subject, author }) => `    ${commit.slice(0, 8)} ${subject} (${author})`,
  );
}

/** The newest commits on a plan, who wrote them beyond those whom Slack knows, and what cannot be told. */
export function notesBlocks(notes: ReleaseNotes): Block[] {
  const told = toldIn(notes);
  const lines = told.flatMap(([service, { commits }]) =>
    commits.map((commit) => mrkdwn`${code(service)} ${commit.subject}  _${commit.author}_`),
  );
  const more = told.reduce((sum, [, { total }]) => sum + total, 0) - Math.min(lines.length, ON_PLAN);
  const all = [
    ...lines.slice(0, ON_PLAN),
    ...(more > 0 && lines.length > 0 ? [mrkdwn`_and ${count(more, 'more commit')}_`] : []),
    ...strangersLine(told),
    ...silentLines(notes),
  ];
  return all.length === 0 ? [] : [{ kind: 'section', text: join([mrkdwn`*What is new*`, ...all], '\n') }];
}

/** The notes as they stand under a board: by service, with links. Absent when there is not one commit to tell of. */
export function notesMessage({
  name,
  notes,
  commitUrl,
}: {
  name: ReleaseName;
  notes: ReleaseNotes;
  commitUrl: CommitUrl;
}): Message | undefined {
  const told = toldIn(notes);
  if (told.length === 0) return undefined;
  const total = told.reduce((sum, [, each]) => sum + each.total, 0);
  const text = `What is new in ${name}: ${count(total, 'commit')} in ${count(told.length, 'service')}`;
  const shown = told
    .slice(0, SERVICES_SHOWN)
    .map(([service, each]): Block => ({ kind: 'section', text: serviceNotes(service, each, commitUrl) }));
  const rest = [
    ...(told.length > SERVICES_SHOWN
      ? [mrkdwn`_and ${count(told.length - SERVICES_SHOWN, 'more service')}_`]
      : []),
    ...strangersLine(told),
    ...silentLines(notes),
  ];
  const tail: Block[] = rest.length > 0 ? [{ kind: 'section', text: join(rest, '\n') }] : [];
  return { text, blocks: [{ kind: 'section', text: mrkdwn`*${text}*` }, ...shown, ...tail] };
}

/** Not cut: nobody can tell who wrote what is new, and they may not approve it. */
export function authorsUnknown({
  environment,
  unread,
  notes,
}: {
  environment: string;
  unread: readonly ServiceName[];
  notes: ReleaseNotes;
}): Answer {
  const [first = ''] = unread;
  const why = notes[first];
  return refusal({
    says: `Not done for ${environment}: the source of ${list(unread)} cannot be read now, so nobody knows who wrote what is new.`,
    rule: 'maker-checker',
    remedy: `${why?.kind === 'silent' ? `${shorten(why.says, 300)}. ` : ''}Try again when it can be read, or take its source out of the catalog.`,
  });
}

function toldIn(notes: ReleaseNotes): [ServiceName, Told][] {
  return Object.entries(notes).flatMap(([service, each]): [ServiceName, Told][] =>
    each.kind === 'commits' ? [[service, each]] : [],
  );
}

function serviceNotes(service: ServiceName, told: Told, commitUrl: CommitUrl): Mrkdwn {
  const { repository, from, to, commits, total } = told;
  const range = `${from.slice(0, 8)}..${to.slice(0, 8)}`;
  const shown = commits.slice(0, COMMITS_SHOWN).map((each) => commitLine(each, repository, commitUrl));
  const more = total - shown.length;
  const lines = more > 0 ? [...shown, mrkdwn`_and ${count(more, 'more commit')}_`] : shown;
  return join([mrkdwn`${code(service)}  ${noteCount(told).join(' · ')}  ${range}`, ...lines], '\n');
}

function commitLine(
  { commit, subject, author }: NotedCommit,
  repository: string,
  commitUrl: CommitUrl,
): Mrkdwn {
  const url = commitUrl(repository, commit);
  const id = commit.slice(0, 8);
  return mrkdwn`${url === undefined ? code(id) : link(url, id)} ${subject}  _${author}_`;
}

function strangersLine(told: readonly [ServiceName, Told][]): Mrkdwn[] {
  const names = [...new Set(told.flatMap(([, { strangers }]) => strangers))].sort();
  if (names.length === 0) return [];
  const shown = shorten(list(names.slice(0, 10)), 300);
  return [
    mrkdwn`Wrote some of it, and nobody in Slack has their address, so that I would not notice if they approved: ${shown}`,
  ];
}

/** Services of which nothing can be told, those with the same reason together. */
function silentLines(notes: ReleaseNotes): Mrkdwn[] {
  const silent = Object.entries(notes).flatMap(([service, each]) =>
    each.kind === 'silent' ? [{ service, says: each.says }] : [],
  );
  const byReason = Map.groupBy(silent, ({ says }) => says);
  return [...byReason].slice(0, 4).map(([says, services]) => {
    const names = services.map(({ service }) => service);
    const who = names.length > 4 ? count(names.length, 'service') : list(names);
    return mrkdwn`_No notes for ${who}: ${shorten(says, 200)}_`;
  });
}
