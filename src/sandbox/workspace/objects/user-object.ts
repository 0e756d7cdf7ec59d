import type { Person } from '../state/model.ts';
import type { World } from '../state/world.ts';

/** A person's address; bots have none that anybody is shown. */
export function emailOf(world: World, person: Person): string {
  return `${person.name}@${world.team.domain}.example`;
}

/** A person as Slack writes it: https://docs.slack.dev/reference/objects/user-object. `withEmail`: needs `users:read.email`. */
export function userObject(
  world: World,
  person: Person,
  options: { readonly withEmail: boolean },
): Record<string, unknown> {
  const isBot = person.kind === 'bot';
  const isGuest = person.kind === 'guest' || person.kind === 'single_channel_guest';
  return {
    id: person.id,
    team_id: person.teamId,
    name: person.name,
    deleted: person.kind === 'deactivated',
    real_name: person.realName,
    tz: person.timeZone,
    tz_label: person.timeZone,
    tz_offset: 0,
    profile: {
      real_name: person.realName,
      display_name: person.name,
      title: person.role,
      team: person.teamId,
      ...(options.withEmail && !isBot ? { email: emailOf(world, person) } : {}),
      ...(person.id === world.app.botUserId ? { bot_id: world.app.botId, api_app_id: world.app.appId } : {}),
    },
    is_admin: person.isAdmin,
    is_owner: false,
    is_primary_owner: false,
    is_restricted: isGuest,
    is_ultra_restricted: person.kind === 'single_channel_guest',
    is_bot: isBot,
    is_app_user: false,
    // "Indicates that the user is from a different workspace": the same page. Present for those people only.
    ...(person.kind === 'external' ? { is_stranger: true } : {}),
    updated: 0,
  };
}
