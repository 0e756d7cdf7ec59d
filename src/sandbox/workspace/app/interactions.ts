import { messageObject } from '../objects/message-object.ts';
import { viewObject } from '../objects/view-object.ts';
import type { WorkspaceParts } from '../parts.ts';
import { messageValues } from '../state/inputs.ts';
import type { Channel, Ephemeral, Message, OpenView, Person } from '../state/model.ts';
import type { World } from '../state/world.ts';

type PayloadParts = Pick<WorkspaceParts, 'world' | 'triggers' | 'responseUrls' | 'url'>;

/** What somebody did to an element: the entry of a payload's `actions`. */
export type ActionEntry = Readonly<Record<string, unknown>>;

/** A message that was acted on: one in a channel, or one that only its person sees. */
export type ActedOn =
  | { readonly kind: 'message'; readonly message: Message }
  | { readonly kind: 'ephemeral'; readonly ephemeral: Ephemeral };

/** https://docs.slack.dev/interactivity/implementing-slash-commands#app_command_handling. */
export function slashPayload(
  parts: PayloadParts,
  person: Person,
  given: { readonly channel: Channel; readonly command: string; readonly text: string },
): Record<string, string> {
  const { world, url } = parts;
  const { channel, command, text } = given;
  const path = parts.responseUrls.issue({ channelId: channel.id, userId: person.id });
  return {
    token: 'unused',
    team_id: world.team.id,
    team_domain: world.team.domain,
    channel_id: channel.id,
    channel_name: nameOf(channel),
    user_id: person.id,
    user_name: person.name,
    command,
    text,
    api_app_id: world.app.appId,
    is_enterprise_install: 'false',
    response_url: `${url}${path}`,
    trigger_id: parts.triggers.issue(person.id),
  };
}

/** https://docs.slack.dev/reference/interaction-payloads/block_actions-payload, for a message. */
export function messageActionPayload(
  parts: PayloadParts,
  person: Person,
  given: { readonly channel: Channel; readonly on: ActedOn; readonly action: ActionEntry },
): Record<string, unknown> {
  const { world, url } = parts;
  const { channel, on } = given;
  const shown = on.kind === 'message' ? on.message : on.ephemeral;
  const thread = shown.threadTs === undefined ? {} : { thread_ts: shown.threadTs };
  const context = { channelId: channel.id, userId: person.id, original: on };
  const path = parts.responseUrls.issue(
    shown.threadTs === undefined ? context : { ...context, threadTs: shown.threadTs },
  );
  return {
    type: 'block_actions',
    ...common(world, person),
    container: {
      type: 'message',
      message_ts: shown.ts,
      channel_id: channel.id,
      is_ephemeral: on.kind === 'ephemeral',
      ...thread,
    },
    trigger_id: parts.triggers.issue(person.id),
    channel: { id: channel.id, name: nameOf(channel) },
    // An ephemeral message is not stored, so its payload has no `message`.
    ...(on.kind === 'message'
      ? { message: messageObject(world, on.message, { withMetadata: true, url }) }
      : {}),
    state: { values: messageValues(world, person.id, shown) },
    response_url: `${url}${path}`,
    actions: [given.action],
  };
}

/** The same page, for a view. */
export function viewActionPayload(
  { world, triggers }: PayloadParts,
  person: Person,
  given: { readonly view: OpenView; readonly action: ActionEntry },
): Record<string, unknown> {
  return {
    type: 'block_actions',
    ...common(world, person),
    container: { type: 'view', view_id: given.view.id },
    trigger_id: triggers.issue(person.id, given.view.id),
    view: viewObject(world, given.view),
    actions: [given.action],
  };
}

/** https://docs.slack.dev/reference/interaction-payloads/view-interactions-payload#view_submission. */
export function submissionPayload({ world, triggers }: PayloadParts, person: Person, view: OpenView) {
  return {
    type: 'view_submission',
    ...common(world, person),
    trigger_id: triggers.issue(person.id, view.id),
    view: viewObject(world, view),
    response_urls: [],
  };
}

/** The same page, `view_closed`. `isCleared`: the whole stack went at once. */
export function closedPayload(
  { world }: PayloadParts,
  person: Person,
  { view, isCleared }: { readonly view: OpenView; readonly isCleared: boolean },
) {
  return {
    type: 'view_closed',
    ...common(world, person),
    view: viewObject(world, view),
    is_cleared: isCleared,
  };
}

/** https://docs.slack.dev/reference/interaction-payloads/shortcuts-interaction-payload, message shortcut. */
export function messageShortcutPayload(
  parts: PayloadParts,
  person: Person,
  given: { readonly callbackId: string; readonly channel: Channel; readonly message: Message },
): Record<string, unknown> {
  const { world, url } = parts;
  const { channel, message, callbackId } = given;
  const path = parts.responseUrls.issue({ channelId: channel.id, userId: person.id });
  return {
    type: 'message_action',
    ...common(world, person),
    action_ts: world.nextTs(),
    callback_id: callbackId,
    trigger_id: parts.triggers.issue(person.id),
    response_url: `${url}${path}`,
    message_ts: message.ts,
    channel: { id: channel.id, name: nameOf(channel) },
    message: messageObject(world, message, { withMetadata: true, url }),
  };
}

/** The same page, global shortcut. */
export function globalShortcutPayload({ world, triggers }: PayloadParts, person: Person, callbackId: string) {
  return {
    type: 'shortcut',
    ...common(world, person),
    action_ts: world.nextTs(),
    callback_id: callbackId,
    trigger_id: triggers.issue(person.id),
  };
}

function common({ team, app }: World, person: Person) {
  return {
    user: { id: person.id, username: person.name, name: person.name, team_id: person.teamId },
    api_app_id: app.appId,
    token: 'unused',
    team: { id: team.id, domain: team.domain },
    enterprise: null,
    is_enterprise_install: false,
  };
}

/** Direct conversations have no name of their own; Slack says `directmessage`. */
function nameOf(channel: Channel): string {
  return channel.kind === 'im' ? 'directmessage' : channel.name;
}
