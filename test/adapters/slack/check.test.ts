import { describe, expect, it } from 'vitest';
import {
  checkScopes,
  lookAtChannel,
  probeGroupsWritable,
  readUsergroup,
} from '../../../src/adapters/slack/check.ts';
import { checkAppToken } from '../../../src/adapters/slack/check-app-token.ts';
import { SCOPES } from '../../../src/adapters/slack/scopes.ts';
import { openWorld, SEED } from './world.ts';

const all = SCOPES.map(({ scope }) => scope);

describe('the scopes of the token', () => {
  it('are compared with those in use, each missing one with what does not work without', async () => {
    await using world = await openWorld({ scopes: all.filter((scope) => scope !== 'files:write') });
    const report = await checkScopes(world.slack.clients.outbox);
    expect(report.missing).toEqual([{ scope: 'files:write', why: expect.stringContaining('timelines') }]);
  });

  it('of the manifest are enough', async () => {
    await using world = await openWorld();
    expect((await checkScopes(world.slack.clients.outbox)).missing).toEqual([]);
  });
});

describe('whether anybody may write usergroups', () => {
  const withScope = { scopes: [...all, 'usergroups:write'] };

  it('is found out by writing one as it is', async () => {
    await using open = await openWorld({
      ...withScope,
      seed: { ...SEED, usergroupsEditableByEveryone: true },
    });
    expect(await probeGroupsWritable(open.slack.clients.outbox, 'S0ONCALL')).toEqual({ kind: 'writable' });
    expect(open.workspace.state().usergroups.get('S0ONCALL')?.members).toEqual([open.idOf('cleo')]);
    await using shut = await openWorld(withScope);
    expect(await probeGroupsWritable(shut.slack.clients.outbox, 'S0ONCALL')).toEqual({ kind: 'protected' });
  });

  it('stays unknown without the scope for it, and says where to look', async () => {
    await using world = await openWorld();
    expect(await probeGroupsWritable(world.slack.clients.outbox, 'S0ONCALL')).toMatchObject({
      kind: 'unknown',
      why: expect.stringContaining('no scope to write'),
    });
  });
});

describe('what usergroups and channels are', () => {
  it('is read, and what is not there is told apart from what cannot be asked', async () => {
    await using world = await openWorld();
    const client = world.slack.clients.outbox;
    expect(await readUsergroup(client, 'S0ONCALL')).toEqual([world.idOf('cleo')]);
    await expect(readUsergroup(client, 'S0NOBODY')).rejects.toThrow('no_such_subteam');
    expect(await probeGroupsWritable(client, 'S0NOBODY')).toMatchObject({ kind: 'unreadable' });
    const look = (name: string) => lookAtChannel(client, world.idOf(name));
    expect(await look('releases')).toEqual({ kind: 'joined', name: 'releases' });
    expect(await look('elsewhere')).toEqual({ kind: 'notJoined', name: 'elsewhere' });
    expect(await look('closed')).toEqual({ kind: 'archived', name: 'closed' });
    expect(await lookAtChannel(client, 'C0NOWHERE01')).toEqual({ kind: 'unseen' });
    await world.workspace.faults.down();
    await expect(look('releases')).rejects.toThrow('looking at the channel');
  });
});

describe('the token for sockets', () => {
  it('is tried without opening one', async () => {
    await using world = await openWorld();
    const { apiUrl, tokens } = world.workspace;
    await checkAppToken({ apiUrl, appToken: tokens.app }, world.parts.logger);
    expect(world.workspace.sockets.count()).toBe(0);
    await expect(checkAppToken({ apiUrl, appToken: 'xapp-1-wrong' }, world.parts.logger)).rejects.toThrow(
      'asking Slack for a socket',
    );
  });
});
