import { z } from 'zod';
import type { Clock } from '../../ports/clock.ts';
import type { Forge, ForgeComment } from '../../ports/forge.ts';
import { type Github, type GithubSettings, openGithub, repositoryPath, shaped } from './api.ts';
import { newestDeployed, newestPassed } from './find-commit.ts';
import { readChecks } from './read-checks.ts';
import { readRequired } from './read-required.ts';

const Comments = z.array(z.looseObject({ body: z.string().nullish() }));

/** A comment is written again within minutes or never. */
const LOOK_BACK_MS = 24 * 3600 * 1000;

/** GitHub as a forge. Absent settings: nobody is asked. */
export function createForge(settings: GithubSettings | undefined, { clock }: { clock: Clock }): Forge {
  const nobody = { kind: 'notConfigured' } as const;
  if (settings === undefined) {
    return {
      checks: async () => nobody,
      requiredChecks: async () => nobody,
      deployed: async () => nobody,
      passed: async () => nobody,
      comment: async () => ({ kind: 'refused', says: 'signalbox.yaml has no github' }),
    };
  }
  const github = openGithub(settings, { clock });
  return {
    checks: (at) => readChecks(github, at),
    requiredChecks: (at) => readRequired(github, at),
    deployed: (at) => newestDeployed(github, at),
    passed: (at) => newestPassed(github, at),
    comment: (comment) => writeComment(github, { comment, now: clock.now() }),
  };
}

/** Looks first: an answer that was lost on the way is there all the same. */
async function writeComment(
  github: Github,
  { comment, now }: { comment: ForgeComment; now: number },
): ReturnType<Forge['comment']> {
  const { repository, issue, operation, text } = comment;
  const path = `${repositoryPath(repository)}/issues/${issue}/comments`;
  const marker = `<!-- signalbox:${operation.replaceAll(/[^\w.:-]/g, '')} -->`;
  const since = new Date(now - LOOK_BACK_MS).toISOString();
  const listed = await github.get(path, { since, per_page: '100' });
  if (listed.kind === 'refused') return { kind: 'refused', says: listed.says };
  if (shaped('list of comments', Comments, listed.body).some(({ body }) => body?.includes(marker)))
    return { kind: 'commented' };
  const written = await github.post(path, { body: `${text}\n\n${marker}` });
  return written.kind === 'ok' ? { kind: 'commented' } : { kind: 'refused', says: written.says };
}
