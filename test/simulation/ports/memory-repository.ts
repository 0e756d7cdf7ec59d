import { OPERATION_TRAILER } from '../../../src/adapters/git/commit-message.ts';
import { type FaultPlan, faultPlan } from '../../../src/sandbox/git-server/fault-plan.ts';
import type { HostedCommit, PersonsPush } from '../../../src/sandbox/git-server/hosted-repository.ts';
import type { Origin } from '../../contracts/git-world.ts';

/** A commit in memory; trees share their texts. */
export interface MemoryCommit {
  id: string;
  parent: MemoryCommit | undefined;
  files: ReadonlyMap<string, string>;
  /** `Name <address>`. */
  author: string;
  committer: string;
  message: string;
  /** Absent on commits made by hand. */
  operation: string | undefined;
}

/** A repository in memory, from both sides. */
export interface MemoryRepository extends Origin, FaultPlan {
  /** What `origin.head` gives, as the commit itself. */
  at(branch: string): MemoryCommit | undefined;
  find(id: string): MemoryCommit | undefined;
  /** Moves a branch forward from `expected`; false when it is somewhere else by now. */
  land(branch: string, expected: MemoryCommit | undefined, commit: MemoryCommit): boolean;
  make(commit: Omit<MemoryCommit, 'id' | 'operation'>): MemoryCommit;
  /** Calls back with each commit that a branch comes to stand at, whoever made it. */
  onMoved(listener: (branch: string, commit: MemoryCommit) => void): void;
}

/** A repository whose branch `main` holds these files. Ids count up, so that a run repeats exactly. */
export function memoryRepository(files: Readonly<Record<string, string>>): MemoryRepository {
  const branches = new Map<string, MemoryCommit>();
  const commits = new Map<string, MemoryCommit>();
  const listeners: ((branch: string, commit: MemoryCommit) => void)[] = [];
  const move = (branch: string, commit: MemoryCommit): void => {
    branches.set(branch, commit);
    for (const listener of listeners) listener(branch, commit);
  };
  const make: MemoryRepository['make'] = (parts) => {
    const id = (commits.size + 1).toString(16).padStart(40, '0');
    const commit = { ...parts, id, operation: operationIn(parts.message) };
    commits.set(id, commit);
    return commit;
  };
  const push = (change: PersonsPush) => {
    const { branch, startFrom = '' } = change;
    const commit = make(changedByHand(branches.get(branch) ?? branches.get(startFrom), change));
    move(branch, commit);
    return commit.id;
  };
  push({ branch: 'main', files, message: 'Begin' });

  return {
    ...faultPlan(),
    at: (branch) => branches.get(branch),
    find: (id) => commits.get(id),
    land(branch, expected, commit) {
      if (branches.get(branch) !== expected) return false;
      move(branch, commit);
      return true;
    },
    make,
    onMoved: (listener) => void listeners.push(listener),
    push: async (change) => push(change),
    head: async (branch) => branches.get(branch)?.id,
    read: async (branch, path) => branches.get(branch)?.files.get(path),
    log: async (branch) => [...history(branches.get(branch))].map(hosted),
    branches: async () => [...branches.keys()].sort(),
    async reset(branch, commit) {
      const target = commit === undefined ? undefined : commits.get(commit);
      if (target) move(branch, target);
      else branches.delete(branch);
    },
  };
}

function changedByHand(
  parent: MemoryCommit | undefined,
  { files, message = 'Change by hand', author = { name: 'Ana Lima', email: 'ana@example.com' } }: PersonsPush,
): Omit<MemoryCommit, 'id' | 'operation'> {
  const tree = new Map(parent?.files);
  for (const [path, text] of Object.entries(files)) {
    if (text === null) tree.delete(path);
    else tree.set(path, text);
  }
  const who = `${author.name} <${author.email}>`;
  return { parent, files: tree, author: who, committer: who, message };
}

function hosted({ id, author, committer, message }: MemoryCommit): HostedCommit {
  return { commit: id, author, committer, message: message.trim() };
}

/** A commit and all before it, newest first. */
export function* history(commit: MemoryCommit | undefined): Generator<MemoryCommit> {
  for (let next = commit; next !== undefined; next = next.parent) yield next;
}

function operationIn(message: string): string | undefined {
  const trailers = message.trim().split('\n\n').at(-1)?.split('\n') ?? [];
  const prefix = `${OPERATION_TRAILER}: `;
  return trailers.findLast((line) => line.startsWith(prefix))?.slice(prefix.length);
}
