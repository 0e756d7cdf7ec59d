import type { Logger } from 'pino';
import { checkScopes, lookAtChannel, probeGroupsWritable } from '../../adapters/slack/check.ts';
import { checkAppToken } from '../../adapters/slack/check-app-token.ts';
import { createDirectory } from '../../adapters/slack/directory.ts';
import { personOf } from '../../adapters/slack/user-of.ts';
import type { Config } from '../../config/schema.ts';
import type { Secrets } from '../../config/secrets.ts';
import type { Asking } from '../open-for-asking.ts';
import { systemClock } from '../open-stores.ts';
import { slackSettings } from '../slack-settings.ts';
import { fewAtOnce } from './few-at-once.ts';
import { type Finding, fault, type Look, ok, warning } from './finding.ts';

interface SlackParts {
  config: Config;
  secrets: Secrets;
  log: Logger;
  asking: Pick<Asking, 'slack' | 'identity'>;
}

const AREA = 'Slack';
const REACH =
  'See that this machine reaches slack.apiUrl, and that SLACK_BOT_TOKEN is the one of the app as it is installed.';

/** Everything that must be so in the workspace. */
export function slackLooks(parts: SlackParts): Look[] {
  const { config, secrets, log, asking } = parts;
  const at = { area: AREA, fix: REACH };
  const { apiUrl, transport } = config.slack;
  const appToken = secrets.find('SLACK_APP_TOKEN')?.reveal() ?? '';
  return [
    { ...at, about: 'the bot', look: () => identityFindings(parts) },
    { ...at, about: 'the scopes', look: () => scopeFindings(asking) },
    ...(transport === 'socket'
      ? [
          {
            ...at,
            about: 'Socket Mode',
            fix: 'Switch Socket Mode on in the Slack app, and set SLACK_APP_TOKEN to a token with connections:write.',
            look: async () => {
              await checkAppToken({ appToken, apiUrl }, log);
              return [ok('Socket Mode is on, and the app-level token is good')];
            },
          },
        ]
      : []),
    ...config.environments.map((environment) => ({
      ...at,
      about: `the channel of ${environment.name}`,
      look: () => channelFindings(asking, environment),
    })),
    { ...at, about: 'the people', look: () => peopleFindings(parts) },
    { ...at, about: 'the usergroups', look: () => groupFindings(parts) },
  ];
}

async function identityFindings({ config, asking }: SlackParts): Promise<Finding[]> {
  const { teamId, botUserId } = await asking.identity();
  const { team } = config.slack;
  if (team !== undefined && team !== teamId) {
    return [
      fault(
        `the bot token is of workspace ${teamId}, and slack.team is ${team}`,
        'Set the token of the right workspace, or change slack.team.',
      ),
    ];
  }
  return [ok(`the bot is ${botUserId} in workspace ${teamId}`)];
}

async function scopeFindings({ slack }: SlackParts['asking']): Promise<Finding[]> {
  const { granted, missing } = await checkScopes(slack);
  if (missing.length === 0) return [ok(`all scopes are granted (${granted.length})`)];
  return missing.map(({ scope, why }) =>
    fault(
      `the scope ${scope} is missing: ${why}`,
      'Add it under OAuth & Permissions of the Slack app, and install the app again.',
    ),
  );
}

async function channelFindings(
  { slack }: SlackParts['asking'],
  { name, channel }: { name: string; channel: string },
): Promise<Finding[]> {
  const seen = await lookAtChannel(slack, channel);
  switch (seen.kind) {
    case 'joined':
      return [ok(`${name} is shown in #${seen.name}`)];
    case 'notJoined':
      return [
        fault(
          `the bot is not in #${seen.name}, the channel of ${name}`,
          `In #${seen.name}, type /invite @Signalbox.`,
        ),
      ];
    case 'archived':
      return [
        fault(`#${seen.name}, the channel of ${name}, is archived`, 'Unarchive it, or name another channel.'),
      ];
    case 'unseen':
      return [
        fault(
          `there is no channel ${channel} for ${name} that the bot could see`,
          'Correct its id; if the channel is private, invite the bot into it.',
        ),
      ];
  }
}

async function peopleFindings({ config, secrets, asking, log }: SlackParts): Promise<Finding[]> {
  const named = new Map(config.people.map(({ slack, name }) => [slack, name]));
  const withRole = new Set(Object.values(config.roles).flatMap(({ people }) => people));
  const users = [...new Set([...named.keys(), ...withRole])];
  const { teamId: team } = await asking.identity();
  // Usergroups are looked at for themselves.
  const directory = createDirectory({
    ...slackSettings(config, secrets),
    roles: new Map(),
    client: asking.slack,
    teamId: async () => team,
    clock: systemClock,
    logger: log,
  });
  const faults = await fewAtOnce(users, async (user) => {
    const person = await directory.person(personOf(team, user), { freshMs: 0 });
    // Whoever is only named so that commits have an author may be a guest, or have left.
    if (person.kind !== 'outsider' || (person.why !== 'stranger' && !withRole.has(user))) return [];
    const says = `${named.get(user) ?? person.name} (${user}) is ${OUTSIDE[person.why]}, and may do nothing`;
    return [fault(says, 'Correct the id, or take it out of signalbox.yaml.')];
  });
  if (faults.some((found) => found.length > 0) || users.length === 0) return faults.flat();
  return [ok(`everybody who is named is known (${users.length})`)];
}

const OUTSIDE = {
  guest: 'a guest',
  bot: 'a bot',
  stranger: 'nobody of this workspace',
  deactivated: 'deactivated',
} as const;

const ONLY_ADMINS = 'In the workspace settings under Permissions, let only admins edit usergroups.';

async function groupFindings({ config, asking }: SlackParts): Promise<Finding[]> {
  const roles = Object.entries(config.roles);
  const groups = [...new Set(roles.flatMap(([, { usergroups }]) => usergroups))];
  const probed = await fewAtOnce(groups, async (group) => ({
    group,
    ...(await probeGroupsWritable(asking.slack, group)),
  }));
  const rolesOf = (group: string) =>
    roles.filter(([, { usergroups }]) => usergroups.includes(group)).map(([role]) => role);
  const faults = probed.flatMap((probe) => {
    const where = `usergroup ${probe.group} (${rolesOf(probe.group).join(', ')})`;
    if (probe.kind === 'writable') {
      const says = `anybody can put themselves into ${where}`;
      return [fault(says, ONLY_ADMINS)];
    }
    if (probe.kind !== 'unreadable') return [];
    return [fault(`${where} cannot be read: ${probe.why}`, 'Correct its id, or enable the usergroup again.')];
  });
  // It is one setting for all of them: that it could not be tried is said once.
  const unknown = probed.find((probe) => probe.kind === 'unknown');
  if (unknown?.kind === 'unknown')
    return [...faults, warning(`who may edit usergroups is not known: ${unknown.why}`, ONLY_ADMINS)];
  return faults.length > 0 || groups.length === 0 ? faults : [ok('only admins can edit usergroups')];
}
