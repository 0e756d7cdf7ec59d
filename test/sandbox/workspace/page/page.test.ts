import { describe, expect, it } from 'vitest';
import type { Screen } from '../../../../src/sandbox/workspace/page/screen.ts';
import type { Workspace } from '../../../../src/sandbox/workspace/workspace.ts';
import { startRecorder } from '../app/recorder.ts';
import { startTestWorkspace } from '../fixture.ts';
import { callJson } from '../web-api/client.ts';

/** A browser that opened the printed address. */
async function enter(workspace: Workspace) {
  const entered = await fetch(workspace.pageUrl);
  const cookie = (entered.headers.get('set-cookie') ?? '').split(';')[0] ?? '';
  const get = (path: string) => fetch(`${workspace.url}${path}`, { headers: { cookie } });
  const screen = async (who: string, channel = '') =>
    (await (await get(`/page/screen?${new URLSearchParams({ as: who, channel })}`)).json()) as Screen;
  const act = async (who: string, body: object, headers: Record<string, string> = {}) => {
    const response = await fetch(`${workspace.url}/page/act?as=${who}`, {
      method: 'POST',
      headers: { cookie, 'content-type': 'application/json', ...headers },
      body: JSON.stringify(body),
    });
    return response.ok ? ((await response.json()) as Record<string, unknown>) : response.status;
  };
  return { entered, get, screen, act };
}

describe('the page', () => {
  it('lets in only who has the printed address, and keeps other sites out', async () => {
    await using workspace = await startTestWorkspace();
    for (const path of ['/', '/page/app.js', '/page/screen', '/page/changes', '/?token=guess']) {
      expect((await fetch(`${workspace.url}${path}`)).status, path).toBe(403);
    }
    const { entered, get, act } = await enter(workspace);
    expect(entered.headers.get('set-cookie')).toMatch(/; HttpOnly; SameSite=Strict; Path=\/$/);
    expect(entered.headers.get('content-security-policy')).toContain("frame-ancestors 'none'");
    expect((await get('/')).status).toBe(200);
    expect(await act('ana', { kind: 'open_home' }, { 'content-type': 'text/plain' })).toBe(415);
  });

  it('comes with its program and its style', async () => {
    await using workspace = await startTestWorkspace();
    const { get } = await enter(workspace);
    const script = await (await get('/page/app.js')).text();
    const style = await (await get('/page/app.css')).text();
    expect(script).toContain('Only visible to you');
    expect(style).toContain('prefers-color-scheme');
    expect((await get('/page/app.js')).headers.get('content-type')).toBe('text/javascript; charset=utf-8');
  });

  it('shows each person what that person may see', async () => {
    await using workspace = await startTestWorkspace({ thingsToTry: '1. one', firstPerson: 'ben' });
    const { screen } = await enter(workspace);
    const names = async (who: string) => (await screen(who)).channels.map(({ name }) => name);
    expect(await names('ana')).toEqual(['closed', 'elsewhere', 'general', 'releases', 'secret']);
    expect(await names('ben')).toEqual(['closed', 'elsewhere', 'general', 'releases']);
    expect(await names('gus')).toEqual(['releases']);
    expect(await names('sue')).toEqual([]);
    const first = await screen('');
    expect(first).toMatchObject({ me: { name: 'ben' }, thingsToTry: '1. one' });
    expect(first.app.commands).toEqual([
      { command: '/echo', description: 'Says it again', hint: '[form | slow | words]' },
    ]);
    const secret = workspace.state().channel('secret').id;
    workspace.person('ana').post('secret', 'x');
    expect((await screen('ben', secret)).messages).toEqual([]);
    expect((await screen('ana', secret)).messages).toHaveLength(1);
    const channel = workspace.state().channel('releases').id;
    await callJson(workspace, 'chat.postEphemeral', {
      channel,
      user: workspace.person('ana').id,
      text: 'psst',
    });
    expect((await screen('ben', channel)).messages).toEqual([]);
    expect((await screen('ana', channel)).messages).toMatchObject([{ text: 'psst', isEphemeral: true }]);
  });

  it('does what a person does, and tells in words what cannot be done', async () => {
    await using workspace = await startTestWorkspace();
    await using app = await startRecorder(workspace);
    const { act, screen } = await enter(workspace);
    const ana = workspace.person('ana');
    const channelId = workspace.state().channel('releases').id;
    expect(await act(ana.id, { kind: 'say', channelId, text: 'hello' })).toEqual({});
    expect(await act(ana.id, { kind: 'say', channelId, text: '/echo  two words ' })).toEqual({});
    expect(app.received.find(({ payload }) => payload['command'] === '/echo')?.payload['text']).toBe(
      'two words',
    );
    const button = { type: 'button', action_id: 'go', text: { type: 'plain_text', text: 'Go' } };
    const blocks = [{ type: 'actions', block_id: 'acts', elements: [button] }];
    const { ts } = await callJson(workspace, 'chat.postMessage', {
      channel: channelId,
      text: 'card',
      blocks,
    });
    const press = { kind: 'press', channelId, ts, blockId: 'acts', actionId: 'go', given: null };
    expect(await act(ana.id, press)).toEqual({});
    expect(await act(ana.id, { ...press, actionId: 'gone' })).toEqual({
      words: 'This has changed meanwhile. Look again.',
    });
    expect(await act(ana.id, { kind: 'delete', channelId, ts })).toEqual({
      words: `message ${ts} is not ana's`,
    });
    app.answer({ status: 500 });
    expect(await act(ana.id, press)).toEqual({ words: 'We had some trouble connecting. Try again?' });
    expect((await screen('ben', channelId)).channels.find(({ id }) => id === channelId)?.hasUnread).toBe(
      true,
    );
    await act('ben', { kind: 'read', channelId, ts });
    expect((await screen('ben', channelId)).channels.find(({ id }) => id === channelId)?.hasUnread).toBe(
      false,
    );
  });

  it('fills in and submits a window', async () => {
    await using workspace = await startTestWorkspace();
    await using app = await startRecorder(workspace);
    const { act, screen } = await enter(workspace);
    const ana = workspace.person('ana');
    await ana.slash('/echo');
    const element = { type: 'plain_text_input', action_id: 'a' };
    const blocks = [{ type: 'input', block_id: 'b', label: { type: 'plain_text', text: 'L' }, element }];
    const view = {
      type: 'modal',
      title: { type: 'plain_text', text: 'T' },
      submit: { type: 'plain_text', text: 'S' },
      blocks,
    };
    await callJson(workspace, 'views.open', { trigger_id: app.lastTrigger(), view });
    const viewId = (await screen('ana')).modals[0]?.id;
    await act('ana', { kind: 'submit', viewId, values: {} });
    expect((await screen('ana')).modals[0]?.errors).toEqual({ b: 'Please complete this required field.' });
    await act('ana', { kind: 'submit', viewId, values: { b: { a: 'typed' } } });
    expect(app.last()).toMatchObject({ view: { state: { values: { b: { a: { value: 'typed' } } } } } });
    expect((await screen('ana')).modals).toEqual([]);
    expect(await act('ana', { kind: 'close', viewId })).toEqual({ words: 'This window is closed.' });
  });

  it('tells browsers when something changed', async () => {
    await using workspace = await startTestWorkspace();
    const { get } = await enter(workspace);
    const stream = (await get('/page/changes')).body?.pipeThrough(new TextDecoderStream()).getReader();
    expect((await stream?.read())?.value).toBe('data: changed\n\n');
    workspace.person('ana').post('releases', 'news');
    expect((await stream?.read())?.value).toBe('data: changed\n\n');
    await stream?.cancel();
  });
});
