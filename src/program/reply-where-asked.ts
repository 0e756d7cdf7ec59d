import type { Logger } from 'pino';
import type { Config } from '../config/schema.ts';
import type { PersonId } from '../domain/ids.ts';
import type { ReplyAddress, Request } from '../domain/request.ts';
import type { Answers } from '../ports/answers.ts';
import type { ButtonStore } from '../ports/button-store.ts';
import type { Chat } from '../ports/chat.ts';
import type { Directory } from '../ports/directory.ts';
import type { Forge } from '../ports/forge.ts';
import type { Answer } from '../ports/message.ts';
import { commentText } from '../views/comment.ts';
import type { PlainNames } from '../views/plain-text.ts';
import { requestsOfAnswer, told } from '../views/told.ts';

/** The chat, whose answers go to where each request came from: into the workspace, or kept until they are fetched. */
export function replyWhereAsked(
  chat: Chat,
  parts: {
    answers: Pick<Answers, 'put'>;
    buttons: Pick<ButtonStore, 'put'>;
    directory: Pick<Directory, 'nameOf'>;
    forge: Pick<Forge, 'comment'>;
    log: Pick<Logger, 'warn'>;
    config: Pick<Config, 'environments' | 'roles'>;
  },
): Chat {
  const { answers, buttons, config, directory, forge, log } = parts;
  return {
    ...chat,
    async reply(address, answer) {
      if (address.kind === 'channel') return postOnce(chat, address, answer);
      if (address.kind !== 'kept' && address.kind !== 'comment') return chat.reply(address, answer);
      const ids = new Map(
        await Promise.all(
          requestsOfAnswer(answer).map(async (request) => [request, await buttons.put(request)] as const),
        ),
      );
      const beside = (user: string) =>
        directory.nameOf(address.kind === 'kept' ? personBeside(address.person, user) : user);
      const telling = {
        names: plainNames(config, beside),
        idOf: (request: Request) => ids.get(request) ?? '',
      };
      if (address.kind === 'kept') return answers.put(address.id, told(answer, telling));
      const text = commentText(told(answer, telling));
      const { repository, issue, operation } = address;
      const said = await forge.comment({ repository, issue, operation, text });
      // Nobody is left to be told, and trying again would end the same way.
      if (said.kind === 'refused')
        log.warn({ repository, issue, why: said.says }, 'an answer could not be commented');
    },
  };
}

/** Says it in a channel unless it is there: `operation` finds it again. */
async function postOnce(
  chat: Chat,
  { channel, operation, since }: Extract<ReplyAddress, { kind: 'channel' }>,
  answer: Answer,
): Promise<void> {
  const known = await chat.find({ channel, operation, since });
  if (known !== undefined) return;
  const message = answer.kind === 'form' ? answer.form.message : answer.message;
  await chat.post({ channel, operation, message });
}

/** What ids of the workspace are called in words without markup. */
export function plainNames(
  { environments, roles }: Pick<Config, 'environments' | 'roles'>,
  person: (user: string) => string,
): PlainNames {
  const channels = new Map(environments.map(({ channel, name }) => [channel, `the channel of ${name}`]));
  const groups = new Map(
    Object.entries(roles).flatMap(([role, { usergroups }]) => usergroups.map((group) => [group, role])),
  );
  return {
    person,
    channel: (id) => channels.get(id) ?? `channel ${id}`,
    group: (id) => groups.get(id) ?? `group ${id}`,
  };
}

/** Somebody of the same workspace. */
function personBeside(person: PersonId, user: string): PersonId {
  const [, team = ''] = person.split(':');
  return `slack:${team}:${user}`;
}
