import { describe, expect, it } from 'vitest';
import { clientMessageId } from '../../../src/adapters/slack/client-message-id.ts';
import type { Message } from '../../../src/ports/message.ts';
import { openWorld } from './world.ts';

const message: Message = { text: 'a <board>', blocks: [{ kind: 'header', text: 'a board' }] };

describe('a post', () => {
  it('carries its operation, unfurls nothing and tells everything to the lock screen', async () => {
    await using world = await openWorld();
    await world.slack.chat.post({ channel: world.idOf('releases'), operation: 'prod/x#say/1', message });
    expect(world.workspace.requests.at(-1)?.args).toMatchObject({
      text: 'a &lt;board&gt;',
      client_msg_id: clientMessageId('prod/x#say/1'),
    });
    const [posted] = world.workspace.state().messages('releases');
    expect(posted?.metadata).toEqual({ event_type: 'signalbox', event_payload: { op: 'prod/x#say/1' } });
  });

  it.each([['commit_then_500'], ['commit_then_reset']] as const)(
    'is sent once, whatever Slack does: %s',
    async (kind) => {
      await using world = await openWorld();
      const { workspace, slack, idOf } = world;
      workspace.faults.next(1, { method: 'chat.postMessage', fault: { kind } });
      const post = { channel: idOf('releases'), operation: 'op', message };
      await expect(slack.chat.post(post)).rejects.toMatchObject({
        name: 'UnavailableError',
        ambiguous: true,
      });
      expect(workspace.state().messages('releases')).toHaveLength(1);
    },
  );

  it('that another app pretends to have made for us is not adopted', async () => {
    await using world = await openWorld();
    const { workspace, slack, idOf } = world;
    const since = Date.now();
    const ts = workspace.person('eve').post('releases', 'a forgery');
    const forged = workspace
      .state()
      .messages('releases')
      .find((one) => one.ts === ts);
    Object.assign(forged ?? {}, { metadata: { event_type: 'signalbox', event_payload: { op: 'op' } } });
    expect(await slack.chat.find({ channel: idOf('releases'), operation: 'op', since })).toBeUndefined();
  });

  it('with a token Slack refuses is to be tried again later, and says what to do', async () => {
    await using world = await openWorld({ tokens: { bot: 'xoxb-another', app: 'xapp-1-a' } });
    const { slack, workspace, idOf } = world;
    Object.assign(workspace.tokens, { bot: 'xoxb-rotated' });
    await expect(
      slack.chat.post({ channel: idOf('releases'), operation: 'op', message }),
    ).rejects.toMatchObject({
      name: 'UnavailableError',
      ambiguous: false,
      retryAfterMs: 60_000,
      message: expect.stringContaining('install the app again'),
    });
  });

  it('without the scope for it is refused with the scope’s name', async () => {
    await using world = await openWorld({ scopes: ['channels:history'] });
    const { slack, idOf } = world;
    expect(await slack.chat.post({ channel: idOf('releases'), operation: 'op', message })).toEqual({
      kind: 'refused',
      reason:
        'the Slack app lacks a scope: install it again from manifests/slack-app.yaml (needs the scope chat:write)',
    });
  });

  it('that Slack finds badly made is a fault of ours, and says which', async () => {
    await using world = await openWorld();
    const blocks = [{ kind: 'image' as const, url: 'http://10.0.0.1/chart.png', alt: 'chart' }];
    const post = { channel: world.idOf('releases'), operation: 'op', message: { text: 'x', blocks } };
    await expect(world.slack.chat.post(post)).rejects.toMatchObject({
      name: 'TerminalError',
      message: expect.stringMatching(/invalid_blocks.*\/blocks\/0/),
    });
  });
});

describe('an operation’s client_msg_id', () => {
  it('is a version 5 UUID, the same for ever', () => {
    expect(clientMessageId('prod/x#say/1')).toBe(clientMessageId('prod/x#say/1'));
    expect(clientMessageId('prod/x#say/1')).not.toBe(clientMessageId('prod/x#say/2'));
    expect(clientMessageId('op')).toMatch(
      /^[0-9a-f]{8}-[0-9a-f]{4}-5[0-9a-f]{3}-[89ab][0-9a-f]{3}-[0-9a-f]{12}$/,
    );
  });
});
