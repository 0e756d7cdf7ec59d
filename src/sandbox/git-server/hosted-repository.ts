import { mkdir } from 'node:fs/promises';
import { outputOf } from '../../adapters/git/clone-runner.ts';
import { gitEnvironment } from '../../adapters/git/git-environment.ts';
import { type GitRun, runGit } from '../../adapters/git/run-git.ts';
import { type Signature, writeCommit } from '../../adapters/git/write-commit.ts';
import { type FaultPlan, faultPlan } from './fault-plan.ts';

/** A commit of a hosted repository. */
export interface HostedCommit {
  commit: string;
  author: string;
  committer: string;
  /** The whole message, trailers included. */
  message: string;
}

/** A change that a person pushes; it lands as if it came over the wire, and waits for nobody. */
export interface PersonsPush {
  branch: string;
  /** Path to text; null removes the file. */
  files: Readonly<Record<string, string | null>>;
  message?: string;
  author?: Signature;
  /** Where a branch that does not exist begins; absent: with no history. */
  startFrom?: string;
}

/** A repository on the server, seen from the side of its host. */
export interface HostedRepository extends FaultPlan {
  /** The bare repository's folder. */
  dir: string;
  /** Commits on top of a branch and moves it; gives the commit. */
  push(change: PersonsPush): Promise<string>;
  /** The same many times, one on top of the other, in one go; gives the commits in order. Removes no files. */
  replay(changes: readonly PersonsPush[]): Promise<string[]>;
  /** Absent when there is no such branch. */
  head(branch: string): Promise<string | undefined>;
  /** Absent when there is no such file. */
  read(branch: string, path: string): Promise<string | undefined>;
  /** Newest first. */
  log(branch: string): Promise<HostedCommit[]>;
  branches(): Promise<string[]>;
  /** Moves a branch back to a commit, as a forced push does; undefined removes it. */
  reset(branch: string, commit: string | undefined): Promise<void>;
}

const SOMEBODY: Signature = { name: 'Ana Lima', email: 'ana@example.com' };
const DEADLINE_MS = 10_000;

/** Makes an empty bare repository, or opens it. `environment` is what the git program needs of its surroundings, `PATH` above all. */
export async function hostRepository(
  dir: string,
  environment: Readonly<Record<string, string>>,
): Promise<HostedRepository> {
  await mkdir(dir, { recursive: true });
  const env = gitEnvironment({ base: environment, protocols: ['file'], url: 'http://unused' });
  const git: RunHere = (args, input) =>
    runGit({ dir, env, args, deadlineMs: DEADLINE_MS, ...(input !== undefined && { input }) });
  await textOf(git, ['init', '--quiet', '--bare', '--template=', '.']);
  return {
    ...faultPlan(),
    dir,
    head: (branch) => headOf(git, branch),
    read: (branch, path) => maybe(git, ['cat-file', 'blob', `refs/heads/${branch}:${path}`]),
    push: (change) => pushByHand(git, change),
    replay: (changes) => replay(git, changes),
    log: (branch) => readLog(git, branch),
    async branches() {
      const names = await textOf(git, ['for-each-ref', '--format=%(refname:strip=2)', 'refs/heads']);
      return names.split('\n').filter((name) => name !== '');
    },
    async reset(branch, commit) {
      const ref = `refs/heads/${branch}`;
      await textOf(git, commit ? ['update-ref', ref, commit] : ['update-ref', '-d', ref]);
    },
  };
}

type RunHere = (args: readonly string[], input?: Buffer | string) => Promise<GitRun>;

async function textOf(git: RunHere, args: readonly string[], input?: string): Promise<string> {
  return outputOf(await git(args, input), `git ${args[0]}`).toString();
}

/** Absent when git says no. */
async function maybe(git: RunHere, args: readonly string[]): Promise<string | undefined> {
  const run = await git(args);
  return run.kind === 'exited' && run.code === 0 ? run.stdout.toString() : undefined;
}

async function headOf(git: RunHere, branch: string): Promise<string | undefined> {
  return (await maybe(git, ['rev-parse', '--verify', '--quiet', `refs/heads/${branch}`]))?.trim();
}

async function pushByHand(
  git: RunHere,
  { branch, files, message = 'Change by hand', author = SOMEBODY, startFrom }: PersonsPush,
): Promise<string> {
  const now = await headOf(git, branch);
  const parent = now ?? (startFrom && (await headOf(git, startFrom)));
  const written = Object.entries(files).flatMap(([path, text]) =>
    text === null ? [] : [{ path, mode: '100644' as const, text }],
  );
  const removed = Object.keys(files).filter((path) => files[path] === null);
  const commit = await writeCommit(
    {
      files: written,
      removed,
      message,
      author,
      committer: author,
      at: Date.now(),
      ...(parent && { parent }),
    },
    git,
  );
  await textOf(git, ['update-ref', `refs/heads/${branch}`, commit, now ?? '']);
  return commit;
}

/** Source: https://git-scm.com/docs/git-fast-import */
async function replay(git: RunHere, changes: readonly PersonsPush[]): Promise<string[]> {
  const second = Math.floor(Date.now() / 1000);
  const branches = [...new Set(changes.map(({ branch }) => branch))];
  const heads = new Map<string, string | undefined>();
  for (const branch of branches) heads.set(branch, await headOf(git, branch));
  const begun = new Set<string>();
  const stream = changes.map(({ branch, files, message = 'Change by hand', author = SOMEBODY }, i) => {
    const who = `${author.name} <${author.email}> ${second} +0000`;
    const from = begun.has(branch) ? undefined : heads.get(branch);
    begun.add(branch);
    const written = Object.entries(files).map(
      ([path, text]) => `M 100644 inline ${path}\n${dataOf(text ?? '')}`,
    );
    return [
      `commit refs/heads/${branch}\nmark :${i + 1}\nauthor ${who}\ncommitter ${who}\n${dataOf(message)}`,
      ...(from === undefined ? [] : [`from ${from}\n`]),
      ...written,
      '\n',
    ].join('');
  });
  const marks = changes.map((_, i) => `get-mark :${i + 1}\n`).join('');
  const out = await textOf(git, ['fast-import', '--quiet'], `${stream.join('')}${marks}done\n`);
  return out.split('\n').filter((line) => line !== '');
}

function dataOf(text: string): string {
  return `data ${Buffer.byteLength(text)}\n${text}\n`;
}

async function readLog(git: RunHere, branch: string): Promise<HostedCommit[]> {
  const format = '%H%x00%an <%ae>%x00%cn <%ce>%x00%B%x01';
  const out = await textOf(git, ['log', `--format=${format}`, `refs/heads/${branch}`, '--']);
  return out.split('\x01').flatMap((entry) => {
    const [commit = '', author = '', committer = '', message = ''] = entry.trimStart().split('\0');
    return commit === '' ? [] : [{ commit, author, committer, message: message.trim() }];
  });
}
