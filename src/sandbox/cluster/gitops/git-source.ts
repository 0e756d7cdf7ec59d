import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type GitOutput, runGit } from './run-git.ts';

/** A commit with the text of its YAML and JSON files, by path. */
export interface Snapshot {
  commit: string;
  files: ReadonlyMap<string, string>;
}

/** A snapshot, or why there is none. */
export type SnapshotOutcome = { kind: 'snapshot'; snapshot: Snapshot } | { kind: 'failure'; message: string };

/** Reads repositories, each through a bare clone of its own. */
export interface GitSources extends AsyncDisposable {
  /** Fetches, then reads the commit that a branch, tag or commit names. */
  read(repoUrl: string, revision: string): Promise<SnapshotOutcome>;
}

/** Files larger than this are no manifests. */
const MOST_FILE_BYTES = 256 * 1024;

/** Snapshots kept, so that Applications of one repository share them. */
const MOST_SNAPSHOTS = 20;

/** One repository's clone. Fetches run one after the other; who asks while one waits to begin shares it. */
interface Clone {
  directory: string;
  ready: Promise<GitOutput>;
  running: Promise<GitOutput>;
  waiting: Promise<GitOutput> | undefined;
}

/** Sets up an empty folder for clones. `addressOf` turns the URL of an Application into the one to fetch from, credentials included. */
export async function openGitSources(
  addressOf: (repoUrl: string) => string = (url) => url,
): Promise<GitSources> {
  const folder = await mkdtemp(join(tmpdir(), 'signalbox-gitops-'));
  const clones = new Map<string, Clone>();
  const snapshots = new Map<string, Snapshot>();
  const cloneOf = (repoUrl: string): Clone => {
    const known = clones.get(repoUrl);
    if (known !== undefined) return known;
    const directory = join(folder, `${clones.size}.git`);
    const ready = runGit(directory, ['init', '--quiet', '--bare']);
    const clone: Clone = { directory, ready, running: ready, waiting: undefined };
    clones.set(repoUrl, clone);
    return clone;
  };
  return {
    async read(repoUrl, revision) {
      const clone = cloneOf(repoUrl);
      const fetched = await fetchNext(clone, addressOf(repoUrl));
      if (fetched.kind === 'failure') return fetched;
      const commit = await resolve(clone.directory, revision);
      if (commit === undefined)
        return { kind: 'failure', message: `unable to resolve '${revision}' to a commit SHA` };
      const known = snapshots.get(commit);
      if (known !== undefined) return { kind: 'snapshot', snapshot: known };
      const read = await readFiles(clone.directory, commit);
      if (read.kind === 'snapshot') snapshots.set(commit, read.snapshot);
      for (const old of [...snapshots.keys()].slice(0, -MOST_SNAPSHOTS)) snapshots.delete(old);
      return read;
    },
    [Symbol.asyncDispose]: () => rm(folder, { recursive: true, force: true }),
  };
}

function fetchNext(clone: Clone, address: string): Promise<GitOutput> {
  clone.waiting ??= clone.running.then(async () => {
    clone.waiting = undefined;
    const made = await clone.ready;
    if (made.kind === 'failure') return made;
    clone.running = fetchAll(clone.directory, address);
    return clone.running;
  });
  return clone.waiting;
}

function fetchAll(directory: string, address: string): Promise<GitOutput> {
  const refs = ['+HEAD:refs/sandbox/head', '+refs/heads/*:refs/heads/*', '+refs/tags/*:refs/tags/*'];
  return runGit(directory, ['fetch', '--quiet', '--prune', '--no-tags', '--', address, ...refs]);
}

async function resolve(directory: string, revision: string): Promise<string | undefined> {
  const name = revision === 'HEAD' || revision === '' ? 'refs/sandbox/head' : revision;
  const found = await runGit(directory, [
    'rev-parse',
    '--verify',
    '--quiet',
    '--end-of-options',
    `${name}^{commit}`,
  ]);
  return found.kind === 'failure' ? undefined : found.stdout.toString('utf8').trim();
}

async function readFiles(directory: string, commit: string): Promise<SnapshotOutcome> {
  const listed = await runGit(directory, ['ls-tree', '-r', '-z', '-l', '--full-tree', commit]);
  if (listed.kind === 'failure') return listed;
  const blobs = listed.stdout.toString('utf8').split('\0').flatMap(manifestBlob);
  const read = await runGit(directory, ['cat-file', '--batch'], blobs.map(({ id }) => `${id}\n`).join(''));
  if (read.kind === 'failure') return read;
  const texts = splitBatch(read.stdout);
  const files = new Map(blobs.map(({ path }, index) => [path, texts[index] ?? '']));
  return { kind: 'snapshot', snapshot: { commit, files } };
}

function manifestBlob(line: string): { id: string; path: string }[] {
  const [, id, size, path] = /^\d+ blob ([0-9a-f]+) +(\d+)\t(.*)$/s.exec(line) ?? [];
  if (id === undefined || path === undefined || !/\.(ya?ml|json)$/.test(path)) return [];
  return Number(size) > MOST_FILE_BYTES ? [] : [{ id, path }];
}

/** `cat-file --batch` writes a header with the size, the bytes, and a line end for each blob. */
function splitBatch(output: Buffer): string[] {
  const texts: string[] = [];
  for (let at = 0; at < output.length; ) {
    const end = output.indexOf(0x0a, at);
    const size = Number(output.subarray(at, end).toString('utf8').split(' ')[2]);
    texts.push(output.subarray(end + 1, end + 1 + size).toString('utf8'));
    at = end + 1 + size + 1;
  }
  return texts;
}
