import { readdir, readFile, stat } from 'node:fs/promises';
import { join, relative, resolve } from 'node:path';
import { runCommand } from '../../adapters/programs/run-command.ts';
import type { OpenQuestion, RepositoryFile } from '../../domain/adoption/repository-file.ts';
import { TerminalError } from '../../errors.ts';
import type { Yaml } from '../../ports/yaml.ts';

/** Everything of a working copy that adoption looks at. */
export interface WorkingCopy {
  /** The repository's root, which may be above the folder that was named. */
  root: string;
  files: RepositoryFile[];
  codeOwners: string;
  /** Where it comes from, without user and password; absent: nowhere that another machine could reach. */
  url?: string;
  branch: string;
  open: OpenQuestion[];
}

/** A repository with more is no GitOps repository, or not only one. */
const MOST_FILES = 20_000;
/** A file of manifests that people keep is far smaller. */
const MOST_BYTES = 1_048_576;
const SKIPPED = new Set(['node_modules', 'vendor', 'testdata']);
const AT_ONCE = 8;
const GIT_MS = 10_000;

/** Source: https://docs.github.com/en/repositories/managing-your-repositorys-settings-and-features/customizing-your-repository/about-code-owners#codeowners-file-location */
const CODE_OWNERS = ['.github/CODEOWNERS', 'CODEOWNERS', 'docs/CODEOWNERS'];

/** Reads a working copy. Follows no links. Throws `TerminalError` when the folder cannot be read or holds too much. */
export async function readWorkingCopy(folder: string, yaml: Pick<Yaml, 'readAll'>): Promise<WorkingCopy> {
  const origin = await originOf(folder);
  const { root } = origin;
  const paths = await yamlPaths(folder);
  if (paths.length > MOST_FILES) {
    throw new TerminalError(
      `${folder} holds more than ${MOST_FILES} YAML files: name the folder that Argo CD applies.`,
    );
  }
  const open: OpenQuestion[] = [];
  const files: RepositoryFile[] = [];
  for (let i = 0; i < paths.length; i += AT_ONCE) {
    const read = await Promise.all(
      paths.slice(i, i + AT_ONCE).map((path) => readYaml(join(folder, path), root, yaml)),
    );
    for (const { file, question } of read) {
      if (file) files.push(file);
      if (question) open.push(question);
    }
  }
  return { files, open, codeOwners: await firstText(root, CODE_OWNERS), ...origin };
}

async function yamlPaths(folder: string): Promise<string[]> {
  const found: string[] = [];
  const waiting = [''];
  for (let at = waiting.pop(); at !== undefined && found.length <= MOST_FILES; at = waiting.pop()) {
    const entries = await readdir(join(folder, at), { withFileTypes: true }).catch((cause: unknown) => {
      throw new TerminalError(`${join(folder, at)} cannot be read: is it a folder?`, { cause });
    });
    for (const entry of entries.sort((a, b) => a.name.localeCompare(b.name))) {
      const path = at === '' ? entry.name : `${at}/${entry.name}`;
      if (entry.isDirectory() && !entry.name.startsWith('.') && !SKIPPED.has(entry.name)) waiting.push(path);
      else if (entry.isFile() && /\.ya?ml$|^Kustomization$/i.test(entry.name)) found.push(path);
    }
  }
  return found.sort();
}

async function readYaml(
  name: string,
  root: string,
  yaml: Pick<Yaml, 'readAll'>,
): Promise<{ file?: RepositoryFile; question?: OpenQuestion }> {
  const path = relative(root, resolve(name)).replaceAll('\\', '/');
  if ((await stat(name)).size > MOST_BYTES) {
    const says = `is larger than ${MOST_BYTES / 1024} KiB and was not read`;
    return {
      question: { at: path, says, todo: 'If it makes Rollouts, write their placements into the catalog.' },
    };
  }
  const text = await readFile(name, 'utf8');
  // A chart's template is no YAML before it is filled in.
  if (text.includes('{{')) return { file: { path, documents: [], text } };
  const read = await yaml.readAll(text);
  if (read.kind === 'read') return { file: { path, documents: read.values, text } };
  const [fault] = read.faults;
  const where = fault ? `:${fault.line}:${fault.column}` : '';
  return {
    question: {
      at: `${path}${where}`,
      says: `cannot be read: ${fault?.message ?? 'no YAML'}`,
      todo: 'Put it right, and run init again.',
    },
  };
}

async function firstText(folder: string, paths: readonly string[]): Promise<string> {
  for (const path of paths) {
    const text = await readFile(join(folder, path), 'utf8').catch(() => undefined);
    if (text !== undefined) return text;
  }
  return '';
}

async function originOf(folder: string): Promise<{ root: string; url?: string; branch: string }> {
  const git = async (...args: string[]) => {
    const { code, stdout } = await runCommand(['git', ...args], { timeoutMs: GIT_MS, directory: folder });
    return code === 0 ? stdout.trim() : undefined;
  };
  const [root, remote, head, present] = await Promise.all([
    git('rev-parse', '--show-toplevel'),
    git('remote', 'get-url', 'origin'),
    git('symbolic-ref', '--short', 'refs/remotes/origin/HEAD'),
    git('symbolic-ref', '--short', 'HEAD'),
  ]);
  const url = remote === undefined ? undefined : publicUrl(remote);
  return {
    root: root ?? resolve(folder),
    branch: head?.replace(/^origin\//, '') ?? present ?? 'main',
    ...(url !== undefined && { url }),
  };
}

/** The address that the bot would use by https, without anybody's user, password or token; absent for a path. */
export function publicUrl(remote: string): string | undefined {
  const scp = /^(?:[^@/]+@)?([^:/]{2,}):(?!\/\/)(.+)$/.exec(remote);
  const url = URL.parse(scp ? `ssh://${scp[1]}/${scp[2]}` : remote);
  if (url === null || url.host === '') return undefined;
  const path = url.pathname.replace(/\/$/, '');
  if (url.protocol === 'ssh:' || url.protocol === 'git:') return `https://${url.hostname}${path}`;
  return url.protocol === 'https:' || url.protocol === 'http:'
    ? `${url.protocol}//${url.host}${path}`
    : undefined;
}
