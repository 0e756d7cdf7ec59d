import type { HomeView, KnownBlock, ModalView } from '@slack/types';
import { z } from 'zod';
import type { Form, Message } from '../../../ports/message.ts';
import { renderBlocks } from './blocks.ts';
import { type IdOf, SEND } from './button.ts';
import { cutPlain } from './cut.ts';
import { fitInto } from './fit-into.ts';
import { renderInput } from './inputs.ts';
import { MAX_LABEL, MAX_MODAL_WORD, MESSAGE_ROOM, VIEW_ROOM } from './limits.ts';
import { notificationLine, type RenderedMessage } from './message.ts';
import { plain } from './text-object.ts';

/** The one `callback_id` of our modals: what a modal does stands in the button store, not in its name. */
export const FORM_CALLBACK = 'form';

/** What a modal carries through Slack in `private_metadata`: the id of its request and where it was asked for. */
export const FormNote = z.strictObject({ does: z.string(), channel: z.string().optional() });
export type FormNote = z.infer<typeof FormNote>;

/** How a modal is known: Slack's own id is not there yet when we first speak of it. */
export interface ModalPlace {
  /** Our name for the view. */
  externalId?: string;
  /** The channel it was asked for in; the answer to what is sent goes there. */
  channel?: string;
}

/** A form as a modal. Its fields are left out when it has nothing to send: Slack takes none without a submit button. */
export function renderModal(form: Form, place: ModalPlace & { idOf: IdOf }): ModalView {
  const { submit } = form;
  const blocks = [
    ...renderBlocks(form.message.blocks, place.idOf),
    ...(submit ? form.inputs.flatMap(renderInput) : []),
  ];
  const modal = emptyModal(form.title, { place, close: submit ? 'Cancel' : 'Close' });
  if (!submit) return { ...modal, blocks: fitInto(blocks, VIEW_ROOM) };
  const note: FormNote = {
    does: place.idOf(submit.does),
    ...(place.channel ? { channel: place.channel } : {}),
  };
  return {
    ...modal,
    blocks: fitInto(blocks, VIEW_ROOM),
    submit: plain(cutPlain(submit.label || 'Send', MAX_MODAL_WORD)),
    private_metadata: JSON.stringify(note),
  };
}

/** A message as a modal that has nothing to send: an answer in the place where a form was expected. */
export function renderMessageModal(message: Message, place: ModalPlace & { idOf: IdOf }): ModalView {
  return renderModal({ title: 'Signalbox', message, inputs: [] }, place);
}

/** The modal that opens at once and is filled when the answer is there. */
export function loadingModal(title: string, place: ModalPlace): ModalView {
  const text = 'One moment, looking …';
  return {
    ...emptyModal(title, { place, close: 'Close' }),
    blocks: [{ type: 'section', block_id: 'loading', text: plain(text) }],
  };
}

/** The same form as a message to the one person: where a modal can no longer be opened. */
export function renderCard(form: Form, idOf: IdOf): RenderedMessage {
  const { submit, message } = form;
  const blocks = renderBlocks(message.blocks, idOf);
  if (!submit) return { text: notificationLine(message.text), blocks: fitInto(blocks, MESSAGE_ROOM) };
  const send: KnownBlock = {
    type: 'actions',
    block_id: 'send',
    elements: [
      {
        type: 'button',
        action_id: `${SEND}form`,
        style: 'primary',
        text: plain(cutPlain(submit.label || 'Send', MAX_LABEL)),
        value: idOf(submit.does),
      },
    ],
  };
  const all = [...blocks, ...form.inputs.flatMap(renderInput), send];
  return { text: notificationLine(message.text), blocks: fitInto(all, MESSAGE_ROOM) };
}

/** A message as somebody's App Home. */
export function renderHome(message: Message, idOf: IdOf): HomeView {
  return {
    type: 'home',
    callback_id: 'home',
    blocks: fitInto(renderBlocks(message.blocks, idOf), VIEW_ROOM),
  };
}

function emptyModal(title: string, { place, close }: { place: ModalPlace; close: string }): ModalView {
  return {
    type: 'modal',
    callback_id: FORM_CALLBACK,
    title: plain(cutPlain(title || 'Signalbox', MAX_MODAL_WORD)),
    close: plain(close),
    blocks: [],
    ...(place.externalId ? { external_id: place.externalId } : {}),
  };
}
