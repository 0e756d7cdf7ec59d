import { describe, expect, it } from 'vitest';
import { startRecorder } from '../app/recorder.ts';
import { startTestWorkspace } from '../fixture.ts';
import { callJson } from '../web-api/client.ts';

const button = (text: string, action_id = text.toLowerCase()) => ({
  type: 'button',
  action_id,
  text: { type: 'plain_text', text },
});

describe('a person at a screen', () => {
  it('presses only what is there', async () => {
    await using workspace = await startTestWorkspace();
    await using app = await startRecorder(workspace);
    const ana = workspace.person('ana');
    const blocks = [
      { type: 'actions', elements: [button('Go'), button('Same', 'one'), button('Same', 'two')] },
    ];
    await callJson(workspace, 'chat.postMessage', { channel: '#releases', text: 'card', blocks });
    const click = (text: string, name: string) => ana.click({ channel: 'releases', text, button: name });
    await expect(click('card', 'Stop')).rejects.toThrow(
      'there is no button "Stop", only: "Go" (go), "Same" (one), "Same" (two)',
    );
    await expect(click('card', 'Same')).rejects.toThrow('there are 2');
    await expect(click('nothing like it', 'Go')).rejects.toThrow('sees no message nothing like it');
    await expect(ana.click({ channel: 'releases', button: 'Go', confirm: 'accept' })).rejects.toThrow(
      'asks for no confirmation',
    );
    await expect(workspace.person('sue').click({ channel: 'releases', button: 'Go' })).rejects.toThrow(
      'sees no channel',
    );
    expect(app.received).toEqual([]);
    const seen = ana.sees('releases', { text: 'card' });
    await callJson(workspace, 'chat.delete', {
      channel: workspace.state().channel('releases').id,
      ts: seen?.ts,
    });
    if (seen === undefined) throw new Error('the card was not seen');
    await expect(ana.click({ message: seen, button: 'Go' })).rejects.toThrow('is gone');
  });

  it('sends what was chosen in a message with the next press', async () => {
    await using workspace = await startTestWorkspace();
    await using app = await startRecorder(workspace);
    const ana = workspace.person('ana');
    const option = (value: string) => ({ value, text: { type: 'plain_text', text: `Option ${value}` } });
    const select = { type: 'static_select', action_id: 'pick', options: [option('a'), option('b')] };
    const blocks = [{ type: 'actions', block_id: 'acts', elements: [select, button('Go')] }];
    await callJson(workspace, 'chat.postMessage', { channel: '#releases', text: 'form', blocks });
    await ana.choose({ channel: 'releases', input: 'pick', value: 'Option b' });
    expect(app.last()).toMatchObject({ actions: [{ action_id: 'pick', selected_option: { value: 'b' } }] });
    await ana.click({ channel: 'releases', button: 'Go' });
    expect(app.last()).toMatchObject({
      type: 'block_actions',
      actions: [{ action_id: 'go', block_id: 'acts' }],
      state: { values: { acts: { pick: { selected_option: { value: 'b' } } } } },
      container: { type: 'message', is_ephemeral: false },
    });
    await expect(ana.choose({ channel: 'releases', input: 'pick', value: 'c' })).rejects.toThrow(
      'only: Option a, Option b',
    );
  });

  it('sees what is shown to nobody else, and the app is not sent it back', async () => {
    await using workspace = await startTestWorkspace();
    await using app = await startRecorder(workspace);
    const ana = workspace.person('ana');
    const channel = workspace.state().channel('releases').id;
    const blocks = [{ type: 'actions', elements: [button('Go')] }];
    await callJson(workspace, 'chat.postEphemeral', { channel, user: ana.id, text: 'psst', blocks });
    await expect(
      workspace.person('ben').click({ channel: 'releases', text: 'psst', button: 'Go' }),
    ).rejects.toThrow('sees no message');
    await ana.click({ channel: 'releases', text: 'psst', button: 'Go' });
    expect(app.last()).toMatchObject({ container: { is_ephemeral: true } });
    expect(app.last()).not.toHaveProperty('message');
  });

  it('speaks only where it belongs, and changes only its own words', async () => {
    await using workspace = await startTestWorkspace();
    const ana = workspace.person('ana');
    const ben = workspace.person('ben');
    const ts = ana.post('releases', 'a < b & @ben, see #general. @nobody');
    const general = workspace.state().channel('general').id;
    expect(workspace.state().messages('releases')[0]?.text).toBe(
      `a &lt; b &amp; <@${ben.id}>, see <#${general}>. @nobody`,
    );
    expect(workspace.state().notifications.map(({ userId }) => userId)).toEqual([ben.id]);
    expect(() => ben.edit('releases', ts, 'x')).toThrow("is not ben's");
    expect(() => ben.delete('releases', ts)).toThrow("is not ben's");
    expect(() => ben.post('elsewhere', 'x')).toThrow('is not in elsewhere');
    expect(() => ben.post('secret', 'x')).toThrow('sees no channel');
    expect(() => ana.post('closed', 'x')).toThrow('is archived');
    expect(() => ben.react('releases', ts, 'no_such_thing')).toThrow('there is no emoji');
  });

  it('is answered by the workspace itself where a command is its own', async () => {
    const command = {
      command: '/weather',
      description: 'Makes weather',
      usage_hint: '[sun | rain]',
      run: async (person: string, text: string) => `${person} wants ${text}`,
    };
    await using workspace = await startTestWorkspace({ ownCommands: [command] });
    await using app = await startRecorder(workspace);
    const ana = workspace.person('ana');
    expect(await ana.slash('/weather', 'rain', { channel: 'releases' })).toEqual({ kind: 'accepted' });
    expect(ana.seesEphemerals('releases').map(({ text }) => text)).toEqual(['ana wants rain']);
    expect(app.received).toEqual([]);
  });

  it('is told what the app did not do in a window', async () => {
    await using workspace = await startTestWorkspace();
    await using app = await startRecorder(workspace);
    const ana = workspace.person('ana');
    const view = {
      type: 'modal',
      title: { type: 'plain_text', text: 'T' },
      submit: { type: 'plain_text', text: 'Go' },
      blocks: [],
    };
    await ana.slash('/echo');
    await callJson(workspace, 'views.open', { trigger_id: app.lastTrigger(), view });
    app.answer({ status: 500 });
    expect(await ana.submit()).toMatchObject({ kind: 'failed', error: 'dispatch_failed' });
    const json = { 'content-type': 'application/json' };
    app.answer({ headers: json, body: '{"response_action":"errors","errors":{"nowhere":"x"}}' });
    expect(await ana.submit()).toMatchObject({ kind: 'failed', error: 'invalid_error_block_id' });
    app.answer({
      headers: json,
      body: JSON.stringify({ response_action: 'update', view: { ...view, title: 'T' } }),
    });
    expect(await ana.submit()).toMatchObject({ kind: 'failed', error: 'invalid_arguments' });
    app.answer({ headers: json, body: '{"response_action":"clear"}' });
    expect(await ana.submit()).toEqual({ kind: 'cleared' });
    await expect(ana.submit()).rejects.toThrow('has no modal open');
  });
});
