import { z } from 'zod';
import { EMOJI } from '../../emoji.ts';
import { reactionObject } from '../../objects/message-object.ts';
import { addReaction, removeReaction } from '../../state/messages.ts';
import type { World } from '../../state/world.ts';
import { ok, refuse } from '../answer.ts';
import { defineMethod } from '../method.ts';
import { joinedChannel, messageIn } from '../visible-channel.ts';

const where = { channel: z.string().optional(), timestamp: z.string().optional() };

/** https://docs.slack.dev/reference/methods/reactions.add. */
export const reactionsAdd = defineMethod({
  name: 'reactions.add',
  tier: 3,
  scopes: ['reactions:write'],
  args: z.looseObject({ ...where, name: z.string() }),
  run: (given, { world }) => {
    const target = reactedMessage(world, given);
    if (target.kind === 'refused') return target;
    if (target.isArchived) return refuse('is_archived');
    const name = emojiName(given.name);
    if (name === undefined) return refuse('invalid_name');
    const isNew = addReaction(world, target.message, { userId: world.app.botUserId, name });
    return isNew ? ok() : refuse('already_reacted');
  },
});

/** https://docs.slack.dev/reference/methods/reactions.remove. */
export const reactionsRemove = defineMethod({
  name: 'reactions.remove',
  tier: 2,
  scopes: ['reactions:write'],
  args: z.looseObject({ ...where, name: z.string() }),
  run: (given, { world }) => {
    const target = reactedMessage(world, given);
    if (target.kind === 'refused') return target;
    const name = emojiName(given.name);
    if (name === undefined) return refuse('invalid_name');
    const wasThere = removeReaction(world, target.message, { userId: world.app.botUserId, name });
    return wasThere ? ok() : refuse('no_reaction');
  },
});

/** https://docs.slack.dev/reference/methods/reactions.get. */
export const reactionsGet = defineMethod({
  name: 'reactions.get',
  tier: 3,
  scopes: ['reactions:read'],
  args: z.looseObject(where),
  run: (given, { world }) => {
    const target = reactedMessage(world, given);
    if (target.kind === 'refused') return target;
    const { message } = target;
    const reactions = message.reactions.map(reactionObject);
    const object = { type: 'message', user: message.userId, text: message.text, ts: message.ts, reactions };
    return ok({ type: 'message', channel: message.channelId, message: object });
  },
});

/** The name without colons and with its skin tone left aside; undefined for names no emoji has. */
export function emojiName(given: string): string | undefined {
  const name = given.replace(/^:|:$/g, '').replace(/::skin-tone-[2-6]$/, '');
  return Object.hasOwn(EMOJI, name) ? name : undefined;
}

function reactedMessage(
  world: World,
  given: { channel?: string | undefined; timestamp?: string | undefined },
) {
  if (given.channel === undefined || given.timestamp === undefined) return refuse('no_item_specified');
  if (!/^\d{10}\.\d{6}$/.test(given.timestamp)) return refuse('bad_timestamp');
  const found = joinedChannel(world, given.channel);
  if (found.kind === 'refused') return found;
  const target = messageIn(found.channel, given.timestamp);
  return target.kind === 'refused' ? target : { ...target, isArchived: found.channel.isArchived };
}
