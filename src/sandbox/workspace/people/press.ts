import { actionEntry } from '../app/action-entry.ts';
import { type ActedOn, messageActionPayload, viewActionPayload } from '../app/interactions.ts';
import type { PlacedElement } from '../blocks/interactive.ts';
import type { WorkspaceParts } from '../parts.ts';
import { type GivenInput, givenValue, keepMessageValue } from '../state/inputs.ts';
import type { Channel, OpenView, Person } from '../state/model.ts';
import { type AppFailure, failed, failureOf } from './outcome.ts';

/** What a person answers when a dialog asks once more. */
export type Confirmation = 'accept' | 'deny';

/** What became of a press or a choice. */
export type PressResult =
  | { readonly kind: 'delivered' }
  /** The person thought better of it in the dialog: nothing was sent. */
  | { readonly kind: 'denied' }
  /** The input only holds what was chosen; the app hears of it on submit. */
  | { readonly kind: 'kept' }
  | AppFailure;

/** A use of one element: what was chosen (null for a button) and what was answered to its dialog. */
export interface Use {
  readonly placed: PlacedElement;
  readonly given: GivenInput;
  readonly confirm: Confirmation | undefined;
}

/** Uses an element of a message. The element may be from an old copy of it, as on a screen that was not redrawn. */
export async function pressInMessage(
  parts: WorkspaceParts,
  person: Person,
  use: Use & { readonly channel: Channel; readonly on: ActedOn },
): Promise<PressResult> {
  if (!isConfirmed(use)) return { kind: 'denied' };
  const { placed, given, channel, on } = use;
  const { element, block } = placed;
  if (element.type !== 'button' && element.type !== 'overflow') {
    keepMessageValue(parts.world, on.kind === 'message' ? on.message : on.ephemeral, {
      userId: person.id,
      blockId: block.block_id ?? '',
      actionId: element.action_id ?? '',
      value: givenValue(element, given),
    });
  }
  if (!isDispatched(placed)) return { kind: 'kept' };
  const action = actionEntry(placed, given, parts.world.nextTs());
  return send(parts, messageActionPayload(parts, person, { channel, on, action }));
}

/** Uses an element of a modal or a home tab. */
export async function pressInView(
  parts: WorkspaceParts,
  person: Person,
  use: Use & { readonly view: OpenView },
): Promise<PressResult> {
  if (!isConfirmed(use)) return { kind: 'denied' };
  const { placed, given, view } = use;
  const { element, block } = placed;
  if (element.type !== 'button' && element.type !== 'overflow') {
    const blockId = block.block_id ?? '';
    view.values[blockId] = { ...view.values[blockId], [element.action_id ?? '']: givenValue(element, given) };
    parts.world.tell({ kind: 'screen_changed', userId: person.id });
  }
  if (!isDispatched(placed)) return { kind: 'kept' };
  const action = actionEntry(placed, given, parts.world.nextTs());
  return send(parts, viewActionPayload(parts, person, { view, action }));
}

/** "Whether or not the use of elements in this block should dispatch": `@slack/types` `blocks.d.ts`, InputBlock.dispatch_action. */
function isDispatched({ block }: PlacedElement): boolean {
  return block.type !== 'input' || block.dispatch_action === true;
}

/** Throws when the person answers a dialog that does not come, or leaves one unanswered. */
function isConfirmed({ placed, confirm }: Use): boolean {
  const { element } = placed;
  const asks = 'confirm' in element && element.confirm !== undefined;
  const name = element.action_id ?? element.type;
  if (asks && confirm === undefined) throw new Error(`${name} asks for confirmation: say accept or deny`);
  if (!asks && confirm !== undefined) throw new Error(`${name} asks for no confirmation`);
  return confirm !== 'deny';
}

async function send({ link }: WorkspaceParts, payload: Record<string, unknown>): Promise<PressResult> {
  const error = failureOf(await link.deliver({ family: 'interactive', payload }));
  return error === undefined ? { kind: 'delivered' } : failed(error);
}
