import type { WebAPICallResult } from '@slack/web-api';
import { describe, expect, it } from 'vitest';
import { startTestWorkspace } from '../fixture.ts';
import { callJson, clientOf, errorOf } from './client.ts';

describe('channels', () => {
  it('are made with names that Slack takes, once', async () => {
    await using workspace = await startTestWorkspace();
    const create = (name: string) => errorOf(workspace, 'conversations.create', { name });
    expect(await create('inc-1')).toBe('ok');
    expect(await create('inc-1')).toBe('name_taken');
    expect(await create('closed')).toBe('name_taken');
    expect(await create('')).toBe('invalid_name_required');
    expect(await create('Inc 1')).toBe('invalid_name_specials');
    expect(await create('---')).toBe('invalid_name_punctuation');
    expect(await create('x'.repeat(81))).toBe('invalid_name_maxlength');
  });

  it('take in those who may come', async () => {
    await using workspace = await startTestWorkspace();
    const channel = workspace.state().channel('general').id;
    const invite = (...names: string[]) =>
      errorOf(workspace, 'conversations.invite', {
        channel,
        users: names.map((n) => workspace.person(n).id).join(','),
      });
    expect(await invite('ana')).toBe('already_in_channel');
    expect(await invite('gus')).toBe('ok');
    expect(await invite('eve')).toBe('no_external_invite_permission');
    expect(await invite('sue')).toBe('ok');
    await callJson(workspace, 'conversations.create', { name: 'second' });
    const second = workspace.state().channel('second').id;
    const users = workspace.person('sue').id;
    expect(await errorOf(workspace, 'conversations.invite', { channel: second, users })).toBe(
      'ura_max_channels',
    );
    expect(await errorOf(workspace, 'conversations.invite', { channel: second, users: 'U0NOBODY' })).toBe(
      'user_not_found',
    );
    expect(
      await errorOf(workspace, 'conversations.invite', { channel: second, users: workspace.botUserId }),
    ).toBe('cant_invite_self');
    expect(await errorOf(workspace, 'conversations.invite', { channel: second, users: '' })).toBe('no_user');
  });

  it('are joined, described, archived, and then closed for good', async () => {
    await using workspace = await startTestWorkspace();
    const id = (name: string) => workspace.state().channel(name).id;
    expect(await errorOf(workspace, 'conversations.join', { channel: id('elsewhere') })).toBe('ok');
    expect(
      await errorOf(workspace, 'conversations.setTopic', {
        channel: id('elsewhere'),
        topic: 'x'.repeat(251),
      }),
    ).toBe('too_long');
    expect(
      await errorOf(workspace, 'conversations.setTopic', { channel: id('elsewhere'), topic: 'news' }),
    ).toBe('ok');
    expect(workspace.state().channel('elsewhere').topic).toBe('news');
    expect(await errorOf(workspace, 'conversations.archive', { channel: id('elsewhere') })).toBe('ok');
    expect(await errorOf(workspace, 'conversations.archive', { channel: id('elsewhere') })).toBe(
      'already_archived',
    );
    expect(await errorOf(workspace, 'conversations.archive', { channel: id('general') })).toBe(
      'cant_archive_general',
    );
    expect(await errorOf(workspace, 'conversations.join', { channel: id('closed') })).toBe('is_archived');
  });

  it('are listed page by page, private ones only to members', async () => {
    await using workspace = await startTestWorkspace();
    const web = clientOf(workspace);
    const names: (string | undefined)[] = [];
    const types = 'public_channel,private_channel';
    for await (const page of web.paginate('conversations.list', {
      types,
      exclude_archived: true,
      limit: 2,
    })) {
      names.push(
        ...(page as WebAPICallResult & { channels: { name: string }[] }).channels.map(({ name }) => name),
      );
    }
    expect(names).toEqual(['general', 'releases', 'elsewhere']);
    const mine = await web.users.conversations({});
    expect(mine.channels?.map(({ name }) => name)).toEqual(['general', 'releases', 'closed']);
  });
});

describe('people', () => {
  it('are told apart by what they are', async () => {
    await using workspace = await startTestWorkspace();
    const web = clientOf(workspace);
    const flags = async (name: string) => {
      const { user } = await web.users.info({ user: workspace.person(name).id });
      return [
        user?.is_admin,
        user?.is_restricted,
        user?.is_ultra_restricted,
        user?.is_stranger,
        user?.team_id === workspace.teamId,
      ];
    };
    expect(await flags('ana')).toEqual([true, false, false, undefined, true]);
    expect(await flags('gus')).toEqual([false, true, false, undefined, true]);
    expect(await flags('sue')).toEqual([false, true, true, undefined, true]);
    expect(await flags('eve')).toEqual([false, false, false, true, false]);
    const { members = [] } = await web.users.list({});
    expect(members.filter(({ deleted }) => deleted).map(({ name }) => name)).toEqual(['old']);
    expect(members.filter(({ is_bot }) => is_bot).map(({ id }) => id)).toEqual([workspace.botUserId]);
    expect(members.some(({ profile }) => profile?.email !== undefined)).toBe(false);
    expect(() => workspace.person('old')).toThrow('cannot act');
  });

  it('are in groups that the bot may change only where everybody may', async () => {
    await using closed = await startTestWorkspace();
    const [usergroup = ''] = closed.state().usergroups.keys();
    const update = (workspace: typeof closed) =>
      errorOf(workspace, 'usergroups.users.update', { usergroup, users: [workspace.person('ana').id] });
    expect(await update(closed)).toBe('permission_denied');
    const { users } = await clientOf(closed).usergroups.users.list({ usergroup });
    expect(users).toEqual([closed.person('cleo').id, closed.person('ben').id]);
    const { SEED } = await import('../fixture.ts');
    await using open = await startTestWorkspace({ seed: { ...SEED, usergroupsEditableByEveryone: true } });
    expect(await update(open)).toBe('ok');
  });
});

describe('files', () => {
  it('are uploaded in three steps and shown in a channel', async () => {
    await using workspace = await startTestWorkspace();
    const web = clientOf(workspace);
    const channel = workspace.state().channel('releases').id;
    const file = Buffer.from('the timeline');
    await web.filesUploadV2({
      channel_id: channel,
      filename: 'a.md',
      title: 'Timeline',
      initial_comment: 'here',
      file,
    });
    const { messages } = await web.conversations.history({ channel });
    const [shown] = messages?.[0]?.files ?? [];
    expect(shown).toMatchObject({ title: 'Timeline' });
    const address = shown?.url_private ?? '';
    const bytes = await fetch(address, { headers: { authorization: `Bearer ${workspace.tokens.bot}` } });
    expect(await bytes.text()).toBe('the timeline');
    expect((await fetch(address)).status).toBe(403);
    const blocks = [{ type: 'image', alt_text: 'x', slack_file: { id: 'F0NOBODY' } }];
    expect(await errorOf(workspace, 'chat.postMessage', { channel, blocks })).toBe('invalid_blocks');
  });
});
