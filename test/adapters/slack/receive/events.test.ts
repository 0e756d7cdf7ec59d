import { describe, expect, it } from 'vitest';
import type { AcceptedRequest } from '../../../../src/domain/request.ts';
import { UnavailableError } from '../../../../src/errors.ts';
import { openHttpWorld, openWorld } from '../world.ts';

const WITHOUT_DELAY = { timing: { eventRetryDelaysMs: [20, 50, 100] } };

describe('what is said in a channel', () => {
  it('is taken in when it is posted, edited and deleted, each once', async () => {
    await using world = await openHttpWorld();
    const { workspace, stores, idOf } = world;
    const ana = workspace.person('ana');
    const channel = idOf('releases');
    const author = `slack:${workspace.teamId}:${idOf('ana')}`;
    const ts = ana.post('releases', 'null <note> & more');
    await workspace.waitFor(() => stores.accepted.length === 1);
    ana.edit('releases', ts, 'the null note');
    await workspace.waitFor(() => stores.accepted.length === 2);
    ana.delete('releases', ts);
    await workspace.waitFor(() => stores.accepted.length === 3);
    expect(stores.accepted.map(({ request }) => request)).toEqual([
      { kind: 'messageSeen', channel, ts, change: 'posted', author, text: 'null <note> & more' },
      { kind: 'messageSeen', channel, ts, change: 'edited', author, text: 'the null note' },
      { kind: 'messageSeen', channel, ts, change: 'deleted', author },
    ]);
  });

  it('by the bot itself is not', async () => {
    await using world = await openHttpWorld();
    const { workspace, stores, slack, idOf } = world;
    const message = { text: 'board', blocks: [] };
    const posted = await slack.chat.post({ channel: idOf('releases'), operation: 'op', message });
    if (posted.kind === 'posted')
      await slack.chat.edit({ ...posted, message: { ...message, text: 'x' }, urgent: true });
    workspace.person('ana').post('releases', 'the last word');
    await workspace.waitFor(() => stores.accepted.length > 0);
    expect(stores.accepted.map(({ request }) => request)).toMatchObject([{ text: 'the last word' }]);
  });

  it('where nobody listens is not kept anywhere', async () => {
    const isHeard = (channel: string) => channel !== quiet;
    let quiet = '';
    await using world = await openHttpWorld(
      {},
      { incidents: { pinEmoji: 'pushpin', hears: (channel) => isHeard(channel) } },
    );
    quiet = world.idOf('releases');
    const ana = world.workspace.person('ana');
    ana.post('releases', 'private matters');
    ana.post('private', 'of the incident');
    await world.workspace.waitFor(() => world.stores.accepted.length > 0);
    expect(world.stores.accepted.map(({ request }) => request)).toMatchObject([{ text: 'of the incident' }]);
  });

  it('is sent again by Slack until it could be written down, and taken in once', async () => {
    await using world = await openHttpWorld(WITHOUT_DELAY);
    const { workspace, stores } = world;
    stores.state = 'down';
    workspace.person('ana').post('releases', 'said while the store was away');
    await workspace.waitFor(() => workspace.deliveries[0]?.answer);
    expect(workspace.deliveries[0]?.answer).toMatchObject({ kind: 'refused', status: 503 });
    stores.state = 'up';
    await workspace.waitFor(() => stores.rung.length > 0);
    expect(stores.accepted).toHaveLength(1);
  });

  it('is taken in when it comes again at once, with the signature it had before', async () => {
    let refusals = 1;
    await using other = await openWorld();
    const inbox = {
      ...other.stores.inbox,
      accept: async (request: AcceptedRequest) => {
        refusals -= 1;
        if (refusals >= 0) throw new UnavailableError('not this time');
        return other.stores.inbox.accept(request);
      },
    };
    await using world = await openHttpWorld({ timing: { eventRetryDelaysMs: [0] } }, { inbox });
    world.workspace.person('ana').post('releases', 'said');
    await world.workspace.waitFor(() => other.stores.accepted.length > 0);
    expect(world.workspace.deliveries).toHaveLength(2);
  });

  it('is acknowledged only when it is written down', async () => {
    await using world = await openHttpWorld();
    const { workspace, stores } = world;
    stores.state = 'hangs';
    workspace.person('ana').post('releases', 'slow');
    await workspace.waitFor(() => stores.hanging > 0);
    // An acknowledgement that was under way would be here before the answer to what is asked after it.
    await fetch(`http://127.0.0.1:${world.port}/healthz`);
    expect(workspace.deliveries[0]?.answer).toBeUndefined();
    stores.wake();
    await workspace.waitFor(() => workspace.deliveries[0]?.answer);
    expect(workspace.deliveries[0]?.answer).toMatchObject({ kind: 'acknowledged' });
    expect(stores.accepted).toHaveLength(1);
  });
});

describe('an emoji on a message', () => {
  it('pins it and unpins it; others mean nothing', async () => {
    await using world = await openHttpWorld({}, { incidents: { pinEmoji: 'pushpin', hears: () => false } });
    const { workspace, stores, idOf } = world;
    const ts = workspace.person('ana').post('releases', 'look at this');
    const ben = workspace.person('ben');
    ben.react('releases', ts, 'eyes');
    ben.react('releases', ts, 'pushpin');
    await workspace.waitFor(() => stores.accepted.length === 1);
    ben.unreact('releases', ts, 'pushpin');
    await workspace.waitFor(() => stores.accepted.length === 2);
    const channel = idOf('releases');
    expect(stores.accepted.map(({ request }) => request)).toEqual([
      { kind: 'pinMessage', how: 'pin', channel, ts },
      { kind: 'unpinMessage', channel, ts },
    ]);
  });
});

describe('a mention', () => {
  it('asks as a command does, in threads too, and is answered to the person', async () => {
    await using world = await openHttpWorld({}, { incidents: { pinEmoji: 'pushpin', hears: () => false } });
    const { workspace, stores, slack, idOf } = world;
    const ana = workspace.person('ana');
    const thread = ana.post('releases', 'a thread');
    ana.post('releases', `<@${workspace.botUserId}> release cut dev orders-api@1.8.0`, thread);
    await workspace.waitFor(() => stores.accepted.length > 0);
    expect(stores.accepted[0]).toMatchObject({
      request: { kind: 'cut', environment: 'dev', services: [{ service: 'orders-api' }] },
      replyTo: { kind: 'slack', user: idOf('ana'), channel: idOf('releases') },
    });
    const answer = {
      kind: 'message' as const,
      message: { text: 'x', blocks: [{ kind: 'header' as const, text: 'Cut' }] },
    };
    await slack.chat.reply(stores.accepted[0]?.replyTo ?? { kind: 'none' }, answer);
    expect(ana.seesEphemerals('releases')[0]?.visible).toBe('Cut');
  });

  it('that is not understood is answered once, although Slack is slow to show it', async () => {
    await using world = await openHttpWorld(WITHOUT_DELAY, {
      incidents: { pinEmoji: 'pushpin', hears: () => false },
    });
    const { workspace, stores } = world;
    workspace.faults.next(1, { method: 'chat.postEphemeral', fault: { kind: 'slow', delayMs: 300 } });
    const ana = workspace.person('ana');
    ana.post('releases', `<@${workspace.botUserId}> relaese status`);
    const told = await workspace.waitFor(() => ana.seesEphemerals('releases')[0]);
    expect(told.visible).toContain('I don\'t know "relaese". Did you mean `/release`?');
    expect(ana.seesEphemerals('releases')).toHaveLength(1);
    expect(stores.accepted).toEqual([]);
  });

  it('is told at once when it cannot be written down, and not carried out minutes later', async () => {
    await using world = await openHttpWorld(WITHOUT_DELAY, {
      incidents: { pinEmoji: 'pushpin', hears: () => false },
    });
    const { workspace, stores } = world;
    stores.state = 'down';
    const ana = workspace.person('ana');
    ana.post('releases', `<@${workspace.botUserId}> release abort prod`);
    const told = await workspace.waitFor(() => ana.seesEphemerals('releases')[0]);
    expect(told.visible).toContain('By hand: `signalbox abort`');
    stores.state = 'up';
    ana.post('releases', `<@${workspace.botUserId}> release status`);
    await workspace.waitFor(() => stores.accepted.length > 0);
    expect(stores.accepted.map(({ request }) => request.kind)).toEqual(['status']);
  });
});

describe('opening the App Home', () => {
  it('asks for it to be drawn', async () => {
    await using world = await openHttpWorld();
    world.workspace.person('ana').openHome();
    await world.workspace.waitFor(() => world.stores.accepted.length > 0);
    expect(world.stores.accepted[0]).toMatchObject({
      request: { kind: 'openHome' },
      replyTo: { user: world.idOf('ana') },
    });
  });
});

describe('a shortcut', () => {
  it('on a message puts it into the timeline', async () => {
    await using world = await openHttpWorld({}, { incidents: { pinEmoji: 'pushpin', hears: () => false } });
    const { workspace, stores, idOf } = world;
    const ts = workspace.person('ana').post('releases', 'look at this');
    await workspace.person('ben').shortcut('pin-to-timeline', { channel: 'releases', ts });
    expect(stores.accepted[0]?.request).toEqual({
      kind: 'pinMessage',
      how: 'shortcut',
      channel: idOf('releases'),
      ts,
    });
  });

  it('anywhere opens the form of an incident', async () => {
    await using world = await openHttpWorld();
    const ben = world.workspace.person('ben');
    await ben.shortcut('open-incident');
    expect((await world.workspace.waitFor(() => ben.openView())).title).toBe('Open an incident');
    expect(world.stores.accepted[0]?.request).toEqual({ kind: 'incidentForm' });
  });
});

describe('with incidents switched off', () => {
  it('nothing that is said, pinned or picked from a menu is read', async () => {
    await using world = await openHttpWorld({}, { incidents: undefined as never });
    const { workspace, stores } = world;
    const ana = workspace.person('ana');
    const ts = ana.post('releases', 'hello');
    ana.react('releases', ts, 'pushpin');
    await ana.shortcut('pin-to-timeline', { channel: 'releases', ts });
    await ana.slash('/release', 'status', { channel: 'releases' });
    expect(stores.accepted.map(({ request }) => request.kind)).toEqual(['status']);
  });
});
