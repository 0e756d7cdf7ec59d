import { z } from 'zod';

// Only what is read of Slack's payloads; Slack adds fields at any time. https://docs.slack.dev/reference/interaction-payloads

const id = z.string().regex(/^[A-Z0-9]{1,40}$/);
/** Members of shared channels come with a team of their own. */
const user = z.looseObject({ id, team_id: id.nullish() });
const team = z.looseObject({ id }).nullish();

/** https://docs.slack.dev/interactivity/implementing-slash-commands#app_command_handling */
export const SlashCommand = z.looseObject({
  command: z.string(),
  text: z.string().default(''),
  user_id: id,
  team_id: id,
  channel_id: id,
  trigger_id: z.string().min(1),
  response_url: z.string(),
});

const view = z.looseObject({
  id: z.string(),
  type: z.string().optional(),
  hash: z.string().default(''),
  external_id: z.string().nullish(),
  private_metadata: z.string().default(''),
  callback_id: z.string().default(''),
  state: z.looseObject({ values: z.unknown() }).nullish(),
});

/** https://docs.slack.dev/reference/interaction-payloads/block_actions-payload */
export const BlockActions = z.looseObject({
  user,
  team,
  trigger_id: z.string().min(1),
  response_url: z.string().optional(),
  channel: z.looseObject({ id }).nullish(),
  container: z.looseObject({
    type: z.string(),
    message_ts: z.string().optional(),
    channel_id: z.string().optional(),
    view_id: z.string().optional(),
    is_ephemeral: z.boolean().default(false),
  }),
  view: view.nullish(),
  state: z.looseObject({ values: z.unknown() }).nullish(),
  actions: z
    .array(z.looseObject({ action_id: z.string(), action_ts: z.string(), value: z.string().nullish() }))
    .min(1),
});

/** https://docs.slack.dev/reference/interaction-payloads/view-interactions-payload */
export const ViewSubmission = z.looseObject({ user, team, view });

/** https://docs.slack.dev/reference/interaction-payloads/shortcuts-interaction-payload; a message's has more. */
export const Shortcut = z.looseObject({
  user,
  team,
  callback_id: z.string(),
  action_ts: z.string(),
  trigger_id: z.string().min(1),
  response_url: z.string().optional(),
  channel: z.looseObject({ id }).nullish(),
  message_ts: z.string().optional(),
});

/** https://docs.slack.dev/apis/events-api#callback-field */
export const EventCallback = z.looseObject({
  team_id: id,
  event_id: z.string().min(1),
  event: z.looseObject({ type: z.string() }),
});

const said = z.looseObject({
  ts: z.string(),
  user: z.string().optional(),
  bot_id: z.string().nullish(),
  subtype: z.string().optional(),
  team: z.string().optional(),
  text: z.string().default(''),
});

/** https://docs.slack.dev/reference/events/message, with the subtypes that change or take back a message. */
export const MessageEvent = z.looseObject({
  ...said.shape,
  channel: id,
  channel_type: z.string().optional(),
  deleted_ts: z.string().optional(),
  message: said.optional(),
  previous_message: said.optional(),
});
export type MessageEvent = z.infer<typeof MessageEvent>;

/** https://docs.slack.dev/reference/events/app_mention */
export const MentionEvent = z.looseObject({ ...said.shape, user: id, channel: id });

/** https://docs.slack.dev/reference/events/reaction_added */
export const ReactionEvent = z.looseObject({
  user: id,
  reaction: z.string(),
  item: z.looseObject({ type: z.string(), channel: id.optional(), ts: z.string().optional() }),
});

/** https://docs.slack.dev/reference/events/app_home_opened */
export const HomeEvent = z.looseObject({ user: id, tab: z.string() });
