import { type Catalog, catalogService } from '../../domain/catalog/catalog.ts';
import type { SourceLocation } from '../../domain/catalog/catalog-schema.ts';
import type { Content } from '../../domain/content.ts';
import type { EnvironmentState } from '../../domain/environment/environment-state.ts';
import type { IncidentId, PersonId, ServiceName } from '../../domain/ids.ts';
import {
  commitsKept,
  type ReleaseNotes,
  revisionOf,
  type ServiceNotes,
  subjectKept,
} from '../../domain/notes/release-notes.ts';
import type { Rules } from '../../domain/rules.ts';
import { TerminalError, UnavailableError } from '../../errors.ts';
import type { Between, SourceCommit } from '../../ports/git.ts';
import type { Ports } from '../../ports/ports.ts';

type NotePorts = Pick<Ports, 'git' | 'directory'>;

/** What is new in the services of a release, and the same contents with everybody who wrote it. */
export interface Noted {
  notes: ReleaseNotes;
  contents: Record<ServiceName, Content>;
  /** Services whose source is named and cannot be read now: nobody knows who wrote what is new in them. */
  unread: ServiceName[];
}

/** Authors are looked up in so many commits; beyond it nobody can tell who wrote a release. */
const MOST_READ = 2000;

/**
 * Reads the commits between what runs and what comes, from the repositories that the catalog names. Their authors join those of
 * the content: whoever wrote something new does not approve it. What cannot be told says why.
 */
export async function gatherNotes(
  ports: NotePorts,
  rules: Pick<Rules, 'repositories'>,
  wish: {
    catalog: Catalog;
    here: Pick<EnvironmentState, 'known'>;
    contents: Readonly<Record<ServiceName, Content>>;
    hotfixFor?: IncidentId | undefined;
  },
): Promise<Noted> {
  const services = Object.entries(wish.contents);
  const kept = commitsKept(services.length);
  const told = await Promise.all(
    services.map(async ([service, content]) => {
      const source = catalogService(wish.catalog, service)?.source;
      const now = wish.here.known[service]?.[0]?.content;
      return {
        service,
        content,
        ...(await noteService(ports, rules, { ...wish, source, now, content, kept })),
      };
    }),
  );
  return {
    notes: Object.fromEntries(told.map(({ service, notes }) => [service, notes])),
    contents: Object.fromEntries(
      told.map(({ service, content, authors }) => [
        service,
        { ...content, authors: [...new Set([...content.authors, ...authors])] },
      ]),
    ),
    unread: told.flatMap(({ service, isUnread }) => (isUnread ? [service] : [])),
  };
}

interface Told {
  notes: ServiceNotes;
  authors: PersonId[];
  isUnread: boolean;
}

async function noteService(
  ports: NotePorts,
  rules: Pick<Rules, 'repositories'>,
  service: {
    source: SourceLocation | undefined;
    now: Content | undefined;
    content: Content;
    kept: number;
    hotfixFor?: IncidentId | undefined;
  },
): Promise<Told> {
  const { source, now, content, kept, hotfixFor } = service;
  if (source === undefined) return silent('the catalog does not say where its source is');
  if (now === undefined) return silent('nothing of it ran here before');
  const [from, to] = [revisionOf(now), revisionOf(content)];
  if (to.kind === 'none') return silent(to.says);
  if (from.kind === 'none') return silent(`of what runs now: ${from.says}`);
  const { repository, path } = source;
  const { branch = 'main', hotfixBranch = '' } = rules.repositories[repository] ?? {};
  const range = { from: from.revision, to: to.revision, limit: MOST_READ, ...(path && { path }) };
  const usual = await betweenOr(ports, { repository, branch, range });
  // What mends an incident is seldom built from where the next release is.
  const between =
    usual.kind === 'missing' && hotfixFor !== undefined && hotfixBranch !== ''
      ? await onHotfixBranch(ports, usual, {
          repository,
          range,
          branch: hotfixBranch.replaceAll('{incident}', hotfixFor.toLowerCase()),
        })
      : usual;
  if (between.kind === 'unread') return { ...silent(between.says), isUnread: true };
  if (between.kind === 'missing')
    return silent(`commit ${between.commit.slice(0, 8)} is not on ${branch} of ${repository}`);
  if (between.total > MOST_READ)
    return silent(`there are ${between.total} commits, too many to tell who wrote them`);
  return withPeople(ports, { repository, range, between, kept });
}

/** What Git answers, or why it does not. */
async function betweenOr(
  { git }: Pick<Ports, 'git'>,
  {
    repository,
    branch,
    range,
  }: { repository: string; branch: string; range: Parameters<Ports['git']['between']>[2] },
): Promise<Between | { kind: 'unread'; says: string }> {
  try {
    return await git.between(repository, branch, range);
  } catch (error) {
    if (!(error instanceof UnavailableError) && !(error instanceof TerminalError)) throw error;
    return { kind: 'unread', says: error.message };
  }
}

/** The same on the branch that a hotfix is built from; where that says nothing, what was said of the usual one stands. */
async function onHotfixBranch(
  ports: Pick<Ports, 'git'>,
  usual: Extract<Between, { kind: 'missing' }>,
  asked: Parameters<typeof betweenOr>[1],
): Promise<Between> {
  const found = await betweenOr(ports, asked);
  return found.kind === 'commits' ? found : usual;
}

async function withPeople(
  { directory }: Pick<Ports, 'directory'>,
  read: {
    repository: string;
    range: { from: string; to: string };
    between: { commits: SourceCommit[]; total: number; undone: number };
    kept: number;
  },
): Promise<Told> {
  const { repository, range, between, kept } = read;
  const wrote = new Map(
    between.commits
      .flatMap(({ authors }) => authors)
      .map(({ name, email }) => [email.toLowerCase(), name] as const),
  );
  const found = await Promise.all(
    [...wrote].map(async ([email, name]) => ({ name, person: await directory.byEmail(email) })),
  );
  const plain = between.commits.filter(({ isMerge }) => !isMerge);
  const strangers = found.filter(({ person }) => person === undefined).map(({ name }) => name);
  return {
    notes: {
      kind: 'commits',
      repository,
      from: range.from,
      to: range.to,
      commits: plain.slice(0, kept).map(({ commit, subject, authors }) => ({
        commit,
        subject: subjectKept(subject),
        author: authors[0]?.name ?? '',
      })),
      total: between.total,
      undone: between.undone,
      strangers: [...new Set(strangers)].sort(),
    },
    authors: found.flatMap(({ person }) => person ?? []),
    isUnread: false,
  };
}

function silent(says: string): Told {
  return { notes: { kind: 'silent', says }, authors: [], isUnread: false };
}
