import type { GithubSettings } from '../../adapters/github/api.ts';
import { probeRepository } from '../../adapters/github/probe.ts';
import { rulesOf } from '../../config/rules-of.ts';
import type { Config } from '../../config/schema.ts';
import { systemClock } from '../open-stores.ts';
import { fewAtOnce } from './few-at-once.ts';
import { type Finding, fault, type Look, ok, warning } from './finding.ts';

const TOKEN_FIX =
  'Give the app or the token read access to metadata, checks, commit statuses, contents and deployments of it, and write access to pull requests (for answers to comments).';

/** Every repository that is on GitHub can be asked about its checks; and who may comment is known. */
export function githubLooks(config: Config, settings: GithubSettings | undefined): Look[] {
  if (settings === undefined) return [];
  const repositories = Object.entries(rulesOf(config).repositories).flatMap(([name, { github, branch }]) =>
    github === undefined ? [] : [{ name, repository: github, branch }],
  );
  return [
    {
      area: 'GitHub',
      about: 'its repositories',
      fix: `See that github.apiUrl is right and this machine reaches it. ${TOKEN_FIX}`,
      look: async () => {
        if (repositories.length === 0)
          return [
            warning(
              'no repository of signalbox.yaml is on GitHub',
              'Say repositories.<name>.github: owner/name where the address does not.',
            ),
          ];
        return (await fewAtOnce(repositories, (each) => findingsOf(settings, each))).flat();
      },
    },
    { area: 'GitHub', about: 'its people', fix: '', look: async () => peopleFindings(config) },
  ];
}

async function findingsOf(
  settings: GithubSettings,
  { name, repository, branch }: { name: string; repository: string; branch: string },
): Promise<Finding[]> {
  const reach = await probeRepository(settings, { repository, branch, clock: systemClock });
  const what = `${name} (${repository})`;
  if (reach.unreadable !== undefined) return [fault(`${what}: ${reach.unreadable}`, TOKEN_FIX)];
  const troubles = [
    ...(reach.noChecks === undefined
      ? []
      : [fault(`${what}: checks of ${branch} cannot be read: ${reach.noChecks}`, TOKEN_FIX)]),
    ...(reach.noRules === undefined
      ? []
      : [fault(`${what}: what ${branch} requires cannot be read: ${reach.noRules}`, TOKEN_FIX)]),
  ];
  return troubles.length > 0 ? troubles : [ok(`${what} tells its checks and what ${branch} requires`)];
}

function peopleFindings({ github, people }: Config): Finding[] {
  if (github?.webhookSecretEnv === undefined) return [];
  const known = people.filter((person) => person.github !== undefined).length;
  if (known > 0) return [ok(`comments of ${known} of the people are listened to`)];
  return [
    warning(
      'comments on pull requests are taken in, and no login belongs to anybody',
      'Say github: <login> for people of signalbox.yaml who ask for something there.',
    ),
  ];
}
