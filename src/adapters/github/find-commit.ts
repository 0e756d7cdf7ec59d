import { z } from 'zod';
import type { CommitAnswer } from '../../domain/checks/check-answer.ts';
import { type Github, repositoryPath, shaped } from './api.ts';
import { readChecks } from './read-checks.ts';

/** Deployments and commits looked at, newest first: what is older is no candidate. */
const LOOKED_AT = 15;

const Deployments = z.array(z.looseObject({ id: z.int(), sha: z.string().regex(/^[0-9a-f]{40,64}$/) }));
const DeploymentStatuses = z.array(z.looseObject({ state: z.string() }));
const Commits = z.array(z.looseObject({ sha: z.string().regex(/^[0-9a-f]{40,64}$/) }));

type Found = Exclude<CommitAnswer, { kind: 'notConfigured' }>;

/** The newest deployment whose last status is `success`. Source: https://docs.github.com/en/rest/deployments/deployments */
export async function newestDeployed(
  github: Github,
  { repository, environment }: { repository: string; environment: string },
): Promise<Found> {
  const path = `${repositoryPath(repository)}/deployments`;
  const answer = await github.get(path, { environment, per_page: String(LOOKED_AT) });
  if (answer.kind === 'refused') return { kind: 'refused', says: answer.says };
  const deployments = shaped('list of deployments', Deployments, answer.body);
  for (const { id, sha } of deployments) {
    const told = await github.get(`${path}/${id}/statuses`, { per_page: '1' });
    if (told.kind === 'refused') return { kind: 'refused', says: told.says };
    const [last] = shaped('list of statuses', DeploymentStatuses, told.body);
    if (last?.state === 'success') return { kind: 'commit', commit: sha };
  }
  return { kind: 'none', says: `none of its last ${deployments.length} deployments there succeeded` };
}

/** The newest commit of a branch on which a check passed. */
export async function newestPassed(
  github: Github,
  { repository, branch, check }: { repository: string; branch: string; check: string },
): Promise<Found> {
  const answer = await github.get(`${repositoryPath(repository)}/commits`, {
    sha: branch,
    per_page: String(LOOKED_AT),
  });
  if (answer.kind === 'refused') return { kind: 'refused', says: answer.says };
  const commits = shaped('list of commits', Commits, answer.body);
  for (const { sha } of commits) {
    const checks = await readChecks(github, { repository, commit: sha });
    if (checks.kind === 'refused') return checks;
    if (checks.checks.some(({ name, outcome }) => name === check && outcome === 'passed'))
      return { kind: 'commit', commit: sha };
  }
  return { kind: 'none', says: `${check} passed on none of the last ${commits.length} commits` };
}
