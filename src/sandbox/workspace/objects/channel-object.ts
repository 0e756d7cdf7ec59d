import type { Channel } from '../state/model.ts';
import type { World } from '../state/world.ts';

/** A conversation as Slack writes it: https://docs.slack.dev/reference/objects/conversation-object. */
export function channelObject(world: World, channel: Channel): Record<string, unknown> {
  const common = {
    id: channel.id,
    created: channel.createdSeconds,
    is_archived: channel.isArchived,
    is_channel: channel.kind === 'public',
    is_group: channel.kind === 'private',
    is_im: channel.kind === 'im',
    is_mpim: false,
    is_private: channel.kind !== 'public',
    is_org_shared: false,
  };
  if (channel.kind === 'im') {
    const other = [...channel.members].find((id) => id !== world.app.botUserId);
    return { ...common, user: other ?? world.app.botUserId };
  }
  const isShared = [...channel.members].some((id) => world.people.get(id)?.kind === 'external');
  return {
    ...common,
    name: channel.name,
    name_normalized: channel.name,
    creator: channel.creatorId,
    is_general: channel.isGeneral,
    is_member: channel.members.has(world.app.botUserId),
    is_shared: isShared,
    is_ext_shared: isShared,
    topic: { value: channel.topic, creator: '', last_set: 0 },
    purpose: { value: channel.purpose, creator: '', last_set: 0 },
    num_members: channel.members.size,
  };
}
