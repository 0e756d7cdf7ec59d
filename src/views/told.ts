import type { Request } from '../domain/request.ts';
import type { Told, ToldAction, ToldField } from '../domain/told.ts';
import type { Answer, Block, Button, Form, Input, Message } from '../ports/message.ts';
import { harmless, type PlainNames, plainMessage } from './plain-text.ts';

/** What drawing an answer for a program or a terminal needs. */
export interface Telling {
  names: PlainNames;
  /** The opaque id of a button that was kept before. */
  idOf(request: Request): string;
}

/** What an answer's buttons and its form do, to be kept before it is drawn. */
export function requestsOfAnswer(answer: Answer): Request[] {
  const { message, form } = partsOf(answer);
  const pressed = buttonsOf(message.blocks).flatMap((button) => ('does' in button ? [button.does] : []));
  return form?.submit ? [...pressed, form.submit.does] : pressed;
}

/** An answer as it is told outside the chat workspace. */
export function told(answer: Answer, telling: Telling): Told {
  const { message, form } = partsOf(answer);
  const submit = form?.submit;
  return {
    outcome: answer.kind === 'refused' ? 'refused' : submit ? 'asks' : 'done',
    summary: harmless(message.text),
    text: plainMessage(message, telling.names),
    actions: buttonsOf(message.blocks).flatMap((button) => actionOf(button, telling)),
    ...(form && submit && { form: { fields: form.inputs.map(fieldOf), submit: submitOf(submit, telling) } }),
    ...(answer.kind === 'file' && { file: { name: answer.name, text: harmless(answer.text) } }),
  };
}

function partsOf(answer: Answer): { message: Message; form?: Form } {
  return answer.kind === 'form' ? { message: answer.form.message, form: answer.form } : answer;
}

function buttonsOf(blocks: readonly Block[]): Button[] {
  return blocks.flatMap((block) => {
    if (block.kind === 'buttons') return block.buttons;
    return block.kind === 'section' && block.button ? [block.button] : [];
  });
}

function actionOf(button: Button, { idOf }: Telling): ToldAction[] {
  if (!('does' in button)) return [];
  const { label, does, confirm } = button;
  return [{ label, press: idOf(does), ...(confirm && { confirm: `${confirm.title}: ${confirm.text}` }) }];
}

function submitOf({ label, does }: NonNullable<Form['submit']>, { idOf }: Telling): ToldAction {
  return { label, press: idOf(does) };
}

function fieldOf(input: Input): ToldField {
  const { field, label, initial } = input;
  const named = { field, label, isList: input.kind === 'tick', ...(initial !== undefined && { initial }) };
  if (input.kind === 'tick') return { ...named, isOptional: true, options: input.options.map(choiceOf) };
  const isOptional = input.optional ?? false;
  return input.kind === 'choose'
    ? { ...named, isOptional, options: input.options.map(choiceOf) }
    : { ...named, isOptional };
}

function choiceOf({ value, label }: { value: string; label: string }) {
  return { value, label };
}
