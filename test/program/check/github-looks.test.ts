import { describe, expect, it } from 'vitest';
import { githubLooks } from '../../../src/program/check/github-looks.ts';
import { lookAtAll } from '../../../src/program/check/look-at-all.ts';
import { changed, configOf } from '../../config/minimal-config.ts';
import { type GithubWorld, startGithub } from '../../servers/github.ts';

const GITOPS = 'https://git.example/gitops.git';

/** A configuration whose one repository is on GitHub. */
async function configAt(url: string) {
  const text = `${changed(`{ url: ${GITOPS} }`, '{ url: https://github.com/acme/gitops.git }')}
github: { apiUrl: "${url}", tokenEnv: GITHUB_TOKEN, webhookSecretEnv: HOOK }
people:
  - { slack: U012AB3CD, name: Ana, github: ana-acme }
`;
  return configOf(text);
}

async function check(holds: GithubWorld, token = 'right'): Promise<string[]> {
  await using server = await startGithub(holds);
  const access = { kind: 'token' as const, token };
  const looks = githubLooks(await configAt(server.url), { apiUrl: server.url, access, timeoutMs: 2000 });
  const reports = await lookAtAll(looks);
  return reports.flatMap(({ area, findings }) =>
    findings.map(({ kind, says }) => `${area}: ${kind} ${says}`),
  );
}

describe('a check of GitHub', () => {
  it('finds no fault where everything can be asked', async () => {
    const commits = { ['a'.repeat(40)]: {} };
    expect(await check({ token: 'right', repositories: { 'acme/gitops': { commits } } })).toEqual([
      'GitHub: ok gitops (acme/gitops) tells its checks and what main requires',
      'GitHub: ok comments of 1 of the people are listened to',
    ]);
  });

  it.each([
    [
      'a wrong token',
      { 'acme/gitops': { commits: {} } },
      'wrong',
      /fault gitops .*does not accept our token/,
    ],
    [
      'a repository that is not there',
      {},
      'right',
      /fault gitops .*it is not there, or our token may not see it/,
    ],
    [
      'one without commits',
      { 'acme/gitops': { commits: {} } },
      'right',
      /fault gitops .*checks of main cannot be read/,
    ],
  ])('tells %s', async (_, repositories, token, says) => {
    expect((await check({ token: 'right', repositories }, token))[0]).toMatch(says);
  });

  it('is no part of an installation without one', async () => {
    expect(githubLooks(await configAt('http://localhost'), undefined)).toEqual([]);
  });
});
