import { z } from 'zod';

// Shapes and limits: https://docs.slack.dev/reference/app-manifest.

const slashCommand = z.looseObject({
  command: z
    .string()
    .regex(/^\/[a-z0-9_-]{1,31}$/, 'must be a slash and at most 31 lower-case letters, digits, - or _'),
  description: z.string().min(1).max(2000),
  usage_hint: z.string().max(1000).optional(),
  should_escape: z.boolean().default(false),
});

const shortcut = z.looseObject({
  name: z.string().min(1).max(24),
  callback_id: z.string().min(1).max(255),
  description: z.string().min(1).max(150),
  type: z.enum(['message', 'global']),
});

/** Scopes an event needs before Slack delivers it: https://docs.slack.dev/reference/events, each event's page. */
const EVENT_SCOPES: Readonly<Record<string, readonly string[]>> = {
  app_home_opened: [],
  app_mention: ['app_mentions:read'],
  'message.channels': ['channels:history'],
  'message.groups': ['groups:history'],
  'message.im': ['im:history'],
  'message.mpim': ['mpim:history'],
  reaction_added: ['reactions:read'],
  reaction_removed: ['reactions:read'],
  member_joined_channel: ['channels:read', 'groups:read'],
  member_left_channel: ['channels:read', 'groups:read'],
  channel_archive: ['channels:read'],
  channel_unarchive: ['channels:read'],
  channel_created: ['channels:read'],
  channel_rename: ['channels:read'],
  group_archive: ['groups:read'],
};

/**
 * What a workspace reads of a Slack app manifest: the app's name, commands, shortcuts, scopes, events and switches.
 * A command without the `commands` scope, or an event without a scope of its own, is refused, since nothing of it would arrive.
 */
export const appManifest = z
  .looseObject({
    display_information: z.looseObject({
      name: z.string().min(1).max(35),
      description: z.string().max(140).optional(),
    }),
    features: z
      .looseObject({
        bot_user: z.looseObject({ display_name: z.string().min(1).max(80) }).optional(),
        app_home: z
          .looseObject({
            home_tab_enabled: z.boolean().default(false),
            messages_tab_enabled: z.boolean().default(false),
          })
          .default({ home_tab_enabled: false, messages_tab_enabled: false }),
        slash_commands: z.array(slashCommand).max(50).default([]),
        shortcuts: z.array(shortcut).max(10).default([]),
      })
      .default({
        app_home: { home_tab_enabled: false, messages_tab_enabled: false },
        slash_commands: [],
        shortcuts: [],
      }),
    oauth_config: z.looseObject({ scopes: z.looseObject({ bot: z.array(z.string()).max(255) }) }),
    settings: z
      .looseObject({
        event_subscriptions: z
          .looseObject({ bot_events: z.array(z.string()).max(100).default([]) })
          .default({ bot_events: [] }),
        interactivity: z.looseObject({ is_enabled: z.boolean() }).default({ is_enabled: false }),
      })
      .default({ event_subscriptions: { bot_events: [] }, interactivity: { is_enabled: false } }),
  })
  .superRefine((manifest, context) => {
    const scopes = new Set(manifest.oauth_config.scopes.bot);
    const { slash_commands, shortcuts } = manifest.features;
    if (slash_commands.length + shortcuts.length > 0 && !scopes.has('commands')) {
      const message = 'commands and shortcuts need the scope commands';
      context.addIssue({ code: 'custom', path: ['oauth_config', 'scopes', 'bot'], message });
    }
    manifest.settings.event_subscriptions.bot_events.forEach((event, index) => {
      const path = ['settings', 'event_subscriptions', 'bot_events', index];
      const needed = EVENT_SCOPES[event];
      if (needed === undefined) {
        context.addIssue({
          code: 'custom',
          path,
          message: `this workspace does not know the event ${event}`,
        });
      } else if (needed.length > 0 && !needed.some((scope) => scopes.has(scope))) {
        context.addIssue({
          code: 'custom',
          path,
          message: `${event} needs the scope ${needed.join(' or ')}`,
        });
      }
    });
  });

/** A manifest as this workspace understood it. */
export type AppManifest = z.output<typeof appManifest>;
