import { setTimeout as wait } from 'node:timers/promises';
import { messageObject } from '../objects/message-object.ts';
import { viewObject } from '../objects/view-object.ts';
import type { WorkspaceParts } from '../parts.ts';
import type { Happening } from '../state/happening.ts';
import { namesUser } from '../state/mentions.ts';
import type { Channel, Message } from '../state/model.ts';
import type { World } from '../state/world.ts';
import type { Timing } from '../timing.ts';
import type { AppAnswer } from './payload.ts';

/** An event, and the subscription it needs: https://docs.slack.dev/reference/events. */
interface Event {
  readonly subscription: string;
  readonly event: Readonly<Record<string, unknown>>;
}

type EventParts = Pick<WorkspaceParts, 'world' | 'manifest' | 'link' | 'url'>;

/**
 * Tells the app of what takes place, as far as it subscribed and its bot may see it, from now until the answer is
 * called. Each event is delivered until acknowledged, four times at most.
 */
export function startEvents(parts: EventParts, timing: Timing): () => void {
  const subscribed = new Set(parts.manifest.settings.event_subscriptions.bot_events);
  const stop = new AbortController();
  const stopListening = parts.world.listen((happening) => {
    for (const { subscription, event } of eventsOf(parts, happening)) {
      if (subscribed.has(subscription)) void deliver(parts, event, { timing, signal: stop.signal });
    }
  });
  return () => {
    stopListening();
    stop.abort();
  };
}

async function deliver(
  { world, link }: EventParts,
  event: Event['event'],
  { timing, signal }: { timing: Timing; signal: AbortSignal },
): Promise<void> {
  const payload = envelope(world, event);
  let answer = await link.deliver({ family: 'events_api', payload });
  for (const [index, delayMs] of timing.eventRetryDelaysMs.entries()) {
    const reason = retryReason(answer);
    if (reason === undefined || signal.aborted) return;
    const isWaited = await wait(delayMs, true, { signal, ref: false }).catch(() => false);
    if (!isWaited) return;
    answer = await link.deliver({ family: 'events_api', payload, retry: { num: index + 1, reason } });
  }
}

/** Slack's names for why it tries again, or undefined when it does not: https://docs.slack.dev/apis/events-api#retries. */
function retryReason(answer: AppAnswer): string | undefined {
  switch (answer.kind) {
    case 'acknowledged':
      return undefined;
    case 'timed_out':
      return 'http_timeout';
    case 'unreachable':
      return 'connection_failed';
    case 'refused':
      return answer.forbidsRetry ? undefined : 'http_error';
  }
}

/** https://docs.slack.dev/apis/events-api#callback-field. */
function envelope({ team, app, nextId, now }: World, event: Event['event']): Record<string, unknown> {
  return {
    token: 'unused',
    team_id: team.id,
    api_app_id: app.appId,
    event,
    type: 'event_callback',
    event_id: nextId('Ev'),
    event_time: Math.floor(now() / 1000),
    authorizations: [
      {
        enterprise_id: null,
        team_id: team.id,
        user_id: app.botUserId,
        is_bot: true,
        is_enterprise_install: false,
      },
    ],
    is_ext_shared_channel: false,
    event_context: `4-${nextId('Ec')}`,
  };
}

function eventsOf(parts: EventParts, happening: Happening): Event[] {
  const { world } = parts;
  if (happening.kind === 'screen_changed') return [];
  if (happening.kind === 'home_opened') return [homeOpened(world, happening)];
  const { channel } = happening;
  // An app hears of a conversation only while its bot is in it, save for new channels.
  const hears = channel.members.has(world.app.botUserId) || happening.kind === 'channel_created';
  if (!hears) return [];
  const eventTs = world.nextTs();
  switch (happening.kind) {
    case 'message_posted':
      return messagePosted(parts, channel, happening.message);
    case 'message_changed':
      return [changed(parts, happening, eventTs)];
    case 'message_deleted':
      return [deleted(parts, happening, eventTs)];
    case 'reaction_added':
    case 'reaction_removed': {
      const { kind: type, userId: user, name: reaction, message } = happening;
      const item = { type: 'message', channel: channel.id, ts: message.ts };
      const event = { type, user, reaction, item, item_user: message.userId, event_ts: eventTs };
      return [{ subscription: type, event }];
    }
    case 'member_joined':
    case 'member_left':
      return [membership(world, happening, eventTs)];
    case 'channel_created': {
      const { id, name, createdSeconds: created, creatorId: creator } = channel;
      const event = { type: 'channel_created', channel: { id, name, created, creator }, event_ts: eventTs };
      return channel.kind === 'public' ? [{ subscription: 'channel_created', event }] : [];
    }
    case 'channel_archived': {
      const type = channel.kind === 'private' ? 'group_archive' : 'channel_archive';
      const event = { type, channel: channel.id, user: happening.userId, event_ts: eventTs };
      return [{ subscription: type, event }];
    }
  }
}

const CHANNEL_TYPE = { public: 'channel', private: 'group', im: 'im' } as const;

function subscriptionFor(channel: Channel): string {
  return { public: 'message.channels', private: 'message.groups', im: 'message.im' }[channel.kind];
}

function messagePosted(parts: EventParts, channel: Channel, message: Message): Event[] {
  const { world, url } = parts;
  const where = { channel: channel.id, event_ts: message.ts, channel_type: CHANNEL_TYPE[channel.kind] };
  const object = messageObject(world, message, { withMetadata: true, url });
  const posted = { subscription: subscriptionFor(channel), event: { ...object, ...where } };
  const isMention =
    !message.isByApp &&
    message.subtype === undefined &&
    channel.kind !== 'im' &&
    namesUser(message, world.app.botUserId);
  const mention = { ...object, type: 'app_mention', channel: channel.id, event_ts: message.ts };
  return isMention ? [posted, { subscription: 'app_mention', event: mention }] : [posted];
}

/** https://docs.slack.dev/reference/events/message/message_changed. */
function changed(
  { world, url }: EventParts,
  { channel, message, previous }: Extract<Happening, { kind: 'message_changed' }>,
  eventTs: string,
): Event {
  const options = { withMetadata: true, url };
  const event = {
    type: 'message',
    subtype: 'message_changed',
    hidden: true,
    message: messageObject(world, message, options),
    previous_message: messageObject(world, previous, options),
    channel: channel.id,
    channel_type: CHANNEL_TYPE[channel.kind],
    ts: eventTs,
    event_ts: eventTs,
  };
  return { subscription: subscriptionFor(channel), event };
}

/** https://docs.slack.dev/reference/events/message/message_deleted. */
function deleted(
  { world, url }: EventParts,
  { channel, previous }: Extract<Happening, { kind: 'message_deleted' }>,
  eventTs: string,
): Event {
  const event = {
    type: 'message',
    subtype: 'message_deleted',
    hidden: true,
    deleted_ts: previous.ts,
    previous_message: messageObject(world, previous, { withMetadata: true, url }),
    channel: channel.id,
    channel_type: CHANNEL_TYPE[channel.kind],
    ts: eventTs,
    event_ts: eventTs,
  };
  return { subscription: subscriptionFor(channel), event };
}

/** https://docs.slack.dev/reference/events/member_joined_channel. */
function membership(
  world: World,
  happening: Extract<Happening, { kind: 'member_joined' | 'member_left' }>,
  eventTs: string,
): Event {
  const { channel, userId } = happening;
  const type = happening.kind === 'member_joined' ? 'member_joined_channel' : 'member_left_channel';
  const inviter =
    happening.kind === 'member_joined' && happening.inviterId !== undefined
      ? { inviter: happening.inviterId }
      : {};
  const event = {
    type,
    user: userId,
    channel: channel.id,
    channel_type: channel.kind === 'private' ? 'G' : 'C',
    team: world.people.get(userId)?.teamId ?? world.team.id,
    ...inviter,
    event_ts: eventTs,
  };
  return { subscription: type, event };
}

/** https://docs.slack.dev/reference/events/app_home_opened. `view` is there once a home tab was published. */
function homeOpened(world: World, happening: Extract<Happening, { kind: 'home_opened' }>): Event {
  const { userId, tab } = happening;
  const view = world.homes.get(userId);
  const direct = [...world.channels.values()].find(
    ({ kind, members }) => kind === 'im' && members.has(userId) && members.has(world.app.botUserId),
  );
  const event = {
    type: 'app_home_opened',
    user: userId,
    channel: direct?.id ?? '',
    tab,
    ...(view === undefined || tab === 'messages' ? {} : { view: viewObject(world, view) }),
    event_ts: world.nextTs(),
  };
  return { subscription: 'app_home_opened', event };
}
