import { fillRequest } from '../../../domain/fill-request.ts';
import { mrkdwn } from '../../../domain/text/mrkdwn.ts';
import type { ButtonStore } from '../../../ports/button-store.ts';
import { FormNote } from '../render/form.ts';
import { personOf } from '../user-of.ts';
import { deliveryId, type Heard } from './asked.ts';
import { ViewSubmission } from './payloads.ts';
import { readFields } from './read-fields.ts';
import { faulty } from './read-press.ts';

/**
 * Reads a modal that was sent. Throws for a payload that Slack could not have sent, and `UnavailableError` when the store cannot
 * say what the form does.
 */
export async function readForm(body: unknown, buttons: Pick<ButtonStore, 'get'>): Promise<Heard> {
  const { user, team, view } = ViewSubmission.parse(body);
  const note = FormNote.safeParse(parseJson(view.private_metadata)).data;
  const does = note && (await buttons.get(note.does));
  if (!note || !does) return unknownForm();
  const filled = fillRequest(does, readFields(view.state?.values));
  if (filled.kind === 'faulty') return faulty(filled.faults);
  const place = note.channel === undefined ? {} : { channel: note.channel };
  return {
    kind: 'asked',
    asked: {
      id: deliveryId('form', view.id, view.hash, user.id),
      principal: personOf(user.team_id ?? team?.id ?? '', user.id),
      ...place,
      request: filled.request,
      // The modal closes as it is sent: the answer goes to where it was asked for.
      replyTo: { kind: 'slack', user: user.id, ...place },
    },
  };
}

function unknownForm(): Heard {
  const text =
    'This form is too old: I no longer know what it was for. Nothing was done. Please open it again.';
  return { kind: 'told', message: { text, blocks: [{ kind: 'section', text: mrkdwn`${text}` }] } };
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
