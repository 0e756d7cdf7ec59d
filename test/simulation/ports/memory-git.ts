import { SEARCH_LIMIT } from '../../../src/adapters/git/branch-log.ts';
import { commitMessage } from '../../../src/adapters/git/commit-message.ts';
import { branchFrom } from '../../../src/adapters/git/ref-names.ts';
import { requestFault } from '../../../src/adapters/git/request-fault.ts';
import { signature } from '../../../src/adapters/git/write-commit.ts';
import type { OwnedKey } from '../../../src/domain/content.ts';
import { TerminalError, UnavailableError } from '../../../src/errors.ts';
import type { BranchView, CommitRequest, Committed, Git, SourceCommit } from '../../../src/ports/git.ts';
import type { Yaml } from '../../../src/ports/yaml.ts';
import type { PushFault } from '../../../src/sandbox/git-server/push-faults.ts';
import { changeFiles } from './memory-change.ts';
import { history, type MemoryCommit, type MemoryRepository, memoryRepository } from './memory-repository.ts';

export interface MemoryGitOptions {
  yaml: Pick<Yaml, 'edit'>;
  committer: { name: string; email: string };
  /** As the repository option of the adapter. */
  propose?: string;
}

/** Git without disks, programs and time: every commit of a simulation, thousands in a second. */
export interface MemoryGit extends Git {
  createRepository(name: string, files: Readonly<Record<string, string>>): MemoryRepository;
  /** Makes every call fail as a server that is away does, until it is called with false. */
  setDown(isDown: boolean): void;
}

/** As in the adapter: with interleaved workers a race is lost now and then, never twelve times. */
const MAX_TRIES = 12;

export function memoryGit(options: MemoryGitOptions): MemoryGit {
  const repositories = new Map<string, MemoryRepository>();
  let isDown = false;
  const reach = (name: string): MemoryRepository => {
    const repository = repositories.get(name);
    if (repository === undefined) throw new TerminalError(`There is no repository ${name}`);
    if (isDown) throw new UnavailableError(`Reaching ${name}: the server is away`);
    return repository;
  };
  return {
    createRepository(name, files) {
      const repository = memoryRepository(files);
      repositories.set(name, repository);
      return repository;
    },
    setDown(down) {
      isDown = down;
    },
    async commit(request) {
      const fault = requestFault(request);
      if (fault !== undefined) return { kind: 'rejected', reason: fault };
      for (let tries = 0; tries < MAX_TRIES; tries += 1) {
        const committed = await tryCommit(request, { ...options, repository: reach(request.repository) });
        if (committed !== undefined) return committed;
      }
      throw new UnavailableError(`Committing to ${request.branch}: others were faster`);
    },
    async view(name, branch) {
      const commit = reach(name).at(branch);
      return commit && viewOf(commit);
    },
    async log(name, branch, { limit, since = '', path }) {
      const repository = reach(name);
      const base = repository.find(since) ?? repository.at(since);
      const known = new Set(history(base));
      const fresh = [...history(repository.at(branch))]
        .filter((commit) => !known.has(commit))
        .filter((commit) => path === undefined || changesBelow(commit, path));
      return fresh.slice(0, limit).map(({ id, author, message, operation }) => ({
        commit: id,
        author,
        subject: message.split('\n')[0] ?? '',
        ...(operation !== undefined && { operation }),
      }));
    },
    async between(name, branch, { from, to, path, limit }) {
      const repository = reach(name);
      const all = [...history(repository.at(branch))];
      const [older, newer] = [from, to].map((id) => all.find((commit) => commit.id.startsWith(id)));
      if (older === undefined) return { kind: 'missing', commit: from };
      if (newer === undefined) return { kind: 'missing', commit: to };
      const fresh = beyond(newer, older, path);
      const commits = fresh.slice(0, limit).map(sourceCommit);
      return { kind: 'commits', commits, total: fresh.length, undone: beyond(older, newer, path).length };
    },
  };
}

/** Commits that one has and the other has not, newest first. */
function beyond(one: MemoryCommit, other: MemoryCommit, path: string | undefined): MemoryCommit[] {
  const known = new Set(history(other));
  return [...history(one)].filter(
    (commit) => !known.has(commit) && (path === undefined || changesBelow(commit, path)),
  );
}

function changesBelow({ files, parent }: MemoryCommit, path: string): boolean {
  const names = new Set([...files.keys(), ...(parent?.files.keys() ?? [])]);
  return [...names].some(
    (name) => (name === path || name.startsWith(`${path}/`)) && files.get(name) !== parent?.files.get(name),
  );
}

function sourceCommit({ id, author, message }: MemoryCommit): SourceCommit {
  const trailers = [...message.matchAll(/^Co-authored-by: (.*)$/gim)].map(([, who = '']) => who);
  const authors = [author, ...trailers].flatMap((who) => {
    const [, name = '', email = ''] = /^(.*?)\s*<([^<>]+)>$/.exec(who) ?? [];
    return email === '' ? [] : [{ name, email }];
  });
  return { commit: id, subject: message.split('\n')[0] ?? '', authors, isMerge: false };
}

type World = MemoryGitOptions & { repository: MemoryRepository };

/** Undefined: a race was lost. */
async function tryCommit(request: CommitRequest, world: World): Promise<Committed | undefined> {
  const { repository } = world;
  const { branch, startFrom } = request;
  const head = repository.at(branch);
  const base = head ?? (startFrom === undefined ? undefined : repository.at(startFrom));
  if (base === undefined)
    return { kind: 'rejected', reason: `${request.repository} has no branch ${startFrom ?? branch}` };
  const done = findOperation(base, request.operation);
  if (done) return foundIn(done, request, world);
  const refusal = await request.check?.(viewOf(base));
  if (refusal !== undefined) return { kind: 'rejected', reason: refusal };
  const change = await changeFiles(base.files, request, world.yaml);
  if (change.kind === 'rejected') return change;
  if (change.kind === 'same' && head && !request.urgent)
    return { kind: 'unchanged', commit: head.id, before: change.before };
  const commit = repository.make({
    parent: base,
    files: change.files,
    author: signature(request.author),
    committer: signature(world.committer),
    message: commitMessage(request),
  });
  const fault = repository.takeFault({ moves: [branch] });
  if (fault) return faulted(fault, { request, world, head, commit, before: change.before });
  if (!repository.land(branch, head, commit)) return undefined;
  return { kind: 'committed', commit: commit.id, before: change.before, how: 'done' };
}

interface Attempt {
  request: CommitRequest;
  world: World;
  head: MemoryCommit | undefined;
  commit: MemoryCommit;
  before: OwnedKey[];
}

async function faulted(
  fault: PushFault,
  { request, world, head, commit, before }: Attempt,
): Promise<Committed | undefined> {
  const { repository } = world;
  const unclear = new UnavailableError(`Pushing to ${request.branch}: no answer`, { ambiguous: true });
  switch (fault.kind) {
    case 'race': {
      await fault.land();
      const landed = repository.land(request.branch, head, commit);
      return landed ? { kind: 'committed', commit: commit.id, before, how: 'done' } : undefined;
    }
    case 'cut':
      if (fault.when === 'after' && repository.land(request.branch, head, commit))
        return foundIn(commit, request, world);
      throw unclear;
    case 'hang':
      throw unclear;
    case 'status':
      if (fault.status >= 500 || fault.status === 429) throw unclear;
      return { kind: 'rejected', reason: `the Git server answers ${fault.status}` };
    case 'decline': {
      const reason = [...fault.says, fault.reason].filter((line) => line !== '').join(' ');
      return /protected branch/i.test(reason) && world.propose !== undefined
        ? propose(commit, { request, repository, prefix: world.propose })
        : { kind: 'rejected', reason };
    }
  }
}

function propose(
  commit: MemoryCommit,
  { request, repository, prefix }: { request: CommitRequest; repository: MemoryRepository; prefix: string },
): Committed {
  const where = branchFrom(prefix, request.operation);
  const present = repository.at(where);
  if (present === undefined) repository.land(where, undefined, commit);
  else if (!findOperation(present, request.operation))
    return { kind: 'rejected', reason: `${where} holds something else` };
  return { kind: 'awaitingMerge', where };
}

async function foundIn(done: MemoryCommit, request: CommitRequest, { yaml }: World): Promise<Committed> {
  if ((await changeFiles(done.files, request, yaml)).kind !== 'same') {
    return {
      kind: 'rejected',
      reason: `commit ${done.id.slice(-12)} is marked as this operation, but holds something else`,
    };
  }
  const was = await changeFiles(done.parent?.files ?? new Map(), request, yaml);
  const before = was.kind === 'rejected' ? request.keys.map((key) => ({ ...key, value: null })) : was.before;
  return { kind: 'committed', commit: done.id, before, how: 'found' };
}

function findOperation(head: MemoryCommit, operation: string): MemoryCommit | undefined {
  let left = SEARCH_LIMIT;
  for (const commit of history(head)) {
    if (commit.operation === operation) return commit;
    left -= 1;
    if (left === 0) return undefined;
  }
  return undefined;
}

function viewOf(commit: MemoryCommit): BranchView {
  return {
    commit: commit.id,
    read: async (path) => commit.files.get(path),
    list: async (folder) =>
      [...commit.files.keys()].filter((path) => path.slice(0, path.lastIndexOf('/')) === folder).sort(),
  };
}
