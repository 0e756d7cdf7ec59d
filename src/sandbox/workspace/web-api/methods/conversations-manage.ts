import { z } from 'zod';
import { channelObject } from '../../objects/channel-object.ts';
import {
  archiveChannel,
  createChannel,
  directChannel,
  findChannel,
  joinChannel,
} from '../../state/channels.ts';
import { postMessage } from '../../state/messages.ts';
import type { Channel, Person } from '../../state/model.ts';
import type { World } from '../../state/world.ts';
import { ok, type Refused, refuse } from '../answer.ts';
import { channelArgument, commaList, defineMethod, flag, scopesByKind } from '../method.ts';
import { joinedChannel, openChannel, visibleChannel } from '../visible-channel.ts';

/** https://docs.slack.dev/reference/methods/conversations.create. */
export const conversationsCreate = defineMethod({
  name: 'conversations.create',
  tier: 2,
  scopes: ({ is_private }) =>
    flag.safeParse(is_private).data === true ? ['groups:write'] : ['channels:manage'],
  args: z.looseObject({ name: z.string(), is_private: flag.optional() }),
  run: ({ name, is_private: isPrivate = false }, { world }) => {
    const fault = nameFault(name);
    if (fault !== undefined) return refuse(fault);
    if (findChannel(world, name) !== undefined) return refuse('name_taken');
    const channel = createChannel(world, { name, isPrivate, creatorId: world.app.botUserId });
    return ok({ channel: channelObject(world, channel) });
  },
});

/** Names of the refusals: the same page. At most 80 characters, lower case, digits, dash, underscore. */
function nameFault(name: string): string | undefined {
  if (name === '') return 'invalid_name_required';
  if (name.length > 80) return 'invalid_name_maxlength';
  if (/^[-_]+$/.test(name)) return 'invalid_name_punctuation';
  return /^[\p{Ll}\p{Lo}\p{N}_-]+$/u.test(name) ? undefined : 'invalid_name_specials';
}

/** "Up to 100 users may be listed": https://docs.slack.dev/reference/methods/conversations.invite. */
const MAX_INVITED = 100;

/** The same page. With one bad name nobody is invited, unless `force` "continues inviting the valid ones". */
export const conversationsInvite = defineMethod({
  name: 'conversations.invite',
  tier: 3,
  scopes: scopesByKind({
    public: ['channels:manage', 'channels:write.invites'],
    private: ['groups:write', 'groups:write.invites'],
    im: ['im:write'],
  }),
  args: z.looseObject({ ...channelArgument, users: commaList, force: flag.default(false) }),
  run: ({ channel: id, users, force }, { world }) => {
    const found = openChannel(world, id);
    if (found.kind === 'refused') return found;
    const { channel } = found;
    if (channel.kind === 'im') return refuse('method_not_supported_for_channel_type');
    if (users.length === 0) return refuse('no_user');
    if (users.length > MAX_INVITED) return refuse('invalid_arguments');
    const judged = users.map((userId) => ({ userId, refusal: judgeInvitation(world, channel, userId) }));
    const welcome = judged.flatMap(({ userId, refusal }) => (refusal === undefined ? [userId] : []));
    const refusal = judged.find((entry) => entry.refusal !== undefined)?.refusal;
    if (refusal !== undefined && (!force || welcome.length === 0)) return refusal;
    for (const userId of welcome) joinChannel(world, channel, { userId, inviterId: world.app.botUserId });
    return ok({ channel: channelObject(world, channel) });
  },
});

function judgeInvitation(world: World, channel: Channel, userId: string): Refused | undefined {
  const person = world.people.get(userId);
  if (person === undefined || person.kind === 'deactivated') return refuse('user_not_found');
  if (userId === world.app.botUserId) return refuse('cant_invite_self');
  if (channel.members.has(userId)) return refuse('already_in_channel');
  if (person.kind === 'external') return refuse('no_external_invite_permission');
  return isFullGuest(world, person) ? refuse('ura_max_channels') : undefined;
}

function isFullGuest(world: World, person: Person): boolean {
  const isInOne = [...world.channels.values()].some(
    ({ kind, members }) => kind !== 'im' && members.has(person.id),
  );
  return person.kind === 'single_channel_guest' && isInOne;
}

/** https://docs.slack.dev/reference/methods/conversations.join. Only public channels can be joined unasked. */
export const conversationsJoin = defineMethod({
  name: 'conversations.join',
  tier: 3,
  scopes: ['channels:join'],
  args: z.looseObject(channelArgument),
  run: ({ channel: id }, { world }) => {
    const found = visibleChannel(world, id);
    if (found.kind === 'refused') return found;
    const { channel } = found;
    if (channel.kind !== 'public') return refuse('method_not_supported_for_channel_type');
    if (channel.isArchived) return refuse('is_archived');
    if (!channel.members.has(world.app.botUserId))
      joinChannel(world, channel, { userId: world.app.botUserId });
    return ok({ channel: channelObject(world, channel) });
  },
});

/** https://docs.slack.dev/reference/methods/conversations.archive. */
export const conversationsArchive = defineMethod({
  name: 'conversations.archive',
  tier: 2,
  scopes: scopesByKind({ public: ['channels:manage'], private: ['groups:write'], im: ['im:write'] }),
  args: z.looseObject(channelArgument),
  run: ({ channel: id }, { world }) => {
    const found = joinedChannel(world, id);
    if (found.kind === 'refused') return found;
    const { channel } = found;
    if (channel.kind === 'im') return refuse('method_not_supported_for_channel_type');
    if (channel.isGeneral) return refuse('cant_archive_general');
    if (channel.isArchived) return refuse('already_archived');
    archiveChannel(world, channel, world.app.botUserId);
    return ok();
  },
});

/** "Topic was longer than 250 characters": https://docs.slack.dev/reference/methods/conversations.setTopic. */
const MAX_TOPIC = 250;

const describingScopes = scopesByKind({
  public: ['channels:manage', 'channels:write.topic'],
  private: ['groups:write', 'groups:write.topic'],
  im: ['im:write', 'im:write.topic'],
});

/** https://docs.slack.dev/reference/methods/conversations.setTopic. */
export const conversationsSetTopic = defineMethod({
  name: 'conversations.setTopic',
  tier: 2,
  scopes: describingScopes,
  args: z.looseObject({ ...channelArgument, topic: z.string() }),
  run: ({ channel, topic }, { world }) => describe(world, channel, { field: 'topic', words: topic }),
});

/** https://docs.slack.dev/reference/methods/conversations.setPurpose. */
export const conversationsSetPurpose = defineMethod({
  name: 'conversations.setPurpose',
  tier: 2,
  scopes: describingScopes,
  args: z.looseObject({ ...channelArgument, purpose: z.string() }),
  run: ({ channel, purpose }, { world }) => describe(world, channel, { field: 'purpose', words: purpose }),
});

function describe(world: World, id: string, wanted: { field: 'topic' | 'purpose'; words: string }) {
  const found = openChannel(world, id);
  if (found.kind === 'refused') return found;
  if (wanted.words.length > MAX_TOPIC) return refuse('too_long');
  found.channel[wanted.field] = wanted.words;
  postMessage(world, found.channel, {
    userId: world.app.botUserId,
    text: `<@${world.app.botUserId}> set the channel ${wanted.field}: ${wanted.words}`,
    blocks: [],
    subtype: wanted.field === 'topic' ? 'channel_topic' : 'channel_purpose',
  });
  return ok({ channel: channelObject(world, found.channel), [wanted.field]: wanted.words });
}

/** https://docs.slack.dev/reference/methods/conversations.open, for one other person: this workspace has no group conversations. */
export const conversationsOpen = defineMethod({
  name: 'conversations.open',
  tier: 3,
  scopes: ['im:write'],
  args: z.looseObject({ users: commaList.optional(), return_im: flag.optional() }),
  run: ({ users = [], return_im: isFull = false }, { world }) => {
    const [userId] = users;
    if (userId === undefined) return refuse('users_list_not_supplied');
    if (users.length > 1) return refuse('too_many_users');
    const person = world.people.get(userId);
    if (person === undefined || userId === world.app.botUserId) return refuse('user_not_found');
    if (person.kind === 'deactivated') return refuse('user_disabled');
    const channel = directChannel(world, [world.app.botUserId, userId]);
    return ok({ channel: isFull ? channelObject(world, channel) : { id: channel.id } });
  },
});
