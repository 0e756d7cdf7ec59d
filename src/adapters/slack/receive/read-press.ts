import type { z } from 'zod';
import { fillRequest } from '../../../domain/fill-request.ts';
import type { Request } from '../../../domain/request.ts';
import { mrkdwn } from '../../../domain/text/mrkdwn.ts';
import type { ButtonStore } from '../../../ports/button-store.ts';
import { PRESS, SEND } from '../render/button.ts';
import { personOf } from '../user-of.ts';
import { type Asked, deliveryId, type Heard } from './asked.ts';
import { BlockActions } from './payloads.ts';
import { readFields } from './read-fields.ts';

/** How a press is understood: what the button does, and whether the answer to that is a form. */
export interface PressParts {
  buttons: Pick<ButtonStore, 'get'>;
  /** The title of the form that answers a request; absent when a message does. */
  formTitle: (request: Request) => string | undefined;
}

/**
 * Reads a press of a button. Links and menus ask for nothing. Throws for a payload that Slack could not have sent, and
 * `UnavailableError` when the store cannot say what the button does.
 */
export async function readPress(body: unknown, { buttons, formTitle }: PressParts): Promise<Heard> {
  const press = BlockActions.parse(body);
  const [action] = press.actions;
  const isSent = action?.action_id.startsWith(SEND) ?? false;
  if (!action?.value || !(isSent || action.action_id.startsWith(PRESS))) return { kind: 'ignored' };
  const does = await buttons.get(action.value);
  if (!does) return unknownButton();
  const filled = isSent
    ? fillRequest(does, readFields(press.state?.values))
    : { kind: 'filled' as const, request: does };
  if (filled.kind === 'faulty') return faulty(filled.faults);
  const { request } = filled;
  // A form that is sent is not answered with itself.
  const title = isSent || press.container.type === 'view' ? undefined : formTitle(request);
  const asked = { ...placeOf(press), request };
  return {
    kind: 'asked',
    asked: title === undefined ? asked : { ...asked, opens: { title, triggerId: press.trigger_id } },
  };
}

/** Where the person who pressed is answered. Throws for a payload that Slack could not have sent. */
export function pressAddress(body: unknown): Asked['replyTo'] {
  return placeOf(BlockActions.parse(body)).replyTo;
}

/** What is wrong with what was filled in, for places that have no line under each field. */
export function faulty(faults: { field: string; wrong: string }[]): Heard {
  const [first] = faults;
  const text = `Not sent: ${first?.wrong ?? 'something is missing'}`;
  return { kind: 'told', faults, message: { text, blocks: [{ kind: 'section', text: mrkdwn`${text}` }] } };
}

function placeOf(press: z.infer<typeof BlockActions>): Omit<Asked, 'request' | 'opens'> {
  const { user, container, response_url: responseUrl, view } = press;
  const [action] = press.actions;
  const channel = press.channel?.id ?? container.channel_id;
  const ts = container.message_ts;
  const team = user.team_id ?? press.team?.id ?? '';
  // A modal that was pressed in takes the answer; an App Home stays what it is.
  const modal =
    container.type === 'view' && view?.type !== 'home' ? view?.external_id || view?.id : undefined;
  return {
    id: deliveryId(
      'press',
      action?.action_ts ?? '',
      action?.action_id ?? '',
      ts ?? container.view_id ?? '',
      user.id,
    ),
    principal: personOf(team, user.id),
    ...(channel === undefined ? {} : { channel }),
    replyTo: {
      kind: 'slack',
      user: user.id,
      ...(channel === undefined ? {} : { channel }),
      ...(responseUrl === undefined ? {} : { responseUrl }),
      ...(modal ? { view: modal } : {}),
      ...(channel !== undefined && ts !== undefined && !container.is_ephemeral
        ? { message: { channel, ts } }
        : {}),
    },
  };
}

function unknownButton(): Heard {
  const text =
    'This button is too old: I no longer know what it did. Nothing was done. Ask for the present state with /release status.';
  return { kind: 'told', message: { text, blocks: [{ kind: 'section', text: mrkdwn`${text}` }] } };
}
