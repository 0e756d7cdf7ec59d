import { z } from 'zod';
import { channelObject } from '../../objects/channel-object.ts';
import { messageObject } from '../../objects/message-object.ts';
import { topMessages } from '../../state/messages.ts';
import type { Channel, Message } from '../../state/model.ts';
import type { World } from '../../state/world.ts';
import { type MethodAnswer, ok, refuse } from '../answer.ts';
import {
  channelArgument,
  commaList,
  defineMethod,
  flag,
  type Method,
  type MethodParts,
  scopesByKind,
  whole,
} from '../method.ts';
import { pageOf } from '../pages.ts';
import { joinedChannel, visibleChannel } from '../visible-channel.ts';

const reading = scopesByKind({ public: ['channels:read'], private: ['groups:read'], im: ['im:read'] });

/** https://docs.slack.dev/reference/methods/conversations.info. */
export const conversationsInfo = defineMethod({
  name: 'conversations.info',
  tier: 3,
  scopes: reading,
  args: z.looseObject(channelArgument),
  run: ({ channel }, { world }) => {
    const found = visibleChannel(world, channel);
    return found.kind === 'refused' ? found : ok({ channel: channelObject(world, found.channel) });
  },
});

/** https://docs.slack.dev/reference/methods/conversations.members. */
export const conversationsMembers = defineMethod({
  name: 'conversations.members',
  tier: 4,
  scopes: reading,
  args: z.looseObject({
    ...channelArgument,
    cursor: z.string().optional(),
    limit: whole.min(1).max(999).default(100),
  }),
  run: ({ channel, ...page }, { world }) => {
    const found = visibleChannel(world, channel);
    if (found.kind === 'refused') return found;
    const cut = pageOf([...found.channel.members], page);
    return cut.kind === 'refused' ? cut : ok({ members: cut.items, ...next(cut.nextCursor) });
  },
});

const listArguments = z.looseObject({
  types: commaList.default(['public_channel']),
  exclude_archived: flag.default(false),
  cursor: z.string().optional(),
  limit: whole.min(1).max(1000).default(100),
});

/** Conversation types and the scope each asks for: https://docs.slack.dev/reference/methods/conversations.list. */
const SCOPE_OF_TYPE: Readonly<Record<string, string>> = {
  public_channel: 'channels:read',
  private_channel: 'groups:read',
  im: 'im:read',
  mpim: 'mpim:read',
};

const scopesOfTypes: Method['scopes'] = ({ types }, { scopes }) => {
  const asked = commaList.safeParse(types ?? 'public_channel').data ?? [];
  const needed = asked.flatMap((type) => SCOPE_OF_TYPE[type] ?? []);
  // Every type asked for needs its own scope; the first one missing is named.
  const missing = needed.find((scope) => !scopes.has(scope));
  return missing === undefined ? [] : [missing];
};

/** https://docs.slack.dev/reference/methods/conversations.list. */
export const conversationsList = defineMethod({
  name: 'conversations.list',
  tier: 2,
  scopes: scopesOfTypes,
  args: listArguments,
  run: (given, { world }) => {
    const isMine = ({ kind, members }: Channel) => kind === 'public' || members.has(world.app.botUserId);
    return listed(world, given, [...world.channels.values()].filter(isMine));
  },
});

/** https://docs.slack.dev/reference/methods/users.conversations. Without `user`: the bot's own. */
export const usersConversations = defineMethod({
  name: 'users.conversations',
  tier: 3,
  scopes: scopesOfTypes,
  args: z.looseObject({ ...listArguments.shape, user: z.string().optional() }),
  run: ({ user, ...given }, { world }) => {
    const { botUserId } = world.app;
    const mine = [...world.channels.values()].filter(
      ({ kind, members }) => members.has(user ?? botUserId) && (kind === 'public' || members.has(botUserId)),
    );
    return listed(world, given, mine);
  },
});

function listed(
  world: World,
  given: z.output<typeof listArguments>,
  channels: readonly Channel[],
): MethodAnswer {
  if (given.types.some((type) => SCOPE_OF_TYPE[type] === undefined)) return refuse('invalid_types');
  const typeOf = { public: 'public_channel', private: 'private_channel', im: 'im' } as const;
  const wanted = channels.filter(
    ({ kind, isArchived }) => given.types.includes(typeOf[kind]) && !(given.exclude_archived && isArchived),
  );
  const cut = pageOf(wanted, given);
  if (cut.kind === 'refused') return cut;
  return ok({ channels: cut.items.map((channel) => channelObject(world, channel)), ...next(cut.nextCursor) });
}

const timeArguments = {
  oldest: z.string().optional(),
  latest: z.string().optional(),
  inclusive: flag.default(false),
  include_all_metadata: flag.default(false),
  cursor: z.string().optional(),
  limit: whole.min(1).max(999).default(100),
};

/**
 * Metadata is read with `metadata.message:read`
 * (https://docs.slack.dev/reference/scopes/metadata.message.read); what Slack does without is not documented, so it is refused here.
 */
const historyScopes: Method['scopes'] = (args, parts) => {
  const wantsMetadata = flag.safeParse(args['include_all_metadata']).data === true;
  if (wantsMetadata && !parts.scopes.has('metadata.message:read')) return ['metadata.message:read'];
  return scopesByKind({ public: ['channels:history'], private: ['groups:history'], im: ['im:history'] })(
    args,
    parts,
  );
};

/** https://docs.slack.dev/reference/methods/conversations.history. Newest first; replies and ephemeral messages are not in it. */
export const conversationsHistory = defineMethod({
  name: 'conversations.history',
  tier: 3,
  scopes: historyScopes,
  args: z.looseObject({ ...channelArgument, ...timeArguments }),
  run: (given, parts) => {
    const found = joinedChannel(parts.world, given.channel);
    if (found.kind === 'refused') return found;
    return history(parts, given, topMessages(found.channel).toReversed());
  },
});

/** https://docs.slack.dev/reference/methods/conversations.replies. The parent first, then its replies, oldest first. */
export const conversationsReplies = defineMethod({
  name: 'conversations.replies',
  tier: 3,
  scopes: historyScopes,
  args: z.looseObject({ ...channelArgument, ...timeArguments, ts: z.string().min(1) }),
  run: (given, parts) => {
    const found = joinedChannel(parts.world, given.channel);
    if (found.kind === 'refused') return found;
    const { messages } = found.channel;
    const named = messages.find(({ ts }) => ts === given.ts);
    if (named === undefined) return refuse('thread_not_found');
    const parentTs = named.threadTs ?? named.ts;
    const thread = messages.filter(({ ts, threadTs }) => ts === parentTs || threadTs === parentTs);
    return history(parts, given, thread);
  },
});

type TimeArguments = z.output<z.ZodObject<typeof timeArguments>>;

function history(
  { world, url }: MethodParts,
  given: TimeArguments,
  messages: readonly Message[],
): MethodAnswer {
  const oldest = Number(given.oldest ?? 0);
  const latest = Number(given.latest ?? Number.POSITIVE_INFINITY);
  if (Number.isNaN(oldest)) return refuse('invalid_ts_oldest');
  if (Number.isNaN(latest)) return refuse('invalid_ts_latest');
  const wanted = messages.filter(({ ts }) => {
    const at = Number(ts);
    return given.inclusive ? at >= oldest && at <= latest : at > oldest && at < latest;
  });
  const cut = pageOf(wanted, given);
  if (cut.kind === 'refused') return cut;
  const options = { withMetadata: given.include_all_metadata, url };
  return ok({
    messages: cut.items.map((message) => messageObject(world, message, options)),
    has_more: cut.nextCursor !== '',
    ...next(cut.nextCursor),
  });
}

function next(cursor: string) {
  return { response_metadata: { next_cursor: cursor } };
}
