import type { KnownBlock } from '@slack/types';
import type { Request } from '../../../domain/request.ts';
import { escapeText } from '../../../domain/text/mrkdwn.ts';
import type { Block, Button, Message } from '../../../ports/message.ts';
import { renderBlocks } from './blocks.ts';
import type { IdOf } from './button.ts';
import { cutMrkdwn } from './cut.ts';
import { fitInto } from './fit-into.ts';
import { MAX_NOTIFICATION, MESSAGE_ROOM } from './limits.ts';

/** A message as `chat.postMessage`, `chat.update`, `chat.postEphemeral` and a `response_url` take it. */
export interface RenderedMessage {
  /** The lock-screen line. Slack reads it as mrkdwn, so it is escaped: nobody is mentioned by it. */
  text: string;
  blocks: KnownBlock[];
}

/** Draws a message inside every limit of Slack's. Pure: `idOf` answers from ids that were made before. */
export function renderMessage(message: Message, idOf: IdOf): RenderedMessage {
  return {
    text: notificationLine(message.text),
    blocks: fitInto(renderBlocks(message.blocks, idOf), MESSAGE_ROOM),
  };
}

/** A message's text as Slack takes it beside blocks; never empty, Slack refuses that as `no_text`. */
export function notificationLine(text: string): string {
  return cutMrkdwn(escapeText(text).trim() || 'Signalbox', MAX_NOTIFICATION);
}

/** What a message's buttons do, in reading order. */
export function requestsOf(blocks: readonly Block[]): Request[] {
  return blocks.flatMap(buttonsOf).flatMap((button) => ('does' in button ? [button.does] : []));
}

function buttonsOf(block: Block): Button[] {
  if (block.kind === 'buttons') return block.buttons;
  return block.kind === 'section' && block.button ? [block.button] : [];
}
