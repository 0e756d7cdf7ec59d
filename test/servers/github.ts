import { type Listening, listen, type Received, type Reply } from './listen.ts';

/** A check run as GitHub lists it. */
export interface CheckRun {
  name: string;
  status?: string;
  conclusion: string | null;
  startedAt?: string | null;
  app?: number;
}

/** What a GitHub holds; a test changes it as it goes. */
export interface GithubWorld {
  token: string;
  /** `owner/name`, as it is spelled. */
  repositories: Record<
    string,
    {
      /** Whole id to what ran on it; newest commit of the branch first. */
      commits: Record<string, { runs?: CheckRun[]; statuses?: Record<string, string> }>;
      /** Required by a ruleset, and by the older protection. */
      rules?: Record<string, string[]>;
      protection?: Record<string, { contexts: string[]; level?: string }>;
      deployments?: { sha: string; environment: string; state: string }[];
      /** By issue, oldest first. */
      comments?: Record<number, string[]>;
    }
  >;
  trouble?: 'hang' | 'broken' | 'limited' | undefined;
}

export interface GithubServer extends Listening {
  world: GithubWorld;
}

/**
 * A strict GitHub for what this program asks of one. Paths, parameters and answers: https://docs.github.com/en/rest (version
 * 2022-11-28) and its description, github/rest-api-description.
 */
export async function startGithub(world: GithubWorld): Promise<GithubServer> {
  const server = await listen((received) => answer(world, received));
  return Object.assign(server, { world });
}

function answer(world: GithubWorld, received: Received): Reply {
  if (world.trouble === 'hang') return 'hang';
  if (world.trouble === 'broken') return said(502, 'Server Error');
  // https://docs.github.com/en/rest/using-the-rest-api/rate-limits-for-the-rest-api: 403 with no requests left
  if (world.trouble === 'limited') return said(429, 'You have exceeded a secondary rate limit.');
  const { headers, method, path, query } = received;
  // https://docs.github.com/en/rest/using-the-rest-api/getting-started-with-the-rest-api#user-agent
  if (!headers['user-agent']) return said(403, 'Request forbidden by administrative rules.');
  if (headers.authorization !== `Bearer ${world.token}`) return said(401, 'Bad credentials');
  if (headers['x-github-api-version'] !== '2022-11-28') return said(400, 'Unsupported API version');
  if (path === '/user') return { status: 200, body: { login: 'signalbox' } };
  const [, name = '', rest = ''] = /^\/repos\/([^/]+\/[^/]+)(?:\/(.*))?$/.exec(path) ?? [];
  const repository = world.repositories[name];
  if (repository === undefined) return said(404, 'Not Found');
  const asked = new URLSearchParams(query);
  // https://docs.github.com/en/rest/using-the-rest-api/using-pagination-in-the-rest-api: at most a hundred
  if (Number(asked.get('per_page') ?? 1) > 100) return said(422, 'per_page is at most 100');
  if (method === 'POST') return post(repository, rest, received);
  if (rest === '') return { status: 200, body: { full_name: name, default_branch: 'main' } };
  return get(repository, rest, asked);
}

type Repository = GithubWorld['repositories'][string];

function get(repository: Repository, rest: string, asked: URLSearchParams): Reply {
  const [kind, one = '', what = ''] = rest.split('/').map(decodeURIComponent);
  switch (kind) {
    case 'commits':
      return one === '' ? commits(repository, asked) : ofCommit(repository, { ref: one, what, asked });
    case 'rules': {
      const contexts = repository.rules?.[what] ?? [];
      const parameters = {
        strict_required_status_checks_policy: false,
        required_status_checks: contexts.map((context) => ({ context })),
      };
      const rule = { type: 'required_status_checks', ruleset_source_type: 'Repository', parameters };
      return { status: 200, body: [{ type: 'deletion' }, ...(contexts.length > 0 ? [rule] : [])] };
    }
    case 'branches':
      return branch(repository, one);
    case 'deployments':
      return deployments(repository, { id: one, asked });
    case 'issues': {
      const written = repository.comments?.[Number(one)];
      if (written === undefined || what !== 'comments') return said(404, 'Not Found');
      return { status: 200, body: written.map((body, id) => ({ id, body })) };
    }
    default:
      return said(404, 'Not Found');
  }
}

function commits({ commits: all }: Repository, asked: URLSearchParams): Reply {
  if (asked.get('sha') !== 'main') return said(404, 'Not Found');
  const listed = Object.keys(all).slice(0, Number(asked.get('per_page') ?? 30));
  return { status: 200, body: listed.map((sha) => ({ sha })) };
}

function ofCommit(
  { commits: all }: Repository,
  { ref, what, asked }: { ref: string; what: string; asked: URLSearchParams },
): Reply {
  const [newest] = Object.keys(all);
  const named = ref === 'main' ? newest : ref;
  const sha = Object.keys(all).find((id) => id === named || (what === '' && id.startsWith(ref)));
  const commit = sha === undefined ? undefined : all[sha];
  if (commit === undefined) return said(422, `No commit found for SHA: ${ref}`);
  const perPage = Number(asked.get('per_page') ?? 30);
  const from = (Number(asked.get('page') ?? 1) - 1) * perPage;
  if (what === '') return { status: 200, body: { sha } };
  if (what === 'check-runs') {
    const runs = (commit.runs ?? []).map((run, id) => ({
      id,
      name: run.name,
      status: run.status ?? 'completed',
      conclusion: run.conclusion,
      started_at: run.startedAt === undefined ? '2026-11-20T10:00:00Z' : run.startedAt,
      app: { id: run.app ?? 15368 },
    }));
    return {
      status: 200,
      body: { total_count: runs.length, check_runs: runs.slice(from, from + perPage) },
    };
  }
  if (what !== 'status') return said(404, 'Not Found');
  const statuses = Object.entries(commit.statuses ?? {}).map(([context, state]) => ({ context, state }));
  const states = statuses.map(({ state }) => state);
  // https://docs.github.com/en/rest/commits/statuses: pending also where there is none
  const worst = states.includes('failure') || states.includes('error') ? 'failure' : 'pending';
  const state = states.length > 0 && states.every((each) => each === 'success') ? 'success' : worst;
  return {
    status: 200,
    body: { state, total_count: statuses.length, statuses: statuses.slice(from, from + perPage) },
  };
}

function branch({ protection }: Repository, name: string): Reply {
  if (name !== 'main') return said(404, 'Branch not found');
  const own = protection?.[name];
  const checks = own && {
    enforcement_level: own.level ?? 'everyone',
    contexts: own.contexts,
    checks: own.contexts.map((context) => ({ context, app_id: null })),
  };
  return {
    status: 200,
    body: {
      name,
      protected: own !== undefined,
      protection: { enabled: own !== undefined, required_status_checks: checks ?? null },
    },
  };
}

function deployments(
  { deployments: all = [] }: Repository,
  { id, asked }: { id: string; asked: URLSearchParams },
): Reply {
  const numbered = all.map((deployment, at) => ({ id: at + 1, ...deployment }));
  if (id === '') {
    const here = numbered.filter(({ environment }) => environment === asked.get('environment'));
    return { status: 200, body: here.map(({ id: number, sha }) => ({ id: number, sha })) };
  }
  const one = numbered.find((deployment) => String(deployment.id) === id);
  return one ? { status: 200, body: [{ state: one.state }] } : said(404, 'Not Found');
}

function post(repository: Repository, rest: string, { body }: Received): Reply {
  const [, issue = ''] = /^issues\/(\d+)\/comments$/.exec(rest) ?? [];
  const written = repository.comments?.[Number(issue)];
  if (written === undefined) return said(404, 'Not Found');
  const { body: text } = JSON.parse(body) as { body?: unknown };
  if (typeof text !== 'string' || text === '') return said(422, 'Validation Failed');
  // https://docs.github.com/en/rest/issues/comments: a body longer than 65536 characters is refused
  if (text.length > 65_536) return said(422, 'Validation Failed');
  written.push(text);
  return { status: 201, body: { id: written.length, body: text } };
}

function said(status: number, message: string): Reply {
  return { status, body: { message, documentation_url: 'https://docs.github.com/rest' } };
}
