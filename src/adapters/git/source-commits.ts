import pLimit from 'p-limit';
import type { Between, SourceCommit } from '../../ports/git.ts';
import type { Clone } from './clone.ts';
import { outputOf } from './clone-runner.ts';

/** What lies between two commits is asked for by ids, whole or shortened; nothing else is handed to git. */
const COMMIT = /^[0-9a-f]{7,64}$/;

const AUTHOR = /^(.*?)\s*<([^<>]+)>\s*$/;

/** An id that git would give back as it is: whether it is here is known without a process. */
const WHOLE = /^([0-9a-f]{40}|[0-9a-f]{64})$/;

/** Programs at once. A release of sixty services asks for sixty histories, and more of them only wait for the processors. */
const inTurn = pLimit(4);

/** Reads what `to` has and `from` has not. Both must be on what was fetched of the branch. */
export async function readBetween(
  clone: Clone,
  asked: { from: string; to: string; path?: string | undefined; limit: number },
): Promise<Between> {
  const [from, to] = await Promise.all([wholeId(clone, asked.from), wholeId(clone, asked.to)]);
  if (from === undefined) return { kind: 'missing', commit: asked.from };
  if (to === undefined) return { kind: 'missing', commit: asked.to };
  if (from === to) return { kind: 'commits', commits: [], total: 0, undone: 0 };
  const paths = asked.path === undefined ? [] : [asked.path];
  const { limit } = asked;
  const [commits, undone] = await Promise.all([
    inTurn(() => log(clone, { from, to, paths, limit: limit + 1 })),
    inTurn(() => count(clone, { from: to, to: from, paths })),
  ]);
  const isAll = commits.length <= limit;
  const total = isAll ? commits.length : await inTurn(() => count(clone, { from, to, paths }));
  return { kind: 'commits', commits: commits.slice(0, limit), total, undone };
}

interface Range {
  from: string;
  to: string;
  paths: readonly string[];
}

/** The newest commits that `to` has and `from` has not. */
async function log(
  clone: Clone,
  { from, to, paths, limit }: Range & { limit: number },
): Promise<SourceCommit[]> {
  const format = [
    '%H',
    '%P',
    '%an',
    '%ae',
    '%s',
    '%(trailers:key=Co-authored-by,valueonly,separator=%x02)',
  ].join('%x00');
  const args = ['log', `--max-count=${limit}`, `--format=${format}%x01`, '--end-of-options', to, `^${from}`];
  const output = outputOf(
    await clone.local([...args, '--', ...paths.map(literal)]),
    `Reading the commits of ${clone.name}`,
  );
  return output.toString().split('\x01').flatMap(commitOf);
}

function commitOf(entry: string): SourceCommit[] {
  const [id = '', parents = '', name = '', email = '', subject = '', others = ''] = entry
    .replace(/^\n/, '')
    .split('\0');
  if (id === '') return [];
  return [
    {
      commit: id,
      subject,
      authors: [{ name, email }, ...others.split('\x02').flatMap(personIn)],
      isMerge: parents.trim().includes(' '),
    },
  ];
}

function personIn(text: string): SourceCommit['authors'] {
  const [, name = '', email = ''] = AUTHOR.exec(text.trim()) ?? [];
  return email === '' ? [] : [{ name, email }];
}

async function wholeId(clone: Clone, commit: string): Promise<string | undefined> {
  if (!COMMIT.test(commit)) return undefined;
  if (WHOLE.test(commit)) return (await clone.objects.read(`${commit}^{commit}`))?.id;
  const run = await clone.local(['rev-parse', '--verify', '--quiet', `${commit}^{commit}`]);
  if (run.kind === 'exited' && run.code !== 0) return undefined;
  return outputOf(run, `Looking for ${commit} in ${clone.name}`).toString().trim();
}

async function count(clone: Clone, { from, to, paths }: Range): Promise<number> {
  const args = ['rev-list', '--count', '--end-of-options', to, `^${from}`, '--', ...paths.map(literal)];
  return Number(outputOf(await clone.local(args), `Counting the commits of ${clone.name}`).toString());
}

/** A path is a path, whatever characters it has. Source: https://git-scm.com/docs/gitglossary#def_pathspec */
function literal(path: string): string {
  return `:(top,literal)${path}`;
}
