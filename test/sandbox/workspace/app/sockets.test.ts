import { describe, expect, it } from 'vitest';
import { WebSocket } from 'ws';
import type { Workspace } from '../../../../src/sandbox/workspace/workspace.ts';
import { startTestWorkspace } from '../fixture.ts';
import { callJson } from '../web-api/client.ts';

/** A socket as an app without a library would open it. */
async function openSocket(workspace: Workspace) {
  const { url } = await callJson(workspace, 'apps.connections.open', {}, workspace.tokens.app);
  const socket = new WebSocket(String(url));
  const closed = new Promise((resolve) => socket.once('close', resolve));
  const received: Record<string, unknown>[] = [];
  socket.on('message', (data) => {
    const message = JSON.parse(String(data)) as Record<string, unknown>;
    received.push(message);
    if (typeof message['envelope_id'] === 'string')
      socket.send(JSON.stringify({ envelope_id: message['envelope_id'] }));
  });
  await workspace.waitFor(() => received.length > 0);
  return { socket, received, url: String(url), closed };
}

describe('Socket Mode', () => {
  it('greets each connection and gives each payload to one of them', async () => {
    await using workspace = await startTestWorkspace();
    workspace.connectApp({ socket: true });
    const first = await openSocket(workspace);
    const second = await openSocket(workspace);
    expect(second.received[0]).toMatchObject({
      type: 'hello',
      num_connections: 2,
      connection_info: { app_id: workspace.appId },
    });
    const ana = workspace.person('ana');
    for (let i = 0; i < 4; i += 1) expect(await ana.slash('/echo', `${i}`)).toEqual({ kind: 'accepted' });
    const texts = (received: Record<string, unknown>[]) =>
      received.slice(1).map(({ payload }) => (payload as { text: string }).text);
    expect([...texts(first.received), ...texts(second.received)].sort()).toEqual(['0', '1', '2', '3']);
    expect(texts(first.received)).toHaveLength(2);
  });

  it('takes ten connections, each with a ticket of its own', async () => {
    await using workspace = await startTestWorkspace();
    const sockets = [];
    for (let i = 0; i < 10; i += 1) sockets.push(await openSocket(workspace));
    const eleventh = await openSocket(workspace);
    expect(eleventh.received[0]).toMatchObject({ type: 'disconnect', reason: 'too_many_websockets' });
    await eleventh.closed;
    expect(workspace.sockets.count()).toBe(10);
    const again = new WebSocket(sockets[0]?.url ?? '');
    await expect(new Promise((_, reject) => again.once('error', reject))).rejects.toThrow('408');
  });

  it('announces that a connection will be replaced, and ends it', async () => {
    await using workspace = await startTestWorkspace({ timing: { disconnectWarningMs: 30 } });
    const warned = await openSocket(workspace);
    workspace.sockets.refresh({ isWarned: true });
    await warned.closed;
    expect(warned.received[1]).toMatchObject({ type: 'disconnect', reason: 'warning' });
    const dropped = await openSocket(workspace);
    workspace.sockets.refresh();
    await dropped.closed;
    expect(dropped.received[1]).toMatchObject({ type: 'disconnect', reason: 'refresh_requested' });
  });

  it('repeats an event that is not acknowledged, counting', async () => {
    await using workspace = await startTestWorkspace({ timing: { ackMs: 30, eventRetryDelaysMs: [0, 0] } });
    workspace.connectApp({ socket: true });
    const { url } = await callJson(workspace, 'apps.connections.open', {}, workspace.tokens.app);
    const socket = new WebSocket(String(url));
    const attempts: unknown[] = [];
    socket.on('message', (data) =>
      attempts.push((JSON.parse(String(data)) as Record<string, unknown>)['retry_attempt']),
    );
    await workspace.waitFor(() => attempts.length === 1);
    workspace.person('ana').post('releases', 'x');
    await workspace.waitFor(() => attempts.length === 4);
    expect(attempts).toEqual([undefined, 0, 1, 2]);
  });
});
