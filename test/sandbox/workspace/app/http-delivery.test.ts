import { createHmac } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { MANIFEST, startTestWorkspace } from '../fixture.ts';
import { startRecorder } from './recorder.ts';

describe('what goes to the app by HTTP', () => {
  it('is signed with the time and the body', async () => {
    await using workspace = await startTestWorkspace();
    await using app = await startRecorder(workspace);
    await workspace.person('ana').slash('/echo', 'héllo <@U1> & more', { channel: 'releases' });
    const [received] = app.received;
    const timestamp = received?.headers['x-slack-request-timestamp'];
    const expected = createHmac('sha256', workspace.signingSecret)
      .update(`v0:${timestamp}:${received?.body}`)
      .digest('hex');
    expect(received?.headers['x-slack-signature']).toBe(`v0=${expected}`);
    expect(app.last()).toMatchObject({
      command: '/echo',
      text: 'héllo <@U1> & more',
      user_id: workspace.person('ana').id,
      channel_name: 'releases',
      team_id: workspace.teamId,
      api_app_id: workspace.appId,
    });
  });

  it('can be replayed byte for byte, and forged in the ways an attacker would', async () => {
    await using workspace = await startTestWorkspace();
    await using app = await startRecorder(workspace);
    await workspace.person('ana').slash('/echo', 'once');
    const [delivery] = workspace.deliveries;
    if (delivery === undefined) throw new Error('nothing was delivered');
    expect(await workspace.raw.replay(delivery)).toEqual({ status: 200, body: '' });
    expect(app.received[1]?.body).toBe(app.received[0]?.body);
    expect(app.received[1]?.headers['x-slack-signature']).toBe(app.received[0]?.headers['x-slack-signature']);
    await workspace.raw.send(workspace.raw.sign('a=b', { secret: 'guess', timestampSeconds: 1 }));
    expect(app.received[2]?.headers['x-slack-request-timestamp']).toBe('1');
  });

  it.each([
    ['is not answered in time', { delayMs: 60_000 }, 'operation_timeout'],
    ['is answered with an error', { status: 500 }, 'dispatch_failed'],
    [
      'is answered with what is no message',
      { body: '{"blocks":[{"type":"x"}]}', headers: { 'content-type': 'application/json' } },
      'invalid_command_response',
    ],
  ])('is told to the person when it %s', async (_name, answer, error) => {
    await using workspace = await startTestWorkspace({
      timing: { ackMs: error === 'operation_timeout' ? 50 : 3000 },
    });
    await using app = await startRecorder(workspace);
    app.answer(answer);
    const ana = workspace.person('ana');
    const words = `/echo failed with the error "${error}"`;
    expect(await ana.slash('/echo', '', { channel: 'releases' })).toEqual({ kind: 'failed', error, words });
    expect(ana.seesEphemerals('releases').map(({ text }) => text)).toEqual([words]);
  });

  it('is told to the person when nobody is there', async () => {
    await using workspace = await startTestWorkspace();
    expect(await workspace.person('ana').slash('/echo')).toMatchObject({
      kind: 'failed',
      error: 'dispatch_failed',
    });
  });

  it('is not sent for commands in threads, unknown ones, and people of other companies', async () => {
    await using workspace = await startTestWorkspace();
    await using app = await startRecorder(workspace);
    const ana = workspace.person('ana');
    const threadTs = ana.post('releases', 'x');
    const before = app.received.length;
    const results = [
      await ana.slash('/echo', '', { channel: 'releases', threadTs }),
      await ana.slash('/nothing', '', { channel: 'releases' }),
      await workspace.person('eve').slash('/echo', '', { channel: 'releases' }),
    ];
    expect(results.map((result) => result.kind === 'refused' && result.words)).toEqual([
      '/echo is not supported in threads. Sorry!',
      '/nothing is not a valid command.',
      '/echo is not a valid command.',
    ]);
    expect(app.received.slice(before).filter(({ payload }) => 'command' in payload)).toEqual([]);
  });

  it('is sent again while an event is not acknowledged, and says so', async () => {
    await using workspace = await startTestWorkspace({ timing: { eventRetryDelaysMs: [0, 20, 20] } });
    await using app = await startRecorder(workspace);
    app.answer({ status: 500 });
    workspace.person('ana').post('releases', 'x');
    await workspace.waitFor(() => app.received.length === 4);
    const retries = app.received.map(({ headers }) => [
      headers['x-slack-retry-num'],
      headers['x-slack-retry-reason'],
    ]);
    expect(retries).toEqual([
      [undefined, undefined],
      ['1', 'http_error'],
      ['2', 'http_error'],
      ['3', 'http_error'],
    ]);
    expect(new Set(app.received.map(({ payload }) => payload['event_id'])).size).toBe(1);
  });

  it('is sent once when the app forbids to try again', async () => {
    await using workspace = await startTestWorkspace({ timing: { eventRetryDelaysMs: [0, 0, 0] } });
    await using app = await startRecorder(workspace);
    app.answer({ status: 500, headers: { 'x-slack-no-retry': '1' } });
    const ana = workspace.person('ana');
    const texts = () => app.received.map(({ payload }) => (payload['event'] as { text: string }).text);
    ana.post('releases', 'first');
    await workspace.waitFor(() => workspace.deliveries[0]?.answer);
    ana.post('releases', 'second');
    await workspace.waitFor(() => texts().includes('second'));
    expect(texts()).toEqual(['first', 'second']);
  });

  it('is only what the app subscribed to', async () => {
    const settings = { ...MANIFEST.settings, event_subscriptions: { bot_events: ['reaction_added'] } };
    await using workspace = await startTestWorkspace({ manifest: { ...MANIFEST, settings } });
    await using app = await startRecorder(workspace);
    const ana = workspace.person('ana');
    const ts = ana.post('releases', 'x');
    ana.react('releases', ts, 'eyes');
    await workspace.waitFor(() => app.received.length > 0);
    expect(app.received.map(({ payload }) => (payload['event'] as { type: string }).type)).toEqual([
      'reaction_added',
    ]);
  });

  it('tells only of channels the bot is in', async () => {
    await using workspace = await startTestWorkspace();
    await using app = await startRecorder(workspace);
    const ana = workspace.person('ana');
    ana.post('secret', 'not for the app');
    ana.post('releases', 'for the app');
    await workspace.waitFor(() => app.received.length > 0);
    expect(app.received.map(({ payload }) => payload['event'])).toMatchObject([
      { text: 'for the app', channel_type: 'channel' },
    ]);
    ana.invite('secret', 'echo');
    await workspace.waitFor(() =>
      app.received.some(
        ({ payload }) => (payload['event'] as { type: string }).type === 'member_joined_channel',
      ),
    );
  });
});

describe('a response address', () => {
  it('works five times, for half an hour', async () => {
    let nowMs = 1_800_000_000_000;
    await using workspace = await startTestWorkspace({ now: () => nowMs });
    await using app = await startRecorder(workspace);
    const ana = workspace.person('ana');
    const respond = async (body: object) => {
      const response = await fetch(String(app.last()['response_url']), {
        method: 'POST',
        body: JSON.stringify(body),
      });
      return [response.status, ((await response.json()) as { error?: string }).error];
    };
    await ana.slash('/echo');
    for (let use = 1; use <= 5; use += 1) expect(await respond({ text: `${use}` })).toEqual([200, undefined]);
    expect(await respond({ text: '6' })).toEqual([404, 'used_url']);
    await ana.slash('/echo');
    expect(await respond({ blocks: [{ type: 'x' }] })).toEqual([400, 'invalid_blocks']);
    nowMs += 30 * 60_000 + 1;
    expect(await respond({ text: 'late' })).toEqual([404, 'expired_url']);
  });

  it('of a button replaces or deletes the message it stands on', async () => {
    await using workspace = await startTestWorkspace();
    await using app = await startRecorder(workspace);
    const ana = workspace.person('ana');
    const { callJson } = await import('../web-api/client.ts');
    const button = { type: 'button', action_id: 'go', text: { type: 'plain_text', text: 'Go' } };
    const blocks = [{ type: 'actions', elements: [button] }];
    await callJson(workspace, 'chat.postMessage', { channel: '#releases', text: 'card', blocks });
    const respond = (body: object) =>
      fetch(String(app.last()['response_url']), { method: 'POST', body: JSON.stringify(body) });
    await ana.click({ channel: 'releases', text: 'card', button: 'Go' });
    await respond({ replace_original: true, text: 'changed', blocks });
    expect(ana.sees('releases', { text: 'changed' })).toBeDefined();
    await ana.click({ channel: 'releases', text: 'changed', button: 'Go' });
    await respond({ delete_original: true });
    expect(ana.reads('releases')).toEqual([]);
  });
});
