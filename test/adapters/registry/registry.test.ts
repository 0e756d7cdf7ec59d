import { describe, expect, it } from 'vitest';
import { createRegistry } from '../../../src/adapters/registry/registry.ts';
import { startRegistry } from '../../../src/sandbox/registry.ts';
import { registryContract } from '../../contracts/registry.ts';
import { listen } from '../../servers/listen.ts';

const account = { username: 'bot', password: 'p4ssw0rd' };

describe('the adapter and the registry of the sandbox', () => {
  registryContract(async () => {
    const server = await startRegistry();
    let pushes = 0;
    return {
      registry: createRegistry({ [server.host]: { url: server.url } }),
      async push({ authors, ...image }) {
        pushes += 1;
        const pushed = server.push({
          ...image,
          salt: String(pushes),
          ...(authors && { authors: [authors] }),
        });
        return { ...pushed, repository: `${server.host}/${image.name}` };
      },
      goAway: async () => server[Symbol.asyncDispose](),
      [Symbol.asyncDispose]: async () => server[Symbol.asyncDispose](),
    };
  });
});

describe('a registry with many tags', () => {
  it('is read to the last page, and is too much when there is no end of it', async () => {
    await using server = await startRegistry();
    for (let i = 0; i < 1003; i++) server.push({ name: 'acme/web', tag: `1.0.${i}` });
    const registry = createRegistry({ [server.host]: { url: server.url } });
    const told = await registry.tags(`${server.host}/acme/web`);
    expect(told.kind === 'tags' && [told.tags.length, told.tags.includes('1.0.1002')]).toEqual([1003, true]);
    const endless = await listen(({ query }) => {
      const tag = `${new URLSearchParams(query).get('last') ?? ''}a`;
      const next = `</v2/acme/web/tags/list?n=1&last=${tag}>; rel="next"`;
      return { status: 200, body: { name: 'acme/web', tags: [tag] }, headers: { link: next } };
    });
    await using _ = endless;
    const host = new URL(endless.url).host;
    const other = createRegistry({ [host]: { url: endless.url } });
    expect(await other.tags(`${host}/acme/web`)).toEqual({
      kind: 'refused',
      reason: 'it has more than 20 tags',
    });
  });
});

describe('a registry with accounts', () => {
  it('fetches a token with the credentials of its host', async () => {
    await using server = await startRegistry({ account });
    server.push({ name: 'acme/web', tag: '1.0.0' });
    const registry = createRegistry({ [server.host]: { url: server.url, ...account } });
    expect((await registry.resolve(`${server.host}/acme/web`, { tag: '1.0.0' })).kind).toBe('resolved');
  });

  it('is refused, not missing, without the right credentials', async () => {
    await using server = await startRegistry({ account });
    server.push({ name: 'acme/web', tag: '1.0.0' });
    const registry = createRegistry({
      [server.host]: { url: server.url, username: 'bot', password: 'wrong' },
    });
    expect(await registry.resolve(`${server.host}/acme/web`, { tag: '1.0.0' })).toEqual({
      kind: 'refused',
      reason: 'it does not accept our credentials',
    });
  });

  it('that is away is named without its address', async () => {
    const registry = createRegistry({ 'gone.test': { url: 'http://127.0.0.1:1' } });
    const resolving = registry.resolve('gone.test/acme/web', { tag: '1' });
    await expect(resolving).rejects.toThrow(/can't be reached/);
  });
});
