import type { WebAPICallResult } from '@slack/web-api';
import { describe, expect, it } from 'vitest';
import { startTestWorkspace } from '../fixture.ts';
import { callJson, clientOf, errorOf } from './client.ts';

describe('posting', () => {
  it('takes a message where the bot is, and refuses it elsewhere by Slack’s names', async () => {
    await using workspace = await startTestWorkspace();
    const id = (name: string) => workspace.state().channel(name).id;
    const post = (channel: string, given: object = { text: 'x' }) =>
      errorOf(workspace, 'chat.postMessage', { channel, ...given });
    expect(await post(id('releases'))).toBe('ok');
    expect(await post('#releases')).toBe('ok');
    expect(await post(id('elsewhere'))).toBe('not_in_channel');
    expect(await post(id('secret'))).toBe('channel_not_found');
    expect(await post('C0NOBODY')).toBe('channel_not_found');
    expect(await post(id('closed'))).toBe('is_archived');
    expect(await post(id('releases'), {})).toBe('no_text');
    expect(await post(id('releases'), { text: '' })).toBe('no_text');
    expect(await post(id('releases'), { blocks: 'x' })).toBe('invalid_blocks_format');
    expect(await post(id('releases'), { text: 'x', markdown_text: 'x' })).toBe('markdown_text_conflict');
    expect(await post(id('releases'), { text: 'x', metadata: { event_type: 'a' } })).toBe(
      'invalid_metadata_format',
    );
    expect(await post(id('releases'), { text: 'x', thread_ts: '1.2' })).toBe('invalid_thread_ts');
    expect(await post(id('releases'), { text: 'x', thread_ts: '1800000000.000001' })).toBe(
      'thread_not_found',
    );
    expect(await post(workspace.person('ana').id)).toBe('ok');
  });

  it('points into blocks that do not hold', async () => {
    await using workspace = await startTestWorkspace();
    const channel = workspace.state().channel('releases').id;
    expect(await callJson(workspace, 'chat.postMessage', { channel, blocks: [{ type: 'header' }] })).toEqual({
      ok: false,
      error: 'invalid_blocks',
      errors: ['missing required field: text [json-pointer:/blocks/0]'],
      response_metadata: { messages: ['[ERROR] missing required field: text [json-pointer:/blocks/0]'] },
    });
    const blocks = [1, 2, 3, 4, 5].map(() => ({
      type: 'section',
      text: { type: 'mrkdwn', text: 'x'.repeat(3000) },
    }));
    expect(await errorOf(workspace, 'chat.postMessage', { channel, blocks })).toBe('msg_blocks_too_long');
  });

  it('posts once for one client_msg_id', async () => {
    await using workspace = await startTestWorkspace();
    const given = { text: 'once', client_msg_id: 'a3f1e0c2-0000-4000-8000-000000000000' };
    const channel = workspace.state().channel('releases').id;
    const first = await callJson(workspace, 'chat.postMessage', { channel, ...given });
    const again = await callJson(workspace, 'chat.postMessage', { channel, ...given });
    expect(again['ts']).toBe(first['ts']);
    expect(workspace.state().messages('releases')).toHaveLength(1);
    expect(await errorOf(workspace, 'chat.postMessage', { channel: '#general', ...given })).toBe(
      'duplicate_message_not_found',
    );
  });

  it('keeps metadata, and gives it back only when asked', async () => {
    await using workspace = await startTestWorkspace();
    const web = clientOf(workspace);
    const channel = workspace.state().channel('releases').id;
    const metadata = { event_type: 'release_op', event_payload: { op_id: '7' } };
    const { ts = '' } = await web.chat.postMessage({ channel, text: 'x', metadata });
    const read = async (withIt: boolean) =>
      (await web.conversations.history({ channel, include_all_metadata: withIt })).messages?.[0]?.metadata;
    expect(await read(true)).toEqual(metadata);
    expect(await read(false)).toBeUndefined();
    await web.chat.update({ channel, ts, text: 'y' });
    expect(await read(true)).toEqual(metadata);
    await callJson(workspace, 'chat.update', { channel, ts, text: 'y', metadata: {} });
    expect(await read(true)).toBeUndefined();
  });

  it('notifies those who are named and in the channel, each for one reason, and nobody on an edit', async () => {
    await using workspace = await startTestWorkspace();
    const web = clientOf(workspace);
    const channel = workspace.state().channel('releases').id;
    const group = [...workspace.state().usergroups.keys()][0];
    const id = (name: string) => workspace.person(name).id;
    const text = `<@${id('ana')}> <!subteam^${group}> <@${id('sue')}>`;
    const blocks = [{ type: 'section' as const, text: { type: 'mrkdwn' as const, text } }];
    const { ts = '' } = await web.chat.postMessage({ channel, text: 'prod HELD', blocks });
    await web.chat.update({ channel, ts, text: `<@${id('gus')}>` });
    const pinged = workspace.state().notifications.map(({ userId, why, text: line }) => [userId, why, line]);
    expect(pinged.sort()).toEqual(
      [
        [id('ana'), 'mention', 'prod HELD'],
        [id('ben'), 'usergroup', 'prod HELD'],
        [id('cleo'), 'usergroup', 'prod HELD'],
      ].sort(),
    );
    await web.chat.postMessage({ channel, text: `<@${id('gus')}>`, blocks: [{ type: 'divider' }] });
    expect(workspace.state().notifications.some(({ userId }) => userId === id('gus'))).toBe(false);
  });
});

describe('changing a message', () => {
  it('replaces blocks, and keeps them when only metadata is given', async () => {
    await using workspace = await startTestWorkspace();
    const channel = workspace.state().channel('releases').id;
    const blocks = [{ type: 'divider' }];
    const { ts } = await callJson(workspace, 'chat.postMessage', { channel, text: 'x', blocks });
    const message = () => workspace.state().messages('releases')[0];
    const metadata = { event_type: 'a', event_payload: {} };
    await callJson(workspace, 'chat.update', { channel, ts, metadata });
    expect(message()?.blocks).toHaveLength(1);
    expect(message()?.edited).toBeUndefined();
    await callJson(workspace, 'chat.update', { channel, ts, text: 'only text' });
    expect(message()).toMatchObject({ text: 'only text', blocks: [], metadata });
    expect(await errorOf(workspace, 'chat.update', { channel, ts, text: 'x'.repeat(4001) })).toBe(
      'msg_too_long',
    );
  });

  it('is refused for what others wrote, what is gone, and what only one person sees', async () => {
    await using workspace = await startTestWorkspace();
    const ana = workspace.person('ana');
    const channel = workspace.state().channel('releases').id;
    const theirs = ana.post('releases', 'mine');
    const { message_ts: shown } = await callJson(workspace, 'chat.postEphemeral', {
      channel,
      user: ana.id,
      text: 'psst',
    });
    const update = (ts: unknown) => errorOf(workspace, 'chat.update', { channel, ts, text: 'x' });
    expect(await update(theirs)).toBe('cant_update_message');
    expect(await update(shown)).toBe('message_not_found');
    expect(await errorOf(workspace, 'chat.delete', { channel, ts: theirs })).toBe('cant_delete_message');
    ana.delete('releases', theirs);
    expect(await update(theirs)).toBe('message_not_found');
    const history = await clientOf(workspace).conversations.history({ channel });
    expect(history.messages).toEqual([]);
    expect(ana.seesEphemerals('releases')).toHaveLength(1);
    const stranger = { channel, user: workspace.person('sue').id, text: 'x' };
    expect(await errorOf(workspace, 'chat.postEphemeral', stranger)).toBe('user_not_in_channel');
  });

  it('keeps threads together, and out of the history', async () => {
    await using workspace = await startTestWorkspace();
    const web = clientOf(workspace);
    const channel = workspace.state().channel('releases').id;
    const { ts = '' } = await web.chat.postMessage({ channel, text: 'top' });
    const { ts: reply = '' } = await web.chat.postMessage({ channel, text: 'reply', thread_ts: ts });
    await web.chat.postMessage({ channel, text: 'aloud', thread_ts: ts, reply_broadcast: true });
    const history = await web.conversations.history({ channel });
    expect(history.messages?.map(({ text }) => text)).toEqual(['aloud', 'top']);
    expect(history.messages?.[1]).toMatchObject({ reply_count: 2, thread_ts: ts });
    const thread = await web.conversations.replies({ channel, ts: reply });
    expect(thread.messages?.map(({ text }) => text)).toEqual(['top', 'reply', 'aloud']);
    expect(await errorOf(workspace, 'chat.postMessage', { channel, text: 'x', thread_ts: reply })).toBe(
      'cannot_reply_to_message',
    );
    await web.chat.delete({ channel, ts });
    const after = await web.conversations.replies({ channel, ts });
    expect(after.messages?.[0]).toMatchObject({ subtype: 'tombstone' });
  });

  it('reads history in pages and between two times', async () => {
    await using workspace = await startTestWorkspace();
    const web = clientOf(workspace);
    const channel = workspace.state().channel('releases').id;
    const posted: string[] = [];
    for (const text of ['1', '2', '3', '4', '5'])
      posted.push((await web.chat.postMessage({ channel, text })).ts ?? '');
    const pages: string[] = [];
    for await (const page of web.paginate('conversations.history', { channel, limit: 2 })) {
      pages.push(
        (page as WebAPICallResult & { messages: { text: string }[] }).messages
          .map(({ text }) => text)
          .join(''),
      );
    }
    expect(pages).toEqual(['54', '32', '1']);
    const [, second = '', third = ''] = posted;
    const after = await web.conversations.history({ channel, oldest: second });
    expect(after.messages?.map(({ text }) => text)).toEqual(['5', '4', '3']);
    const from = await web.conversations.history({ channel, oldest: second, latest: third, inclusive: true });
    expect(from.messages?.map(({ text }) => text)).toEqual(['3', '2']);
    expect(await errorOf(workspace, 'conversations.history', { channel, cursor: 'x' })).toBe(
      'invalid_cursor',
    );
  });
});

describe('reactions', () => {
  it('are given and taken once', async () => {
    await using workspace = await startTestWorkspace();
    const channel = workspace.state().channel('releases').id;
    const timestamp = workspace.person('ana').post('releases', 'x');
    const react = (method: string, given: object = {}) =>
      errorOf(workspace, method, { channel, timestamp, name: 'eyes', ...given });
    expect(await react('reactions.add')).toBe('ok');
    expect(await react('reactions.add')).toBe('already_reacted');
    expect(await react('reactions.add', { name: 'no_such_thing' })).toBe('invalid_name');
    expect(await react('reactions.add', { timestamp: '1.2' })).toBe('bad_timestamp');
    expect(await react('reactions.add', { timestamp: '1800000000.000001' })).toBe('message_not_found');
    expect(await react('reactions.add', { channel: undefined })).toBe('no_item_specified');
    expect(await react('reactions.remove')).toBe('ok');
    expect(await react('reactions.remove')).toBe('no_reaction');
  });
});
