import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { commands } from '../../../commands/registry.ts';
import { SLACK_PATH } from '../../../src/adapters/slack/receive/over-http.ts';
import { INCIDENT_SHORTCUT, PIN_SHORTCUT } from '../../../src/adapters/slack/receive/read-shortcut.ts';
import { EVENTS, SCOPES } from '../../../src/adapters/slack/scopes.ts';
import { readManifest } from './world.ts';

/**
 * The parts in use of Slack's own schema of a manifest: https://github.com/slackapi/manifest-schema,
 * schemas/manifest.schema.1.0.0.json.
 */
const address = z
  .string()
  .regex(/^https?:\/\//)
  .max(3000);
const Manifest = z.strictObject({
  _metadata: z.strictObject({ major_version: z.literal(1), minor_version: z.int() }),
  display_information: z.strictObject({
    name: z.string().min(1).max(35),
    description: z.string().min(1).max(140),
    background_color: z.string().regex(/^#[0-9a-f]{6}$/),
  }),
  features: z.strictObject({
    app_home: z.strictObject({
      home_tab_enabled: z.literal(true),
      messages_tab_enabled: z.boolean(),
      messages_tab_read_only_enabled: z.boolean(),
    }),
    bot_user: z.strictObject({ display_name: z.string().min(1).max(80), always_online: z.boolean() }),
    slash_commands: z
      .array(
        z.strictObject({
          command: z.string().regex(/^\/[a-z]{1,31}$/),
          url: address,
          description: z.string().min(1).max(2000),
          usage_hint: z.string().min(1).max(1000),
          should_escape: z.literal(false),
        }),
      )
      .max(50),
    shortcuts: z
      .array(
        z.strictObject({
          name: z.string().min(1).max(24),
          type: z.enum(['message', 'global']),
          callback_id: z.string().min(1).max(255),
          description: z.string().min(1).max(150),
        }),
      )
      .max(10),
  }),
  oauth_config: z.strictObject({ scopes: z.strictObject({ bot: z.array(z.string().max(50)).max(255) }) }),
  settings: z.strictObject({
    event_subscriptions: z.strictObject({
      request_url: address,
      bot_events: z.array(z.string().max(50)).max(100),
    }),
    interactivity: z.strictObject({ is_enabled: z.literal(true), request_url: address }),
    org_deploy_enabled: z.boolean(),
    socket_mode_enabled: z.boolean(),
    token_rotation_enabled: z.boolean(),
  }),
});

const manifest = Manifest.parse(await readManifest());
const { slash_commands, shortcuts } = manifest.features;

describe('the Slack app manifest', () => {
  it('has every command, with what it does and its verbs', () => {
    expect(slash_commands.map(({ command }) => command)).toEqual(commands.map(({ name }) => `/${name}`));
    for (const [i, command] of commands.entries()) {
      expect(slash_commands[i]?.description).toBe(command.summary);
      const isFilledIn = command.fallback === 'help';
      const verbs = command.verbs.map(({ name }) => name);
      for (const verb of isFilledIn ? verbs : []) expect(slash_commands[i]?.usage_hint).toContain(verb);
    }
  });

  it('asks for exactly the scopes in use, each with a reason', () => {
    expect(manifest.oauth_config.scopes.bot).toEqual(SCOPES.map(({ scope }) => scope));
    for (const { why } of SCOPES) expect(why.length).toBeGreaterThan(10);
  });

  it('subscribes to exactly the events that are listened to', () => {
    expect(manifest.settings.event_subscriptions.bot_events).toEqual(EVENTS);
  });

  it('has the shortcuts that are understood', () => {
    expect(shortcuts.map(({ callback_id, type }) => [callback_id, type])).toEqual([
      [PIN_SHORTCUT, 'message'],
      [INCIDENT_SHORTCUT, 'global'],
    ]);
  });

  it('sends everything to where it is taken in', () => {
    const { event_subscriptions, interactivity } = manifest.settings;
    const urls = [
      ...slash_commands.map(({ url }) => url),
      event_subscriptions.request_url,
      interactivity.request_url,
    ];
    expect(new Set(urls.map((url) => new URL(url).pathname))).toEqual(new Set([SLACK_PATH]));
  });
});
