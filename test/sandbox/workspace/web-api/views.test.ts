import { describe, expect, it } from 'vitest';
import { startRecorder } from '../app/recorder.ts';
import { startTestWorkspace } from '../fixture.ts';
import { callJson, errorOf } from './client.ts';

const VIEW = { type: 'modal', title: { type: 'plain_text', text: 'T' }, blocks: [{ type: 'divider' }] };

describe('views', () => {
  it('open once for a trigger, within its time', async () => {
    let nowMs = 1_800_000_000_000;
    await using workspace = await startTestWorkspace({ now: () => nowMs });
    await using app = await startRecorder(workspace);
    const ana = workspace.person('ana');
    const open = (trigger_id: string) => errorOf(workspace, 'views.open', { trigger_id, view: VIEW });
    await ana.slash('/echo');
    expect(await open(app.lastTrigger())).toBe('ok');
    expect(await open(app.lastTrigger())).toBe('exchanged_trigger_id');
    expect(await open('1.2.x')).toBe('invalid_trigger_id');
    await ana.slash('/echo');
    nowMs += 3001;
    expect(await open(app.lastTrigger())).toBe('expired_trigger_id');
    await ana.slash('/echo');
    expect(
      await errorOf(workspace, 'views.open', {
        trigger_id: app.lastTrigger(),
        view: { ...VIEW, title: 'T' },
      }),
    ).toBe('invalid_arguments');
  });

  it('change only under the hash that was seen, and not once they are closed', async () => {
    await using workspace = await startTestWorkspace();
    await using app = await startRecorder(workspace);
    const ana = workspace.person('ana');
    await ana.slash('/echo');
    const opened = await callJson(workspace, 'views.open', { trigger_id: app.lastTrigger(), view: VIEW });
    const { id: view_id, hash } = opened['view'] as { id: string; hash: string };
    const update = (given: object) => errorOf(workspace, 'views.update', { view_id, view: VIEW, ...given });
    expect(await update({ hash })).toBe('ok');
    expect(await update({ hash })).toBe('hash_conflict');
    expect(await update({})).toBe('ok');
    await ana.closeView();
    expect(await update({})).toBe('not_found');
  });

  it('stack three high, from within a modal only', async () => {
    await using workspace = await startTestWorkspace();
    await using app = await startRecorder(workspace);
    const ana = workspace.person('ana');
    const button = { type: 'button', action_id: 'more', text: { type: 'plain_text', text: 'More' } };
    const view = { ...VIEW, blocks: [{ type: 'actions', elements: [button] }] };
    const push = () => errorOf(workspace, 'views.push', { trigger_id: app.lastTrigger(), view });
    await ana.slash('/echo');
    expect(await push()).toBe('not_found');
    await ana.slash('/echo');
    await callJson(workspace, 'views.open', { trigger_id: app.lastTrigger(), view });
    for (const expected of ['ok', 'ok', 'push_limit_reached']) {
      await ana.click({ view: 'modal', button: 'More' });
      expect(await push()).toBe(expected);
    }
    expect(ana.openView()?.depth).toBe(3);
  });

  it('keep what a person typed when the app redraws them', async () => {
    await using workspace = await startTestWorkspace();
    await using app = await startRecorder(workspace);
    const ana = workspace.person('ana');
    const input = (block_id: string) => ({
      type: 'input',
      block_id,
      label: { type: 'plain_text', text: block_id },
      element: { type: 'plain_text_input', action_id: 'a', initial_value: 'first' },
    });
    const view = {
      ...VIEW,
      submit: { type: 'plain_text', text: 'Go' },
      blocks: [input('kept'), input('gone')],
    };
    await ana.slash('/echo');
    const opened = await callJson(workspace, 'views.open', { trigger_id: app.lastTrigger(), view });
    await ana.choose({ view: 'modal', input: 'kept', value: 'typed' });
    const { id: view_id } = opened['view'] as { id: string };
    const blocks = [input('kept'), input('new')];
    await callJson(workspace, 'views.update', { view_id, view: { ...view, blocks } });
    await ana.submit();
    expect(app.last()).toMatchObject({
      type: 'view_submission',
      view: { state: { values: { kept: { a: { value: 'typed' } }, new: { a: { value: 'first' } } } } },
    });
  });
});
