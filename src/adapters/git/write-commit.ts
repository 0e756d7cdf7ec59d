import { TerminalError, UnavailableError } from '../../errors.ts';
import type { GitRun } from './run-git.ts';

/** A name and an address as Git writes them into a commit. */
export interface Signature {
  name: string;
  email: string;
}

export interface NewCommit {
  /** Absent: the first commit of a repository. */
  parent?: string;
  files: readonly { path: string; mode: '100644' | '100755'; text: string }[];
  /** Paths that leave; absent: none. */
  removed?: readonly string[];
  message: string;
  author: Signature;
  committer: Signature;
  /** Milliseconds since 1970. */
  at: number;
}

/** A name that no one else sees: the reference is taken away again in the same stream, and only the commit stays. */
const DRAFT = 'refs/signalbox/draft';
const NO_COMMIT = '0'.repeat(40);

/**
 * Writes blobs, trees and the commit with one program and gives the commit's id. No reference moves. Measured on a tree of 300
 * files: 6 ms, where hash-object, read-tree, update-index, write-tree and commit-tree take 18 ms together.
 */
export async function writeCommit(
  commit: NewCommit,
  git: (args: readonly string[], input: Buffer) => Promise<GitRun>,
): Promise<string> {
  const run = await git(['fast-import', '--quiet', '--done'], streamOf(commit));
  if (run.kind === 'ended') throw new UnavailableError('Writing a commit: git was ended before it was done');
  const id = run.stdout.toString().trim();
  if (run.code === 0 && /^[0-9a-f]{40,64}$/.test(id)) return id;
  throw new TerminalError(`Writing a commit: ${run.stderr.trim().slice(0, 300) || `git gave ${run.code}`}`);
}

/** Source: https://git-scm.com/docs/git-fast-import#_input_format */
function streamOf({ parent, files, removed = [], message, author, committer, at }: NewCommit): Buffer {
  const when = `${Math.floor(at / 1000)} +0000`;
  const parts = [
    'feature done\n',
    `commit ${DRAFT}\nmark :1\n`,
    `author ${signature(author)} ${when}\n`,
    `committer ${signature(committer)} ${when}\n`,
    counted(message),
    parent === undefined ? '' : `from ${parent}\n`,
    ...files.flatMap(({ path, mode, text }) => [`M ${mode} inline ${path}\n`, counted(text)]),
    ...removed.map((path) => `D ${path}\n`),
    `\nget-mark :1\nreset ${DRAFT}\nfrom ${NO_COMMIT}\n\ndone\n`,
  ];
  return Buffer.from(parts.join(''));
}

function counted(text: string): string {
  return `data ${Buffer.byteLength(text)}\n${text}\n`;
}

/** How a name and an address stand in a commit. Angle brackets and line breaks would end the field; an empty name is none to Git. */
export function signature({ name, email }: Signature): string {
  const clean = (text: string) => text.replace(/[<>\p{Cc}\s]+/gu, ' ').trim();
  return `${clean(name) || 'unknown'} <${clean(email).replaceAll(' ', '')}>`;
}
