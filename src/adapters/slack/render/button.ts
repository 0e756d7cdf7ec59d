import type { Button as SlackButton } from '@slack/types';
import type { Request } from '../../../domain/request.ts';
import type { Button, Confirm } from '../../../ports/message.ts';
import { cutPlain } from './cut.ts';
import { MAX_CONFIRM_BUTTON, MAX_CONFIRM_TEXT, MAX_CONFIRM_TITLE, MAX_LABEL, MAX_URL } from './limits.ts';
import { plain } from './text-object.ts';

/** The opaque id under which the button store keeps a request. */
export type IdOf = (request: Request) => string;

/** What an `action_id` begins with: a press that carries a request, a link that only opens, a card that is sent. */
export const PRESS = 'press.';
export const OPEN = 'open.';
export const SEND = 'send.';

/** A button at a fixed place of its message; none when it is a link too long for Slack to take. */
export function renderButton(button: Button, place: { position: string; idOf: IdOf }): SlackButton[] {
  const text = plain(cutPlain(button.label || '…', MAX_LABEL));
  if ('url' in button) {
    if (button.url.length > MAX_URL) return [];
    return [{ type: 'button', action_id: `${OPEN}${place.position}`, text, url: button.url }];
  }
  return [
    {
      type: 'button',
      action_id: `${PRESS}${place.position}`,
      text,
      value: place.idOf(button.does),
      ...(button.style ? { style: button.style } : {}),
      ...(button.confirm ? { confirm: renderConfirm(button.confirm, button.style) } : {}),
    },
  ];
}

function renderConfirm(confirm: Confirm, style: 'primary' | 'danger' | undefined) {
  return {
    title: plain(cutPlain(confirm.title || 'Sure?', MAX_CONFIRM_TITLE)),
    text: plain(cutPlain(confirm.text || confirm.title || 'Sure?', MAX_CONFIRM_TEXT)),
    confirm: plain(cutPlain(confirm.yes || 'Yes', MAX_CONFIRM_BUTTON)),
    deny: plain(cutPlain(confirm.no || 'No', MAX_CONFIRM_BUTTON)),
    ...(style ? { style } : {}),
  };
}
