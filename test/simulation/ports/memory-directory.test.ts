import type { PersonId } from '../../../src/domain/ids.ts';
import { type Cast, directoryContract } from '../../contracts/directory.ts';
import { createMemoryDirectory, type MemoryPerson } from './memory-directory.ts';

const id = (user: string): PersonId => `slack:T1:${user}`;

directoryContract('in memory', async () => {
  let now = 0;
  const { directory, workspace } = createMemoryDirectory({ clock: { now: () => now } });
  const add = (user: string, more: Partial<MemoryPerson> = {}) => {
    workspace.people.set(id(user), { id: id(user), name: `Name of ${user}`, ...more });
    return id(user);
  };
  const cast: Cast = {
    manager: add('U1', { email: 'ana@example.com', login: 'ana-acme' }),
    onCall: add('U2'),
    plain: add('U3'),
    guest: add('U4', { outside: 'guest' }),
    bot: add('U5', { outside: 'bot' }),
    deactivated: add('U6', { outside: 'deactivated' }),
    stranger: add('U7', { outside: 'stranger' }),
    nobody: id('U8'),
  };
  workspace.roles.set('managers', { people: [cast.manager], usergroups: [] });
  workspace.roles.set('on-call', { people: [], usergroups: ['S1'] });
  workspace.usergroups.set('S1', [cast.onCall]);
  return {
    directory,
    cast,
    pass: (ms) => {
      now += ms;
    },
    emptyGroup: () => workspace.usergroups.set('S1', []),
    async goAway() {
      workspace.isAway = true;
      return async () => {
        workspace.isAway = false;
      };
    },
    close: async () => undefined,
  };
});
