import type { Freeze } from '../domain/environment/freeze.ts';
import { code, type Mrkdwn, mrkdwn, when } from '../domain/text/mrkdwn.ts';
import type { Answer, Message } from '../ports/message.ts';
import { list, shorten } from './words.ts';

interface Shown {
  environment: string;
  freeze: Freeze;
}

/** The one message of a freeze in its environment's channel. */
export function freezeMessage({
  environment,
  freeze,
  nameOf,
}: Shown & { nameOf(id: string): string }): Message {
  const { id, lifted, by, reason } = freeze;
  const state = lifted ? mrkdwn`*Lifted* (${id})` : mrkdwn`*Frozen* (${id})`;
  const end = lifted
    ? mrkdwn`lifted by ${nameOf(lifted.by)} ${when(lifted.at)}`
    : mrkdwn`Nothing begins ${untilWords(freeze)}; what is under way finishes its wave, and rollbacks go on.`;
  const what = freeze.services.length > 0 ? list(freeze.services) : 'everything';
  return {
    text: shorten(`${environment} ${lifted ? 'is open again' : 'is FROZEN'}: ${reason}`, 150),
    blocks: [
      {
        kind: 'section',
        text: mrkdwn`${state}   ${what} in *${environment}*\nby ${nameOf(by)}: ${reason}\n${end}`,
      },
    ],
  };
}

export function frozenAnswer({ environment, freeze, prefix }: Shown & { prefix: string }): Answer {
  const text = `${environment} is frozen (${freeze.id})`;
  const lift = mrkdwn`${text}. ${code(`/${prefix}release unfreeze ${environment} ${freeze.id}`)} lifts it.`;
  return { kind: 'message', message: { text, blocks: [{ kind: 'section', text: lift }] } };
}

export function thawedAnswer({ environment, freeze }: Shown): Answer {
  const text = `${freeze.id} of ${environment} is lifted.`;
  return { kind: 'message', message: { text, blocks: [{ kind: 'section', text: mrkdwn`${text}` }] } };
}

function untilWords({ until }: Freeze): Mrkdwn {
  return until === undefined ? mrkdwn`until somebody lifts it` : mrkdwn`until ${when(until, 'date')}`;
}
