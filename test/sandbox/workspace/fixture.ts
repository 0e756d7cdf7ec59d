import { startWorkspace } from '../../../src/sandbox/workspace/start.ts';
import type { Workspace, WorkspaceOptions } from '../../../src/sandbox/workspace/workspace.ts';

/** A manifest with a command, shortcuts, a home tab and the events the tests listen to. */
export const MANIFEST = {
  display_information: { name: 'Echo' },
  features: {
    bot_user: { display_name: 'Echo' },
    app_home: { home_tab_enabled: true, messages_tab_enabled: true },
    slash_commands: [{ command: '/echo', description: 'Says it again', usage_hint: '[form | slow | words]' }],
    shortcuts: [
      { name: 'Keep it', callback_id: 'keep', description: 'Keeps a message', type: 'message' },
      { name: 'Anywhere', callback_id: 'anywhere', description: 'Works anywhere', type: 'global' },
    ],
  },
  oauth_config: {
    scopes: {
      bot: [
        'app_mentions:read',
        'bookmarks:read',
        'bookmarks:write',
        'channels:history',
        'channels:join',
        'channels:manage',
        'channels:read',
        'chat:write',
        'commands',
        'files:write',
        'groups:history',
        'groups:read',
        'groups:write',
        'im:history',
        'im:read',
        'im:write',
        'metadata.message:read',
        'pins:write',
        'reactions:read',
        'reactions:write',
        'team:read',
        'usergroups:read',
        'usergroups:write',
        'users:read',
      ],
    },
  },
  settings: {
    event_subscriptions: {
      bot_events: [
        'app_home_opened',
        'app_mention',
        'channel_archive',
        'member_joined_channel',
        'message.channels',
        'message.groups',
        'message.im',
        'reaction_added',
        'reaction_removed',
      ],
    },
    interactivity: { is_enabled: true },
  },
};

/** People of every kind, a group, and channels the bot is in and not in. */
export const SEED: WorkspaceOptions['seed'] = {
  people: [
    { name: 'ana', role: 'Release manager', isAdmin: true },
    { name: 'ben', role: 'Service owner' },
    { name: 'cleo', role: 'On call' },
    { name: 'gus', kind: 'guest' },
    { name: 'sue', kind: 'single_channel_guest' },
    { name: 'eve', kind: 'external' },
    { name: 'old', kind: 'deactivated' },
  ],
  usergroups: [{ handle: 'oncall', members: ['cleo', 'ben'] }],
  channels: [
    { name: 'general', isGeneral: true, hasBot: true },
    { name: 'releases', members: ['ana', 'ben', 'cleo', 'gus', 'eve'], hasBot: true },
    { name: 'elsewhere', members: ['ana'] },
    { name: 'secret', isPrivate: true, members: ['ana'] },
    { name: 'closed', isArchived: true, hasBot: true },
  ],
};

/** Starts the test workspace, without rate limits unless `given` says so. */
export function startTestWorkspace(given: Partial<WorkspaceOptions> = {}): Promise<Workspace> {
  return startWorkspace({ seed: SEED, manifest: MANIFEST, rateLimits: 'off', ...given });
}
