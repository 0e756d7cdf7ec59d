import type { Clock } from '../../ports/clock.ts';
import { type GithubSettings, openGithub, repositoryPath } from './api.ts';

/** What we may do with a repository; each with why not. */
export interface Reach {
  /** Absent: it can be read. */
  unreadable?: string;
  /** Absent: the checks of its branch can be read. */
  noChecks?: string;
  /** Absent: what its branch requires can be read. */
  noRules?: string;
}

/** Looks whether a repository can be asked for everything that a preflight asks. Writes nothing. */
export async function probeRepository(
  settings: GithubSettings,
  { repository, branch, clock }: { repository: string; branch: string; clock: Clock },
): Promise<Reach> {
  const github = openGithub(settings, { clock });
  const path = repositoryPath(repository);
  const name = encodeURIComponent(branch);
  const own = await github.get(path);
  if (own.kind === 'refused') return { unreadable: own.says };
  const [runs, statuses, rules] = await Promise.all([
    github.get(`${path}/commits/${name}/check-runs`, { per_page: '1' }),
    github.get(`${path}/commits/${name}/status`, { per_page: '1' }),
    github.get(`${path}/branches/${name}`),
  ]);
  const checks = runs.kind === 'refused' ? runs : statuses;
  return {
    ...(checks.kind === 'refused' && { noChecks: checks.says }),
    ...(rules.kind === 'refused' && { noRules: rules.says }),
  };
}
