import { join } from 'node:path';
import type { Logger } from 'pino';
import { TerminalError } from '../../errors.ts';
import type { BranchView, CommitRequest, Committed, Git } from '../../ports/git.ts';
import type { Yaml } from '../../ports/yaml.ts';
import { type LogEntry, readLog } from './branch-log.ts';
import { branchView } from './branch-view.ts';
import { claimFolder } from './claim-folder.ts';
import type { Clone, Deadlines } from './clone.ts';
import type { CloneSource } from './clone-runner.ts';
import { type CloneShelf, cloneShelf } from './clone-shelf.ts';
import { commitToBranch } from './commit-to-branch.ts';
import type { Credential } from './git-environment.ts';
import { bothTurns } from './leased-turns.ts';
import { isBranchName } from './ref-names.ts';
import { requestFault } from './request-fault.ts';
import { readBetween } from './source-commits.ts';
import { tidying } from './tidying.ts';
import { type PushRight, tryPush } from './try-push.ts';
import { turnsInProcess, type WithRepository } from './turns.ts';
import type { Signature } from './write-commit.ts';

/** A repository of the configuration. */
export interface RepositoryOptions {
  name: string;
  /** Its address, without a credential. */
  url: string;
  /** Asked before each contact; absent: the server asks for none. */
  credential?: () => Promise<Credential>;
  /** The bot, as the committer of what people and policies author. */
  committer: Signature;
  /** A protected branch gets its commits proposed at `<propose>/<operation>`; absent: the server's refusal is the answer. */
  propose?: string;
}

export interface GitOptions {
  repositories: readonly RepositoryOptions[];
  /** A folder for clones; each process of this machine takes a part of it. What is in it can be lost at any time. */
  dataDir: string;
  /** A guard of its own, so that a rollback does not wait behind other people's documents. */
  yaml: Pick<Yaml, 'edit'>;
  /** Protocols that may be spoken; absent: `https` alone. */
  protocols?: readonly string[];
  /** What the git program needs of its surroundings: `PATH`, and where there is one the proxy and the certificates. */
  environment: Readonly<Record<string, string>>;
  /** Milliseconds since 1970. */
  now(): number;
  /** Turns over all processes of the installation; absent: this process is the only one. */
  withRepository?: WithRepository;
  deadlines?: Partial<Deadlines>;
  log: Pick<Logger, 'warn'>;
}

/** Disposal ends every git program at once; a push among them may have landed, and is found by whoever asks again. */
export interface GitRepositories extends Git, AsyncDisposable {
  /**
   * `startFrom`: the branch that this one would be begun from, if it does not exist yet; absent: then it is refused. Throws
   * `UnavailableError` when the server cannot be reached.
   */
  dryRunPush(repository: string, branch: string, options?: { startFrom?: string }): Promise<PushRight>;
}

const DEADLINES: Deadlines = {
  localMs: 30_000,
  fetchMs: 20_000,
  firstFetchMs: 600_000,
  pushMs: 30_000,
  hungMs: 3_000,
};

/** Opens the repositories; nothing is contacted yet. Throws `TerminalError` for an address that holds a credential. */
export async function openGit(options: GitOptions): Promise<GitRepositories> {
  for (const repository of options.repositories) checkRepository(repository);
  const folder = await claimFolder(options.dataDir);
  const deadlines = { ...DEADLINES, ...options.deadlines };
  const closing = new AbortController();
  const inProcess = turnsInProcess({ hungAfterMs: deadlines.hungMs });
  const withRepository = options.withRepository ? bothTurns(inProcess, options.withRepository) : inProcess;
  const places = new Map(
    options.repositories.map((repository): [string, Place] => {
      const shelf = shelfFor(repository, { ...options, dir: folder.dir, deadlines, closing: closing.signal });
      return [
        repository.name,
        { repository, shelf, tidy: tidying(repository.name, { shelf, inProcess, log: options.log }) },
      ];
    }),
  );
  const find = (name: string): Place => {
    const place = places.get(name);
    if (place) return place;
    throw new TerminalError(`There is no repository ${name}; known: ${[...places.keys()].join(', ')}`);
  };
  return {
    commit: async (request) => commitAt(find(request.repository), request, { ...options, withRepository }),
    view: async (repository, branch) => viewAt(find(repository), branch),
    log: async (repository, branch, range) => logAt(find(repository), branch, range),
    between: async (repository, branch, range) => {
      requireBranch(branch);
      return find(repository).shelf.with(async ({ clone }) => {
        await clone.fetch(branch);
        return readBetween(clone, range);
      });
    },
    async dryRunPush(repository, branch, { startFrom = branch } = {}) {
      requireBranch(branch);
      requireBranch(startFrom);
      return find(repository).shelf.with(({ clone }) => tryPush(clone, { branch, startFrom }));
    },
    async [Symbol.asyncDispose]() {
      closing.abort();
      await Promise.all([...places.values()].map(({ shelf }) => shelf[Symbol.asyncDispose]()));
      await folder[Symbol.asyncDispose]();
    },
  };
}

/** A repository and its clone. */
interface Place {
  repository: RepositoryOptions;
  shelf: CloneShelf;
  /** Called after each commit that landed. */
  tidy(): void;
}

async function commitAt(
  { repository, shelf, tidy }: Place,
  request: CommitRequest,
  { withRepository, yaml, now }: Pick<GitOptions, 'yaml' | 'now'> & { withRepository: WithRepository },
): Promise<Committed> {
  const fault = requestFault(request);
  if (fault !== undefined) return { kind: 'rejected', reason: fault };
  const { name, committer, propose } = repository;
  const committed = await withRepository({ repository: name, urgent: request.urgent ?? false }, (signal) =>
    shelf.with((shelved) => commitToBranch(request, { ...shelved, committer, propose, yaml, now, signal })),
  ).catch(rejection);
  if (committed.kind === 'committed' && committed.how === 'done') tidy();
  return committed;
}

async function viewAt({ shelf }: Place, branch: string): Promise<BranchView | undefined> {
  requireBranch(branch);
  return shelf.with(async ({ clone }) => {
    const commit = await clone.fetch(branch);
    return commit === undefined ? undefined : branchView(clone.objects, commit);
  });
}

async function logAt(
  { shelf }: Place,
  branch: string,
  { limit, since, path }: { limit: number; since?: string; path?: string },
): Promise<LogEntry[]> {
  requireBranch(branch);
  return shelf.with(async ({ clone }) => {
    const commit = await clone.fetch(branch);
    if (commit === undefined) return [];
    return readLog(clone, commit, { limit, since: await baseOf(clone, since), path });
  });
}

function checkRepository({ name, url }: RepositoryOptions): void {
  if (!/^[A-Za-z0-9][A-Za-z0-9._-]*$/.test(name)) {
    throw new TerminalError(`${JSON.stringify(name)} is no name of a repository`);
  }
  if (/^https?:\/\/[^/]*@/i.test(url)) {
    throw new TerminalError(`The address of ${name} holds a credential: give it as a setting of its own`);
  }
}

type ShelfParts = Pick<GitOptions, 'environment' | 'protocols' | 'log'> &
  Pick<CloneSource, 'dir' | 'closing'> & { deadlines: Deadlines };

function shelfFor(
  { name, url, credential }: RepositoryOptions,
  { dir, environment, protocols = ['https'], closing, deadlines, log }: ShelfParts,
): CloneShelf {
  const source = { dir: join(dir, `${name}.git`), name, url, credential, protocols, environment, closing };
  return cloneShelf(source, { deadlines, log });
}

/** What will not be different the next time is an answer. */
function rejection(error: unknown): Committed {
  if (error instanceof TerminalError) return { kind: 'rejected', reason: error.message };
  throw error;
}

function requireBranch(branch: string): void {
  if (!isBranchName(branch)) throw new TerminalError(`${JSON.stringify(branch)} is no name of a branch`);
}

/** A commit, or what a branch stands at. A commit that the origin no longer shows excludes nothing. */
async function baseOf(clone: Clone, since: string | undefined): Promise<string | undefined> {
  if (since === undefined) return undefined;
  if (/^[0-9a-f]{40,64}$/.test(since)) return (await clone.objects.read(since)) && since;
  requireBranch(since);
  return clone.fetch(since);
}
