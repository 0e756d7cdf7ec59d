import type { SlackSettings } from '../adapters/slack/connect.ts';
import type { Config } from '../config/schema.ts';
import type { Secrets } from '../config/secrets.ts';

/** The configuration as far as the workspace is concerned. */
export function slackSettings(config: Config, secrets: Secrets): SlackSettings {
  return {
    botToken: secrets.find('SLACK_BOT_TOKEN')?.reveal() ?? '',
    apiUrl: config.slack.apiUrl,
    roles: new Map(Object.entries(config.roles)),
    emails: new Map(
      config.people.flatMap(({ slack, emails }) =>
        emails.map((email): [string, string] => [email.toLowerCase(), slack]),
      ),
    ),
    logins: new Map(
      config.people.flatMap(({ slack, github }): [string, string][] =>
        github === undefined ? [] : [[github.toLowerCase(), slack]],
      ),
    ),
  };
}
