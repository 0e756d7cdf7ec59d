import type { App } from '@slack/bolt';
import { UnavailableError } from '../../../errors.ts';
import type { Message } from '../../../ports/message.ts';
import { renderMessageModal } from '../render/form.ts';
import { FIELD } from '../render/inputs.ts';
import { signatureIn } from './guard.ts';
import { type Answering, type IntakeParts, takeIn } from './intake.ts';
import { readCommand } from './read-command.ts';
import { type EventParts, readEvent } from './read-event.ts';
import { readForm } from './read-form.ts';
import { type PressParts, pressAddress, readPress } from './read-press.ts';
import { readShortcut, shortcutAddress } from './read-shortcut.ts';
import { drawAtOnce, type TellParts, tellPerson } from './tell.ts';
import { withoutRequests } from './without-requests.ts';

/** Everything the incoming side is made of. */
export type ListenerParts = IntakeParts & EventParts & PressParts & TellParts;

const ANYTHING = /./;

/** Listens to everything the manifest subscribes to, each kind answered in the way that is open to it. */
export function listen(app: App, parts: ListenerParts): void {
  listenToCommands(app, parts);
  listenToButtons(app, parts);
  listenToForms(app, parts);
  listenToShortcuts(app, parts);
  for (const type of ['app_mention', 'app_home_opened', 'message', 'reaction_added', 'reaction_removed']) {
    app.event(type, ({ body, context }) => takeInEvent(parts, body, signatureIn(context)));
  }
}

function listenToCommands(app: App, parts: ListenerParts): void {
  app.command(ANYTHING, async ({ body, ack, context }) => {
    const say = (message: Message) => ack({ response_type: 'ephemeral', ...drawAtOnce(message) });
    await takeIn(parts, readCommand(body, parts.grammar), {
      signature: signatureIn(context),
      acknowledge: () => ack(),
      tell: ({ message }) => say(message),
      refuse: say,
    });
  });
}

function listenToButtons(app: App, parts: ListenerParts): void {
  app.action(ANYTHING, async ({ body, ack, context }) => {
    await takeIn(
      parts,
      readPress(body, parts),
      toldBeside(parts, { address: () => pressAddress(body), ack, signature: signatureIn(context) }),
    );
  });
}

function listenToShortcuts(app: App, parts: ListenerParts): void {
  app.shortcut(ANYTHING, async ({ body, ack, context }) => {
    const heard = readShortcut(body, { withIncidents: parts.incidents !== undefined });
    await takeIn(
      parts,
      heard,
      toldBeside(parts, { address: () => shortcutAddress(body), ack, signature: signatureIn(context) }),
    );
  });
}

/** What is said goes beside the acknowledgement, which has no room for words here. */
function toldBeside(
  parts: ListenerParts,
  {
    address,
    ack,
    signature,
  }: Pick<Answering, 'signature'> & {
    address: () => ReturnType<typeof pressAddress>;
    ack: () => Promise<void>;
  },
): Answering {
  const say = async (message: Message) => {
    await ack();
    await tellPerson(parts, address(), message);
  };
  return { signature, acknowledge: ack, tell: ({ message }) => say(message), refuse: say };
}

function listenToForms(app: App, parts: ListenerParts): void {
  app.view({ callback_id: ANYTHING, type: 'view_submission' }, async ({ body, ack, context }) => {
    const show = (message: Message) => {
      const view = renderMessageModal(withoutRequests(message), { idOf: () => '' });
      return ack({ response_action: 'update', view });
    };
    await takeIn(parts, readForm(body, parts.buttons), {
      signature: signatureIn(context),
      acknowledge: () => ack(),
      tell({ message, faults }) {
        if (!faults || faults.length === 0) return show(message);
        const errors = Object.fromEntries(faults.map(({ field, wrong }) => [FIELD + field, wrong]));
        return ack({ response_action: 'errors', errors });
      },
      refuse: show,
    });
  });
  app.view({ callback_id: ANYTHING, type: 'view_closed' }, ({ ack }) => ack());
}

/** Bolt acknowledges an event when its listeners are done, see {@link ./ack-after-listeners.ts}. */
async function takeInEvent(
  parts: ListenerParts,
  body: unknown,
  signature: string | undefined,
): Promise<void> {
  const { heard, replyTo } = readEvent(body, parts);
  const say = async (message: Message) => {
    // Not waited for: an acknowledgement that comes late makes Slack send the event again, and this be said again.
    if (replyTo) void tellPerson(parts, replyTo, message);
  };
  await takeIn(parts, heard, {
    signature,
    acknowledge: async () => {},
    tell: ({ message }) => say(message),
    async refuse(message) {
      if (!replyTo) throw new UnavailableError('an event could not be written down: Slack sends it again');
      await say(message);
    },
  });
}
