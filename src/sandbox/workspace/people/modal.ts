import { z } from 'zod';
import { closedPayload, submissionPayload } from '../app/interactions.ts';
import type { Block } from '../blocks/block.ts';
import type { WorkspaceParts } from '../parts.ts';
import { isEmptyValue } from '../state/inputs.ts';
import type { OpenView, Person } from '../state/model.ts';
import { closeModal, MAX_STACK, modalStack, pushModal, updateView } from '../state/views.ts';
import { readView } from '../web-api/methods/views.ts';
import { type AppFailure, failed, failureOf } from './outcome.ts';

/** What became of a submission. */
export type SubmitResult =
  /** The view is gone; beneath it may be another. */
  | { readonly kind: 'closed' }
  /** All views are gone. */
  | { readonly kind: 'cleared' }
  | { readonly kind: 'updated' | 'pushed' }
  /** The app found fault with inputs, by block id. */
  | { readonly kind: 'errors'; readonly errors: Readonly<Record<string, string>> }
  /** Slack found fault before it asked the app, by block id. */
  | { readonly kind: 'incomplete'; readonly errors: Readonly<Record<string, string>> }
  | AppFailure;

/** What an app may answer to a submission: https://docs.slack.dev/surfaces/modals#updating_views. */
const responseAction = z.discriminatedUnion('response_action', [
  z.looseObject({ response_action: z.literal('clear') }),
  z.looseObject({ response_action: z.literal('errors'), errors: z.record(z.string(), z.string()) }),
  z.looseObject({ response_action: z.literal('update'), view: z.unknown() }),
  z.looseObject({ response_action: z.literal('push'), view: z.unknown() }),
]);

/** Submits the modal on top of a person's screen. */
export async function submitModal(
  parts: WorkspaceParts,
  person: Person,
  view: OpenView,
): Promise<SubmitResult> {
  const incomplete = inputErrors(view);
  if (Object.keys(incomplete).length > 0)
    return showErrors(parts, view, { kind: 'incomplete' as const, errors: incomplete });
  view.errors = {};
  const payload = submissionPayload(parts, person, view);
  const answer = await parts.link.deliver({ family: 'interactive', payload });
  const error = failureOf(answer);
  if (error !== undefined) return failed(error);
  return obey(parts, view, answer.kind === 'acknowledged' ? answer.body : undefined);
}

function obey(parts: WorkspaceParts, view: OpenView, body: unknown): SubmitResult {
  const { world } = parts;
  if (body === undefined) {
    closeModal(world, view);
    return { kind: 'closed' };
  }
  const parsed = responseAction.safeParse(body);
  if (!parsed.success) return failed('invalid_response_action');
  switch (parsed.data.response_action) {
    case 'clear':
      clearModals(parts, view.userId);
      return { kind: 'cleared' };
    case 'errors': {
      const inputs = new Set(inputBlocks(view).map(({ block_id }) => block_id));
      const { errors } = parsed.data;
      const isKnown = Object.keys(errors).every((blockId) => inputs.has(blockId));
      return isKnown
        ? showErrors(parts, view, { kind: 'errors' as const, errors })
        : failed('invalid_error_block_id');
    }
    case 'update':
    case 'push': {
      const read = readView(world, parsed.data.view, { surface: 'modal', replacing: view });
      if (read.kind === 'refused') return failed(read.error);
      if (parsed.data.response_action === 'update') {
        updateView(world, view, read.view);
        return { kind: 'updated' };
      }
      if (modalStack(world, view.userId).length >= MAX_STACK) return failed('push_limit_reached');
      pushModal(world, view, read.view);
      return { kind: 'pushed' };
    }
  }
}

function showErrors<R extends { readonly errors: Readonly<Record<string, string>> }>(
  { world }: WorkspaceParts,
  view: OpenView,
  result: R,
): R {
  view.errors = result.errors;
  world.tell({ kind: 'screen_changed', userId: view.userId });
  return result;
}

/** Closes the modal on top by its close button, or the whole stack where the view says so. The app hears of it where it asked to. */
export async function dismissModal(parts: WorkspaceParts, person: Person, view: OpenView): Promise<void> {
  const { content } = view;
  const isCleared = content.type === 'modal' && content.clear_on_close === true;
  const gone = isCleared ? [...modalStack(parts.world, person.id)] : [view];
  if (isCleared) clearModals(parts, person.id);
  else closeModal(parts.world, view);
  for (const closed of gone) {
    if (closed.content.type !== 'modal' || closed.content.notify_on_close !== true) continue;
    const payload = closedPayload(parts, person, { view: closed, isCleared });
    await parts.link.deliver({ family: 'interactive', payload });
  }
}

function clearModals({ world }: WorkspaceParts, userId: string): void {
  const [bottom] = modalStack(world, userId);
  if (bottom !== undefined) closeModal(world, bottom);
}

function inputBlocks(view: OpenView): Extract<Block, { type: 'input' }>[] {
  return view.content.blocks.filter((block) => block.type === 'input');
}

/** What Slack itself checks: "whether the input element may be empty", lengths, number of choices (`@slack/types`). */
function inputErrors(view: OpenView): Record<string, string> {
  return Object.fromEntries(
    inputBlocks(view).flatMap((block) => {
      const words = inputError(block, view);
      return words === undefined ? [] : [[block.block_id ?? '', words]];
    }),
  );
}

function inputError(block: Extract<Block, { type: 'input' }>, view: OpenView): string | undefined {
  const { element } = block;
  const value = view.values[block.block_id ?? '']?.[element.action_id ?? ''];
  if (value === undefined || isEmptyValue(value)) {
    return block.optional === true ? undefined : 'Please complete this required field.';
  }
  if (element.type === 'plain_text_input') {
    const length = String(value['value']).length;
    if (length < (element.min_length ?? 0)) return `Please enter at least ${element.min_length} characters.`;
    if (length > (element.max_length ?? 3000))
      return `Please enter at most ${element.max_length ?? 3000} characters.`;
  }
  if ('max_selected_items' in element && element.max_selected_items !== undefined) {
    const [, list] = Object.entries(value).find(([key]) => key !== 'type') ?? [];
    const count = Array.isArray(list) ? list.length : 0;
    if (count > element.max_selected_items) return `Please choose at most ${element.max_selected_items}.`;
  }
  return undefined;
}
