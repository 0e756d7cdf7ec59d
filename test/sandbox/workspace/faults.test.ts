import { describe, expect, it } from 'vitest';
import { startTestWorkspace } from './fixture.ts';
import { clientOf, errorOf } from './web-api/client.ts';

describe('trouble on demand', () => {
  it('meets the calls it was ordered for, and no others', async () => {
    await using workspace = await startTestWorkspace();
    const web = clientOf(workspace);
    const post = (channel: string) => web.chat.postMessage({ channel, text: 'x' });
    workspace.faults.next(2, {
      method: 'chat.postMessage',
      channel: 'releases',
      fault: { kind: 'rate_limited', retryAfterSeconds: 7 },
    });
    await post('#general');
    await expect(post('#releases')).rejects.toMatchObject({ retryAfter: 7 });
    await expect(post(workspace.state().channel('releases').id)).rejects.toMatchObject({ retryAfter: 7 });
    await post('#releases');
    expect(workspace.faults.pending).toBe(0);
    expect(workspace.requests.map(({ fault }) => fault)).toEqual([
      undefined,
      'rate_limited',
      'rate_limited',
      undefined,
    ]);
  });

  it.each([
    ['error_500', 0],
    ['commit_then_500', 1],
    ['commit_then_reset', 1],
  ] as const)('of the kind %s leaves %i messages', async (kind, messages) => {
    await using workspace = await startTestWorkspace();
    workspace.faults.next(1, { fault: { kind } });
    await expect(clientOf(workspace).chat.postMessage({ channel: '#releases', text: 'x' })).rejects.toThrow();
    expect(workspace.state().messages('releases')).toHaveLength(messages);
    expect(workspace.requests[0]).toMatchObject({ fault: kind });
  });

  it.each([true, false])('never answers, having committed: %s', async (commits) => {
    await using workspace = await startTestWorkspace();
    workspace.faults.next(1, { fault: { kind: 'never_answer', commits } });
    const signal = AbortSignal.timeout(100);
    const headers = { authorization: `Bearer ${workspace.tokens.bot}` };
    const body = new URLSearchParams({ channel: '#releases', text: 'x' });
    await expect(
      fetch(`${workspace.apiUrl}chat.postMessage`, { method: 'POST', headers, body, signal }),
    ).rejects.toThrow();
    expect(workspace.state().messages('releases')).toHaveLength(commits ? 1 : 0);
  });

  it('can be slow, take the bot out of a channel, and be forgotten', async () => {
    await using workspace = await startTestWorkspace();
    workspace.faults.next(1, { method: 'api.test', fault: { kind: 'slow', delayMs: 60 } });
    await errorOf(workspace, 'api.test');
    expect(workspace.requests[0]?.tookMs).toBeGreaterThanOrEqual(55);
    workspace.faults.kickBot('releases');
    expect(await errorOf(workspace, 'chat.postMessage', { channel: '#releases', text: 'x' })).toBe(
      'not_in_channel',
    );
    workspace.faults.next(9, { fault: { kind: 'error_500' } });
    workspace.faults.clear();
    expect(await errorOf(workspace, 'api.test')).toBe('ok');
  });

  it('takes the whole server away and brings it back as it was', async () => {
    await using workspace = await startTestWorkspace();
    await errorOf(workspace, 'chat.postMessage', { channel: '#releases', text: 'before' });
    await workspace.faults.down();
    await expect(errorOf(workspace, 'api.test')).rejects.toThrow();
    await workspace.faults.up();
    expect(await errorOf(workspace, 'api.test')).toBe('ok');
    expect(workspace.person('ana').sees('releases')?.text).toBe('before');
  });
});
