import { z } from 'zod';
import type { CheckOutcome, ChecksAnswer, SeenCheck } from '../../domain/checks/check-answer.ts';
import { type Github, type GithubAnswer, repositoryPath, shaped } from './api.ts';

const PAGE = 100;
/** GitHub itself keeps at most a thousand check runs of a suite. */
const MOST_PAGES = 10;
const WHOLE = 40;

const CheckRun = z.looseObject({
  id: z.int(),
  name: z.string(),
  status: z.string(),
  conclusion: z.string().nullable(),
  started_at: z.string().nullish(),
  app: z.looseObject({ id: z.int() }).nullish(),
});
type CheckRun = z.infer<typeof CheckRun>;
const CheckRuns = z.looseObject({ total_count: z.int(), check_runs: z.array(CheckRun) });

const Statuses = z.looseObject({
  total_count: z.int(),
  statuses: z.array(z.looseObject({ context: z.string(), state: z.string() })),
});

const Commit = z.looseObject({ sha: z.string() });

type Refused = Extract<ChecksAnswer, { kind: 'refused' }>;

/**
 * Check runs and commit statuses: CI shows its results as either, so both are read. The combined state is not: it is `pending` where
 * nothing has reported at all.
 */
export async function readChecks(
  github: Github,
  at: { repository: string; commit: string },
): Promise<Extract<ChecksAnswer, { kind: 'checks' }> | Refused> {
  const whole = await wholeId(github, at);
  if (whole.kind === 'refused') return whole;
  const path = `${repositoryPath(at.repository)}/commits/${whole.commit}`;
  const [runs, statuses] = await Promise.all([
    pages(github, { path: `${path}/check-runs`, shape: CheckRuns, query: { filter: 'latest' } }),
    pages(github, { path: `${path}/status`, shape: Statuses, query: {} }),
  ]);
  if (runs.kind === 'refused') return runs;
  if (statuses.kind === 'refused') return statuses;
  const seen = [
    ...newestRuns(runs.pages.flatMap(({ check_runs }) => check_runs)),
    ...statuses.pages.flatMap((page) =>
      page.statuses.map(({ context, state }): SeenCheck => ({ name: context, outcome: ofState(state) })),
    ),
  ];
  return { kind: 'checks', checks: worstOfEach(seen) };
}

/** A tag or a branch may be called like the beginning of a commit: what is found must be that commit. */
async function wholeId(
  github: Github,
  { repository, commit }: { repository: string; commit: string },
): Promise<{ kind: 'whole'; commit: string } | Refused> {
  if (commit.length >= WHOLE) return { kind: 'whole', commit };
  const answer = await github.get(`${repositoryPath(repository)}/commits/${encodeURIComponent(commit)}`);
  if (answer.kind === 'refused') return refusedOf(answer);
  const { sha } = shaped('commit', Commit, answer.body);
  return sha.startsWith(commit)
    ? { kind: 'whole', commit: sha }
    : { kind: 'refused', says: `there is no commit ${commit}` };
}

async function pages<T extends z.ZodType<{ total_count: number }>>(
  github: Github,
  asked: { path: string; shape: T; query: Readonly<Record<string, string>> },
): Promise<{ kind: 'pages'; pages: z.output<T>[] } | Refused> {
  const read: z.output<T>[] = [];
  for (let page = 1; page <= MOST_PAGES; page++) {
    const answer = await github.get(asked.path, {
      ...asked.query,
      per_page: String(PAGE),
      page: String(page),
    });
    if (answer.kind === 'refused') return refusedOf(answer);
    const told = shaped('list of checks', asked.shape, answer.body);
    read.push(told);
    if (told.total_count <= page * PAGE) return { kind: 'pages', pages: read };
  }
  // A check that was not read could be the one that failed.
  return { kind: 'refused', says: `it has more than ${MOST_PAGES * PAGE} checks` };
}

function refusedOf({ says }: Extract<GithubAnswer, { kind: 'refused' }>): Refused {
  return { kind: 'refused', says };
}

/** A check that ran again counts as it came out last; two apps with a check of one name are two checks. */
function newestRuns(runs: readonly CheckRun[]): SeenCheck[] {
  const groups = Map.groupBy(runs, ({ name, app }) => `${app?.id ?? ''} ${name}`);
  return [...groups.values()].flatMap((group) => {
    const [newest] = group.toSorted((a, b) => startOf(b) - startOf(a) || b.id - a.id);
    return newest ? [{ name: newest.name, outcome: ofRun(newest) }] : [];
  });
}

/** One that waits has not started: nothing is newer. */
function startOf({ started_at }: CheckRun): number {
  return started_at ? Date.parse(started_at) : Number.MAX_SAFE_INTEGER;
}

/** Source: https://docs.github.com/en/rest/checks/runs. A conclusion that is new to us is no success. */
function ofRun({ status, conclusion }: CheckRun): CheckOutcome {
  if (status !== 'completed') return 'pending';
  if (conclusion === 'success') return 'passed';
  return conclusion === 'neutral' || conclusion === 'skipped' ? conclusion : 'failed';
}

/** Source: https://docs.github.com/en/rest/commits/statuses */
function ofState(state: string): CheckOutcome {
  if (state === 'success') return 'passed';
  return state === 'pending' ? 'pending' : 'failed';
}

const RANK: Readonly<Record<CheckOutcome, number>> = {
  failed: 0,
  pending: 1,
  skipped: 2,
  neutral: 3,
  passed: 4,
};

/** Where several say something under one name, all must be right. */
function worstOfEach(seen: readonly SeenCheck[]): SeenCheck[] {
  return [...Map.groupBy(seen, ({ name }) => name).values()].flatMap((same) =>
    same.toSorted((a, b) => RANK[a.outcome] - RANK[b.outcome]).slice(0, 1),
  );
}
