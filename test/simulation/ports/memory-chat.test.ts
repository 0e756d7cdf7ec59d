import type { PersonId } from '../../../src/domain/ids.ts';
import type { Answer } from '../../../src/ports/message.ts';
import { chatContract } from '../../contracts/chat.ts';
import { createMemoryChat, wordsOf } from './memory-chat.ts';

const PERSON: PersonId = 'slack:T1:U1';
const ABSENT: PersonId = 'slack:T1:U2';

function answerWords(answer: Answer): string {
  const { message } = answer.kind === 'form' ? answer.form : answer;
  const words = wordsOf(message.blocks);
  if (answer.kind === 'file') return `${words}\n${answer.text}`;
  if (answer.kind !== 'form') return words;
  return [words, ...answer.form.inputs.map(({ label }) => label), answer.form.submit?.label ?? ''].join('\n');
}

chatContract('in memory', async () => {
  const { chat, workspace } = createMemoryChat({ clock: { now: Date.now } });
  workspace.addChannel({ id: 'C1', members: new Set([PERSON]) });
  workspace.addChannel({ id: 'C2', members: new Set([PERSON]) });
  workspace.addChannel({ id: 'C3', hasBot: false });
  workspace.addChannel({ id: 'C4', isArchived: true });
  return {
    chat,
    channel: 'C1',
    other: 'C2',
    foreign: 'C3',
    archived: 'C4',
    person: PERSON,
    absent: ABSENT,
    now: Date.now,
    reads: (channel) =>
      (workspace.channels.get(channel)?.posts ?? []).map(({ ts, thread, message }) => ({
        ts,
        thread,
        words: wordsOf(message.blocks),
      })),
    told: (person) =>
      workspace.told
        .filter((one) => one.person === person || person.endsWith(`:${one.person}`))
        .map(({ answer }) => answerWords(answer)),
    home: (person) => wordsOf(workspace.homes.get(person)?.blocks ?? []),
    says: (channel, words) => workspace.say(channel, PERSON, words),
    async remove(channel, ts) {
      const found = workspace.channels.get(channel);
      if (found) found.posts = found.posts.filter((post) => post.ts !== ts);
    },
    membersOf: (channel) => [...(workspace.channels.get(channel)?.members ?? [])],
    loseNextAnswer: () => workspace.failNext({ kind: 'answerLost' }, { method: 'post' }),
    limitNext: (channel) =>
      workspace.failNext({ kind: 'limited', retryAfterMs: 1 }, { method: 'post', channel }),
    async goAway() {
      workspace.isAway = true;
      return async () => {
        workspace.isAway = false;
      };
    },
    close: async () => undefined,
  };
});
