import type { Config } from '../config/schema.ts';
import type { PersonId } from '../domain/ids.ts';
import type { Answers } from '../ports/answers.ts';
import type { ButtonStore } from '../ports/button-store.ts';
import type { Chat } from '../ports/chat.ts';
import type { Directory } from '../ports/directory.ts';
import type { PlainNames } from '../views/plain-text.ts';
import { requestsOfAnswer, told } from '../views/told.ts';

/** The chat, whose answers go to where each request came from: into the workspace, or kept until they are fetched. */
export function replyWhereAsked(
  chat: Chat,
  parts: {
    answers: Pick<Answers, 'put'>;
    buttons: Pick<ButtonStore, 'put'>;
    directory: Pick<Directory, 'nameOf'>;
    config: Pick<Config, 'environments' | 'roles'>;
  },
): Chat {
  const { answers, buttons, config, directory } = parts;
  return {
    ...chat,
    async reply(address, answer) {
      if (address.kind !== 'kept') return chat.reply(address, answer);
      const ids = new Map(
        await Promise.all(
          requestsOfAnswer(answer).map(async (request) => [request, await buttons.put(request)] as const),
        ),
      );
      const names = plainNames(config, (user) => directory.nameOf(personBeside(address.person, user)));
      await answers.put(address.id, told(answer, { names, idOf: (request) => ids.get(request) ?? '' }));
    },
  };
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
