import { describe, expect, it } from 'vitest';
import { MANIFEST, startTestWorkspace } from '../fixture.ts';
import { callJson, clientOf, errorOf } from './client.ts';

describe('the Web API', () => {
  it('lets in only the token a method wants', async () => {
    await using workspace = await startTestWorkspace();
    const { bot, app } = workspace.tokens;
    const error = async (method: string, token: string) =>
      (await callJson(workspace, method, {}, token))['error'];
    expect(await error('auth.test', 'xoxb-nobody')).toBe('invalid_auth');
    expect(await error('auth.test', app)).toBe('not_allowed_token_type');
    expect(await error('apps.connections.open', bot)).toBe('not_allowed_token_type');
    expect(await error('chat.nothing', bot)).toBe('unknown_method');
    const naked = await fetch(`${workspace.apiUrl}auth.test`, { method: 'POST' });
    expect(await naked.json()).toEqual({ ok: false, error: 'not_authed' });
    const inBody = await fetch(`${workspace.apiUrl}auth.test`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: JSON.stringify({ token: bot }),
    });
    expect(await inBody.json()).toMatchObject({ error: 'not_authed' });
    expect(await clientOf(workspace).auth.test()).toMatchObject({ ok: true, user_id: workspace.botUserId });
  });

  it('says which scope is missing', async () => {
    const scopes = MANIFEST.oauth_config.scopes.bot.filter((scope) => scope !== 'reactions:write');
    await using workspace = await startTestWorkspace({ scopes });
    const answer = await callJson(workspace, 'reactions.add', {
      channel: 'C1',
      timestamp: '1.2',
      name: 'eyes',
    });
    expect(answer).toMatchObject({ ok: false, error: 'missing_scope', needed: 'reactions:write' });
    expect(answer['provided']).toContain('chat:write');
  });

  it('names the scope for metadata and for each kind of conversation', async () => {
    await using workspace = await startTestWorkspace({ scopes: ['channels:history', 'channels:read'] });
    const channel = workspace.state().channel('releases').id;
    const needed = async (method: string, args: object) =>
      (await callJson(workspace, method, { ...args }))['needed'];
    expect(await needed('conversations.history', { channel })).toBeUndefined();
    expect(await needed('conversations.history', { channel, include_all_metadata: true })).toBe(
      'metadata.message:read',
    );
    expect(await needed('conversations.history', { channel: workspace.state().channel('secret').id })).toBe(
      'groups:history',
    );
    expect(await needed('conversations.list', { types: 'public_channel,private_channel' })).toBe(
      'groups:read',
    );
    expect(await needed('conversations.create', { name: 'x' })).toBe('channels:manage');
  });

  it('refuses arguments that do not fit, and says which', async () => {
    await using workspace = await startTestWorkspace();
    expect(await callJson(workspace, 'chat.postMessage', { text: 'x' })).toMatchObject({
      error: 'invalid_arguments',
      response_metadata: { messages: ['[ERROR] missing required field: channel'] },
    });
    const malformed = await fetch(`${workspace.apiUrl}api.test`, {
      method: 'POST',
      headers: { 'content-type': 'application/json' },
      body: '{',
    });
    expect(await malformed.json()).toMatchObject({ error: 'invalid_json' });
  });

  it('remembers every call without its token', async () => {
    await using workspace = await startTestWorkspace();
    await callJson(workspace, 'api.test', { foo: 'bar' });
    await fetch(`${workspace.apiUrl}auth.test?token=${workspace.tokens.bot}`);
    expect(workspace.requests.map(({ method, status }) => [method, status])).toEqual([
      ['api.test', 200],
      ['auth.test', 200],
    ]);
    expect(workspace.requests[0]?.args).toMatchObject({ foo: 'bar' });
    expect(JSON.stringify(workspace.requests)).not.toContain(workspace.tokens.bot);
  });

  it('answers only under its own name', async () => {
    await using workspace = await startTestWorkspace();
    const { request } = await import('node:http');
    const status = await new Promise((resolve, reject) => {
      const headers = { host: 'attacker.example' };
      request(`${workspace.apiUrl}api.test`, { headers }, (response) => resolve(response.statusCode))
        .on('error', reject)
        .end();
    });
    expect(status).toBe(421);
  });

  it('keeps the pace of its tiers, and of a channel that is posted to', async () => {
    let nowMs = 1_800_000_000_000;
    await using workspace = await startTestWorkspace({ rateLimits: { scale: 1 }, now: () => nowMs });
    const web = clientOf(workspace);
    const post = (name: string) =>
      web.chat.postMessage({ channel: workspace.state().channel(name).id, text: 'x' });
    await post('releases');
    await post('releases');
    await post('releases');
    await expect(post('releases')).rejects.toMatchObject({ retryAfter: 1 });
    await post('general');
    nowMs += 1000;
    await post('releases');
    for (let i = 0; i < 20; i += 1) expect(await errorOf(workspace, 'users.list')).toBe('ok');
    const refused = await fetch(`${workspace.apiUrl}users.list`, {
      method: 'POST',
      headers: { authorization: `Bearer ${workspace.tokens.bot}` },
    });
    expect([refused.status, refused.headers.get('retry-after')]).toEqual([429, '3']);
  });
});
