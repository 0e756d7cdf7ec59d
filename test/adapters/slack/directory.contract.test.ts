import { createDirectory } from '../../../src/adapters/slack/directory.ts';
import type { PersonId } from '../../../src/domain/ids.ts';
import { directoryContract } from '../../contracts/directory.ts';
import { openWorld } from './world.ts';

directoryContract('Slack', async () => {
  const world = await openWorld();
  const { workspace, slack, idOf } = world;
  const id = (name: string): PersonId => `slack:${workspace.teamId}:${idOf(name)}`;
  let now = 0;
  const directory = createDirectory({
    client: slack.clients.outbox,
    teamId: async () => workspace.teamId,
    roles: new Map([
      ['managers', { people: [idOf('ana')], usergroups: [] }],
      ['on-call', { people: [], usergroups: ['S0ONCALL'] }],
    ]),
    emails: new Map([['ana@example.com', idOf('ana')]]),
    logins: new Map([['ana-acme', idOf('ana')]]),
    clock: { now: () => now },
    logger: world.parts.logger,
  });
  return {
    directory,
    cast: {
      manager: id('ana'),
      onCall: id('cleo'),
      plain: id('ben'),
      guest: id('gus'),
      bot: id('robot'),
      deactivated: id('old'),
      stranger: id('eve'),
      nobody: `slack:${workspace.teamId}:UNOBODY`,
    },
    pass: (ms) => {
      now += ms;
    },
    emptyGroup() {
      const group = workspace.state().usergroups.get('S0ONCALL');
      if (group) group.members = [];
    },
    async goAway() {
      await workspace.faults.down();
      return () => workspace.faults.up();
    },
    close: async () => world[Symbol.asyncDispose](),
  };
});
