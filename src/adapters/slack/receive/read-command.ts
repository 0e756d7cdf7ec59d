import { type Grammar, understandCommand } from '../../../domain/understand-command.ts';
import { personOf } from '../user-of.ts';
import { deliveryId, type Heard } from './asked.ts';
import { misunderstoodMessage } from './misunderstood-message.ts';
import { SlashCommand } from './payloads.ts';
import { wordsOf } from './typed-text.ts';

/** Reads a slash command's payload. Throws for one that Slack could not have sent. */
export function readCommand(body: unknown, grammar: Grammar): Heard {
  const { command, text, ...payload } = SlashCommand.parse(body);
  const understood = understandCommand(grammar, command, wordsOf(text));
  if (understood.kind === 'misunderstood') return { kind: 'told', message: misunderstoodMessage(understood) };
  const { request, opens } = understood;
  const {
    team_id,
    user_id: user,
    channel_id: channel,
    trigger_id: triggerId,
    response_url: responseUrl,
  } = payload;
  return {
    kind: 'asked',
    asked: {
      id: deliveryId('command', triggerId),
      principal: personOf(team_id, user),
      channel,
      request,
      replyTo: { kind: 'slack', user, channel, responseUrl },
      ...(opens === undefined ? {} : { opens: { title: opens, triggerId } }),
    },
  };
}
