import { UnavailableError } from '../../errors.ts';
import type { Chat } from '../../ports/chat.ts';
import { demand } from './api-fault.ts';
import { keepButtons } from './button-ids.ts';
import { createChannels } from './channels.ts';
import type { ChatParts } from './chat-parts.ts';
import { createFind } from './find.ts';
import { createPosting } from './post.ts';
import { showTo, writeTo } from './private-words.ts';
import { createRead } from './read-message.ts';
import { renderHome } from './render/form.ts';
import { renderMessage, requestsOf } from './render/message.ts';
import { createReply } from './reply.ts';
import { userOf } from './user-of.ts';

/** The workspace, outgoing: every port method by way of the Web API. */
export function createChat(parts: ChatParts): Chat {
  const { clients, buttons, logger } = parts;
  return {
    ...createPosting(parts),
    ...createChannels(clients),
    find: createFind(parts),
    read: createRead(parts),
    reply: createReply(parts),

    async whisper({ channel, person, message }) {
      const drawn = renderMessage(message, await keepButtons(buttons, requestsOf(message.blocks)));
      const user = userOf(person);
      const shown = await showTo(clients.fast, { channel, user }, drawn);
      const end = shown.kind === 'closed' ? await writeTo(clients.fast, user, drawn) : shown;
      if (end.kind === 'unsure')
        throw new UnavailableError(`telling a person: ${end.why}`, { ambiguous: true });
      if (end.kind === 'closed') logger.warn({ channel, why: end.why }, 'a person could not be told');
    },

    async publishHome(person, message) {
      const idOf = await keepButtons(buttons, requestsOf(message.blocks));
      const publication = { user_id: userOf(person), view: renderHome(message, idOf) };
      await demand('publishing an App Home', () => clients.outbox.apiCall('views.publish', publication));
    },
  };
}
