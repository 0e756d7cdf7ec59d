import type { PersonId } from '../../../src/domain/ids.ts';
import { visibleStrings } from '../../../src/sandbox/workspace/blocks/visible-text.ts';
import { chatContract } from '../../contracts/chat.ts';
import { openWorld } from './world.ts';

chatContract('Slack', async () => {
  const world = await openWorld();
  const { workspace, slack, idOf } = world;
  const state = workspace.state();
  const personOf = (name: string): PersonId => `slack:${workspace.teamId}:${idOf(name)}`;
  const nameOf = (person: PersonId) => state.people.get(person.split(':')[2] ?? '')?.name ?? '';
  return {
    chat: slack.chat,
    channel: idOf('releases'),
    other: idOf('private'),
    foreign: idOf('elsewhere'),
    archived: idOf('closed'),
    person: personOf('ana'),
    absent: personOf('robin'),
    now: Date.now,
    reads: (channel) =>
      state.messages(channel).map(({ ts, threadTs: thread, blocks }) => ({
        ts,
        thread,
        words: visibleStrings(blocks).join('\n'),
      })),
    told(person) {
      const screen = workspace.person(nameOf(person));
      const direct = [...state.channels.values()].filter(
        ({ kind, members }) => kind === 'im' && members.has(screen.id),
      );
      return [
        ...state.ephemerals.filter(({ userId }) => userId === screen.id),
        ...direct.flatMap(({ messages }) => messages),
      ]
        .sort((a, b) => a.ts.localeCompare(b.ts))
        .map(({ blocks }) => visibleStrings(blocks).join('\n'));
    },
    home: (person) => workspace.person(nameOf(person)).homeView()?.visible,
    says: (channel, words) => workspace.person('ana').post(channel, words),
    async remove(channel, ts) {
      await slack.clients.outbox.apiCall('chat.delete', { channel, ts });
    },
    membersOf: (channel) =>
      [...state.channel(channel).members].map((id): PersonId => `slack:${workspace.teamId}:${id}`),
    loseNextAnswer: () =>
      workspace.faults.next(1, { method: 'chat.postMessage', fault: { kind: 'commit_then_reset' } }),
    limitNext: (channel) =>
      workspace.faults.next(1, {
        method: 'chat.postMessage',
        channel,
        fault: { kind: 'rate_limited', retryAfterSeconds: 1 },
      }),
    async goAway() {
      await workspace.faults.down();
      return () => workspace.faults.up();
    },
    close: async () => world[Symbol.asyncDispose](),
  };
});
