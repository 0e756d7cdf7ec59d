import type { App } from '@slack/bolt';
import { describe, expect, it } from 'vitest';
import { startTestWorkspace } from '../fixture.ts';
import { startEchoApp } from './echo-app.ts';

const FORM = {
  type: 'modal' as const,
  callback_id: 'form',
  title: { type: 'plain_text' as const, text: 'A form' },
  submit: { type: 'plain_text' as const, text: 'Send' },
  notify_on_close: true,
  blocks: [
    {
      type: 'input' as const,
      block_id: 'name',
      label: { type: 'plain_text' as const, text: 'Name' },
      element: { type: 'plain_text_input' as const, action_id: 'name' },
    },
    {
      type: 'input' as const,
      block_id: 'who',
      optional: true,
      label: { type: 'plain_text' as const, text: 'Who' },
      element: { type: 'users_select' as const, action_id: 'who' },
    },
  ],
};

function card(text: string) {
  return [
    { type: 'section', block_id: 'say', text: { type: 'mrkdwn', text } },
    {
      type: 'actions',
      block_id: 'acts',
      elements: [
        { type: 'button', action_id: 'go', value: text, text: { type: 'plain_text', text: 'Go' } },
        {
          type: 'button',
          action_id: 'stop',
          style: 'danger',
          text: { type: 'plain_text', text: 'Stop' },
          confirm: { text: { type: 'plain_text', text: 'Really?' } },
        },
      ],
    },
  ] as never[];
}

function wire(app: App, heard: string[]): void {
  app.command('/echo', async ({ command, ack, client, respond }) => {
    heard.push(`command ${command.text}`);
    if (command.text === 'slow') return;
    if (command.text === 'fail') throw new Error('meant to fail');
    if (command.text === 'text') return ack({ response_type: 'in_channel', text: 'to all' });
    await ack();
    if (command.text === 'form') await client.views.open({ trigger_id: command.trigger_id, view: FORM });
    else if (command.text === 'later') {
      await respond({ text: 'one', response_type: 'ephemeral', replace_original: false });
      await respond({ text: 'two', response_type: 'ephemeral', replace_original: true });
    } else {
      await client.chat.postMessage({
        channel: command.channel_id,
        text: command.text,
        blocks: card(command.text),
      });
    }
  });
  app.action('go', async ({ ack, body, action, client, respond }) => {
    await ack();
    heard.push(`go ${'value' in action ? action.value : ''} by ${body.user.id}`);
    if (body.type !== 'block_actions' || body.message === undefined || body.channel === undefined) return;
    await client.chat.update({
      channel: body.channel.id,
      ts: body.message.ts,
      text: 'gone',
      blocks: card('gone'),
    });
    await respond({ text: 'seen', response_type: 'ephemeral', replace_original: false });
  });
  app.action('stop', async ({ ack }) => {
    await ack();
    heard.push('stop');
  });
  app.view('form', async ({ ack, view }) => {
    const name = view.state.values['name']?.['name']?.value;
    heard.push(`form ${name} ${view.state.values['who']?.['who']?.selected_user}`);
    if (name === 'bad') await ack({ response_action: 'errors', errors: { name: 'not that one' } });
    else if (name === 'more') await ack({ response_action: 'push', view: { ...FORM, callback_id: 'form' } });
    else await ack();
  });
  app.view({ callback_id: 'form', type: 'view_closed' }, async ({ ack }) => {
    await ack();
    heard.push('closed');
  });
  app.shortcut('keep', async ({ ack, shortcut }) => {
    await ack();
    heard.push(`keep ${shortcut.type === 'message_action' ? shortcut.message.text : ''}`);
  });
  app.event('app_home_opened', async ({ event, client }) => {
    const blocks = [{ type: 'header' as const, text: { type: 'plain_text' as const, text: 'Home' } }];
    await client.views.publish({ user_id: event.user, view: { type: 'home', blocks } });
  });
  app.event('app_mention', async ({ event }) => void heard.push(`mention ${event.text}`));
  app.event('reaction_added', async ({ event }) => void heard.push(`reaction ${event.reaction}`));
  app.event('message', async ({ event }) => void heard.push(`message ${event.subtype ?? 'plain'}`));
  app.error(async () => undefined);
}

describe.each(['http', 'socket'] as const)('a Bolt app over %s', (transport) => {
  it('takes a command, posts a card, and redraws it when its button is pressed', async () => {
    await using workspace = await startTestWorkspace();
    await using echo = await startEchoApp(workspace, transport, wire);
    const ana = workspace.person('ana');

    expect(await ana.slash('/echo', 'hello', { channel: 'releases' })).toEqual({ kind: 'accepted' });
    const seen = await workspace.waitFor(() => ana.sees('releases', { text: 'hello' }));
    expect(await ana.click({ channel: 'releases', text: 'hello', button: 'Go' })).toEqual({
      kind: 'delivered',
    });
    await workspace.waitFor(() => ana.sees('releases', { text: 'gone' }));
    await workspace.waitFor(() => ana.seesEphemerals('releases').some(({ text }) => text === 'seen'));
    expect(workspace.person('ben').seesEphemerals('releases')).toEqual([]);

    // The old screen still shows the first card, and sends what stood on it.
    expect(await ana.click({ message: seen, button: 'go' })).toEqual({ kind: 'delivered' });
    expect(echo.heard.filter((line) => line.startsWith('go hello'))).toHaveLength(2);
  });

  it('is not told of a press that was thought better of', async () => {
    await using workspace = await startTestWorkspace();
    await using echo = await startEchoApp(workspace, transport, wire);
    const ana = workspace.person('ana');
    await ana.slash('/echo', 'card', { channel: 'releases' });
    await workspace.waitFor(() => ana.sees('releases', { text: 'card' }));
    const stop = { channel: 'releases', text: 'card', button: 'Stop' } as const;
    await expect(ana.click(stop)).rejects.toThrow('asks for confirmation');
    expect(await ana.click({ ...stop, confirm: 'deny' })).toEqual({ kind: 'denied' });
    expect(echo.heard).not.toContain('stop');
    expect(await ana.click({ ...stop, confirm: 'accept' })).toEqual({ kind: 'delivered' });
    expect(echo.heard).toContain('stop');
  });

  it('shows a person that the app did not answer in 3 s', async () => {
    await using workspace = await startTestWorkspace({ timing: { ackMs: 150 } });
    await using _echo = await startEchoApp(workspace, transport, wire);
    const ana = workspace.person('ana');
    const result = await ana.slash('/echo', 'slow', { channel: 'releases' });
    expect(result).toMatchObject({ kind: 'failed', error: 'operation_timeout' });
    expect(ana.seesEphemerals('releases').at(-1)?.text).toBe(
      '/echo failed with the error "operation_timeout"',
    );
  });

  it('opens a modal, finds fault with it, stacks another and hears of its end', async () => {
    await using workspace = await startTestWorkspace();
    await using echo = await startEchoApp(workspace, transport, wire);
    const ana = workspace.person('ana');
    await ana.slash('/echo', 'form');
    await workspace.waitFor(() => ana.openView());
    expect(await ana.submit()).toMatchObject({ kind: 'incomplete', errors: { name: expect.any(String) } });
    expect(await ana.submit({ Name: 'bad' })).toEqual({ kind: 'errors', errors: { name: 'not that one' } });
    expect(ana.openView()?.errors).toEqual({ name: 'not that one' });
    expect(await ana.submit({ Name: 'more', Who: 'ben' })).toEqual({ kind: 'pushed' });
    expect(ana.openView()?.depth).toBe(2);
    expect(await ana.submit({ Name: 'fine' })).toEqual({ kind: 'closed' });
    await ana.closeView();
    expect(ana.openView()).toBeUndefined();
    await workspace.waitFor(() => echo.heard.includes('closed'));
    expect(echo.heard).toContain(`form more ${workspace.person('ben').id}`);
  });

  it('hears mentions, reactions, edits and shortcuts, and draws its home tab', async () => {
    await using workspace = await startTestWorkspace();
    await using echo = await startEchoApp(workspace, transport, wire);
    const ben = workspace.person('ben');
    const ts = ben.post('releases', 'hey @echo, look');
    ben.react('releases', ts, 'pushpin');
    ben.edit('releases', ts, 'never mind');
    await ben.shortcut('keep', { channel: 'releases', ts });
    ben.delete('releases', ts);
    ben.openHome();
    await workspace.waitFor(() => ben.homeView()?.visible === 'Home');
    for (const line of [
      `mention hey <@${workspace.botUserId}>, look`,
      'reaction pushpin',
      'message message_changed',
      'message message_deleted',
      'keep never mind',
    ]) {
      await workspace.waitFor(() => echo.heard.includes(line), { what: line });
    }
  });

  it('answers within its acknowledgement and on the response address', async () => {
    await using workspace = await startTestWorkspace();
    await using _echo = await startEchoApp(workspace, transport, wire);
    const ana = workspace.person('ana');
    await ana.slash('/echo', 'text', { channel: 'releases' });
    expect(workspace.person('ben').sees('releases', { text: 'to all' })).toBeDefined();
    await ana.slash('/echo', 'later', { channel: 'releases' });
    await workspace.waitFor(() => ana.seesEphemerals('releases').at(-1)?.text === 'two');
    expect(ana.seesEphemerals('releases')).toHaveLength(1);
  });
});
