import type { MrkdwnElement, PlainTextElement } from '@slack/types';
import type { Mrkdwn } from '../../../domain/text/mrkdwn.ts';
import { cutMrkdwn } from './cut.ts';

/** Text that Slack shows as it is, except that `:name:` becomes an emoji where Slack does so. */
export function plain(text: string): PlainTextElement {
  return { type: 'plain_text', text };
}

/** Mrkdwn of at most `max` characters; `verbatim`: nothing we did not mark up becomes a link or a mention. */
export function marked({ mrkdwn }: Mrkdwn, max: number): MrkdwnElement {
  return { type: 'mrkdwn', text: cutMrkdwn(mrkdwn, max), verbatim: true };
}

/** Whether there is something to show: Slack refuses texts without a visible character. */
export function isEmpty({ mrkdwn }: Mrkdwn): boolean {
  return mrkdwn.trim() === '';
}
