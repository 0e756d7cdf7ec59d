import { describe, expect, it } from 'vitest';
import {
  receiveOverSocket,
  type SocketSettings,
} from '../../../../src/adapters/slack/receive/over-socket.ts';
import { realTimers } from '../../../../src/adapters/slack/timers.ts';
import type { WorkspaceOptions } from '../../../../src/sandbox/workspace/workspace.ts';
import { openSilentProxy } from '../silent-proxy.ts';
import { openWorld } from '../world.ts';

/** A workspace that sends its requests to us over sockets. */
async function openSocketWorld(
  settings: Partial<SocketSettings> = {},
  timing: WorkspaceOptions['timing'] = {},
) {
  const world = await openWorld({ timing });
  const { workspace, parts } = world;
  workspace.connectApp({ socket: true });
  const receiving = await receiveOverSocket(parts, {
    appToken: workspace.tokens.app,
    apiUrl: workspace.apiUrl,
    timers: realTimers,
    staggerMs: 20,
    ...settings,
  });
  return {
    ...world,
    receiving,
    async [Symbol.asyncDispose]() {
      world.stores.wake();
      await receiving.close({ withinMs: 500 });
      await world[Symbol.asyncDispose]();
    },
  };
}

const RELEASES = { channel: 'releases' };

describe('over two sockets', () => {
  it('everything arrives that arrives by HTTP', async () => {
    await using world = await openSocketWorld();
    const { workspace, stores, receiving } = world;
    await workspace.waitFor(() => workspace.sockets.count() === 2);
    expect(receiving.health()).toEqual({ kind: 'up' });
    const ana = workspace.person('ana');
    expect(await ana.slash('/release', 'cut staging', RELEASES)).toEqual({ kind: 'accepted' });
    await ana.slash('/release', 'cutt', RELEASES);
    ana.post('releases', 'said');
    await workspace.waitFor(() => stores.accepted.length === 2);
    expect(stores.accepted.map(({ request }) => request.kind)).toEqual(['cut', 'messageSeen']);
    expect(ana.seesEphemerals('releases')[0]?.visible).toContain('/release cut');
  });

  it('no command is lost from Slack’s goodbye on: the next connection is opened before the old one ends', async () => {
    await using world = await openSocketWorld({ staggerMs: 60_000 }, { disconnectWarningMs: 5_000 });
    const { workspace, stores } = world;
    await workspace.waitFor(() => workspace.sockets.count() === 1);
    workspace.sockets.refresh({ isWarned: true });
    const ana = workspace.person('ana');
    const answers: string[] = [];
    for (let more = 20; more > 0; more -= workspace.sockets.count() === 2 ? 1 : 0) {
      answers.push(JSON.stringify(await ana.slash('/release', 'status', RELEASES)));
    }
    expect(new Set(answers)).toEqual(new Set(['{"kind":"accepted"}']));
    expect(stores.accepted).toHaveLength(answers.length);
  });

  it('commands arrive over the other while one is cut without a word', async () => {
    await using world = await openSocketWorld();
    const { workspace, stores } = world;
    await workspace.waitFor(() => workspace.sockets.count() === 2);
    workspace.sockets.refresh();
    await workspace.waitFor(() => workspace.sockets.count() === 1);
    const ana = workspace.person('ana');
    expect(await ana.slash('/release', 'status', RELEASES)).toEqual({ kind: 'accepted' });
    await workspace.waitFor(() => workspace.sockets.count() === 2);
    expect(stores.accepted).toHaveLength(1);
  });

  it('connects again by itself after Slack was away', async () => {
    await using world = await openSocketWorld();
    const { workspace, stores, receiving } = world;
    await workspace.waitFor(() => workspace.sockets.count() === 2);
    await workspace.faults.down();
    await workspace.waitFor(() => receiving.health().kind === 'down');
    await workspace.faults.up();
    await workspace.waitFor(() => receiving.health().kind === 'up', { deadlineMs: 8_000 });
    await workspace.person('ana').slash('/release', 'status', RELEASES);
    expect(stores.accepted).toHaveLength(1);
  });

  it('does not acknowledge an event that could not be written down: Slack sends it again', async () => {
    await using world = await openSocketWorld();
    const { workspace, stores } = world;
    await workspace.waitFor(() => workspace.sockets.count() > 0);
    stores.state = 'down';
    workspace.person('ana').post('releases', 'said');
    await workspace.waitFor(() => world.lines.some((line) => line.includes('was not taken in')));
    expect(workspace.deliveries[0]?.answer).toBeUndefined();
  });

  it('ends at once, also while Slack is away', async () => {
    const world = await openSocketWorld();
    await world.workspace.waitFor(() => world.workspace.sockets.count() === 2);
    await world.workspace.faults.down();
    const before = Date.now();
    await world.receiving.close({ withinMs: 500 });
    expect(Date.now() - before).toBeLessThan(2_500);
    await world[Symbol.asyncDispose]();
  });

  it('ends at once while Slack says nothing to the wish to connect', async () => {
    await using world = await openWorld();
    const { workspace, parts } = world;
    workspace.faults.next(2, {
      method: 'apps.connections.open',
      fault: { kind: 'never_answer', commits: false },
    });
    const receiving = await receiveOverSocket(parts, {
      appToken: workspace.tokens.app,
      apiUrl: workspace.apiUrl,
      timers: realTimers,
      staggerMs: 1,
    });
    await workspace.waitFor(() => workspace.faults.pending === 0);
    const before = Date.now();
    await receiving.close({ withinMs: 500 });
    expect(Date.now() - before).toBeLessThan(1_500);
  });

  it('is refused without an app token', async () => {
    await expect(openSocketWorld({ appToken: '' })).rejects.toMatchObject({ name: 'TerminalError' });
  });
});

describe('a connection whose other end fell silent', () => {
  it('is given up and made anew', async () => {
    const world = await openWorld();
    await using proxy = await openSilentProxy({ port: Number(new URL(world.workspace.url).port) });
    const { workspace, stores, parts } = world;
    workspace.connectApp({ socket: true });
    const receiving = await receiveOverSocket(parts, {
      appToken: workspace.tokens.app,
      // The address a socket is opened at names its host after the one that was asked.
      apiUrl: workspace.apiUrl.replace(new URL(workspace.url).port, String(proxy.port)),
      timers: realTimers,
      staggerMs: 60_000,
      silenceMs: 2_000,
    });
    await workspace.waitFor(() => receiving.health().kind === 'up');
    const opened = proxy.opened;
    proxy.silence();
    const before = Date.now();
    await workspace.waitFor(() => proxy.opened > opened && workspace.sockets.count() > 0, {
      deadlineMs: 8_000,
    });
    // Slack's client looks for itself, and takes longer.
    expect(Date.now() - before).toBeLessThan(4_500);
    await workspace.waitFor(() => receiving.health().kind === 'up');
    await workspace.person('ana').slash('/release', 'status', RELEASES);
    expect(stores.accepted).toHaveLength(1);
    await receiving.close({ withinMs: 500 });
    await world[Symbol.asyncDispose]();
  });
});

describe('pages', () => {
  it('are served beside the sockets', async () => {
    const routes = [
      {
        path: '/readyz',
        handler: (_: unknown, response: { end(text: string): void }) => response.end('ready'),
      },
    ];
    await using world = await openSocketWorld({ pages: { port: 0, host: '127.0.0.1', routes } });
    const at = (path: string) => fetch(`http://127.0.0.1:${world.receiving.port}${path}`);
    expect(await (await at('/readyz')).text()).toBe('ready');
    expect((await at('/other')).status).toBe(404);
  });
});
