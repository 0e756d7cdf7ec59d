/** Every scope the bot token needs, with what does not work without. The Slack app manifest asks for exactly these. */
export const SCOPES: readonly { scope: string; why: string }[] = [
  { scope: 'app_mentions:read', why: 'commands by mention, the only ones that work in threads' },
  {
    scope: 'channels:history',
    why: 'timelines of incidents, and finding a message whose post had no answer',
  },
  { scope: 'channels:manage', why: 'making the channel of an incident and inviting people into it' },
  {
    scope: 'channels:read',
    why: 'finding again the channel of an incident that was made when the answer was lost',
  },
  { scope: 'chat:write', why: 'boards, approvals, everything that is said' },
  { scope: 'commands', why: 'slash commands and shortcuts' },
  { scope: 'files:write', why: 'exports of timelines that are too long for a message' },
  { scope: 'groups:history', why: 'the same as channels:history in private channels the bot is invited to' },
  { scope: 'groups:read', why: 'the same as channels:read in private channels' },
  { scope: 'im:write', why: 'answers to a person when no other way is open' },
  { scope: 'metadata.message:read', why: 'telling a message that was posted from one that was not' },
  { scope: 'reactions:read', why: 'pinning messages to a timeline by emoji' },
  { scope: 'usergroups:read', why: 'roles by usergroup' },
  { scope: 'users:read', why: 'names, and telling members from guests, bots and strangers' },
  { scope: 'users:read.email', why: 'telling who wrote the commits of a release, who may not approve it' },
];

/** Every event that is listened to. The Slack app manifest subscribes to exactly these. */
export const EVENTS: readonly string[] = [
  'app_home_opened',
  'app_mention',
  'message.channels',
  'message.groups',
  'reaction_added',
  'reaction_removed',
];
