import { describe, expect, it } from 'vitest';
import { MANIFEST, SEED, startTestWorkspace } from './fixture.ts';

describe('starting a workspace', () => {
  it('reports every fault of a manifest at once', async () => {
    const manifest = {
      ...MANIFEST,
      features: { slash_commands: [{ command: 'echo', description: 'x' }] },
      oauth_config: { scopes: { bot: ['chat:write'] } },
    };
    await expect(startTestWorkspace({ manifest })).rejects.toThrow(/must be a slash/);
    const bare = { ...MANIFEST, oauth_config: { scopes: { bot: ['chat:write'] } } };
    await expect(startTestWorkspace({ manifest: bare })).rejects.toThrow(
      /need the scope commands[\s\S]*app_mention needs the scope app_mentions:read/,
    );
  });

  it('reports names that nobody has', async () => {
    const seed = { ...SEED, channels: [{ name: 'x', members: ['nobody'] }] };
    await expect(startTestWorkspace({ seed })).rejects.toThrow('nobody is called nobody');
    await expect(startTestWorkspace({ firstPerson: 'nobody' })).rejects.toThrow('nobody is called nobody');
  });

  it('gives the same ids to the same names in every run', async () => {
    await using one = await startTestWorkspace();
    await using two = await startTestWorkspace();
    expect(one.person('ana').id).toBe(two.person('ana').id);
    expect(one.person('ana').id).toMatch(/^U0[A-Z0-9]{9}$/);
    expect(one.tokens).not.toEqual(two.tokens);
    expect(one.url).not.toBe(two.url);
  });
});
