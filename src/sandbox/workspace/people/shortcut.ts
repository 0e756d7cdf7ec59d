import { globalShortcutPayload, messageShortcutPayload } from '../app/interactions.ts';
import type { WorkspaceParts } from '../parts.ts';
import type { Channel, Message, Person } from '../state/model.ts';
import { type AppFailure, failed, failureOf } from './outcome.ts';

/** What became of a shortcut. */
export type ShortcutResult = { readonly kind: 'delivered' } | AppFailure;

/**
 * Takes a shortcut of the app's: on a message from its menu, or from anywhere. Throws when the app has no such
 * shortcut of that kind.
 */
export async function takeShortcut(
  parts: WorkspaceParts,
  person: Person,
  {
    callbackId,
    on,
  }: { callbackId: string; on?: { readonly channel: Channel; readonly message: Message } | undefined },
): Promise<ShortcutResult> {
  const type = on === undefined ? 'global' : 'message';
  const shortcut = parts.manifest.features.shortcuts.find(
    (candidate) => candidate.callback_id === callbackId && candidate.type === type,
  );
  if (shortcut === undefined) throw new Error(`the app has no ${type} shortcut ${callbackId}`);
  const payload =
    on === undefined
      ? globalShortcutPayload(parts, person, callbackId)
      : messageShortcutPayload(parts, person, { ...on, callbackId });
  const error = failureOf(await parts.link.deliver({ family: 'interactive', payload }));
  return error === undefined ? { kind: 'delivered' } : failed(error);
}
