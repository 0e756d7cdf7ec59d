import { expect, it } from 'vitest';
import { UnavailableError } from '../../src/errors.ts';
import type { Registry } from '../../src/ports/registry.ts';

/** An image for two platforms, as a CI pushes it; its annotation `org.opencontainers.image.version` is its tag. */
export interface ImageToPush {
  /** Without the host: `acme/orders-api`. */
  name: string;
  tag: string;
  /** Annotation `org.opencontainers.image.authors`; absent: none. */
  authors?: string;
  /** Annotations `…revision` and `…source`; absent: none. */
  revision?: string;
  source?: string;
}

export interface PushedImage {
  /** With the host, as the port is asked for it. */
  repository: string;
  /** Digest of the index. */
  index: string;
  /** Platform to digest. */
  platforms: Record<string, string>;
}

/** A port and a registry that is empty. */
export interface RegistryWorld extends AsyncDisposable {
  registry: Registry;
  /** Each push is another image, also under the same tag. */
  push(image: ImageToPush): Promise<PushedImage>;
  /** From now on nobody answers. */
  goAway(): Promise<void>;
}

/** What every implementation of the port does. Each test gets a world of its own from `makeWorld`. */
export function registryContract(makeWorld: () => Promise<RegistryWorld>): void {
  it('resolves a tag to the index that Git pins and the digests that pods report', async () => {
    await using world = await makeWorld();
    const authors = 'Dev <Dev@acme.test>, ops@acme.test';
    const { repository, index, platforms } = await world.push({ name: 'acme/cart', tag: '1.8.0', authors });
    expect(Object.keys(platforms).sort()).toEqual(['linux/amd64', 'linux/arm64']);
    expect(await world.registry.resolve(repository, { tag: '1.8.0' })).toEqual({
      kind: 'resolved',
      image: { repository, digest: index, platforms, version: '1.8.0' },
      authorEmails: ['dev@acme.test', 'ops@acme.test'],
    });
  });

  it('resolves a digest to the same, with the version that the image says of itself', async () => {
    await using world = await makeWorld();
    const { repository, index, platforms } = await world.push({ name: 'acme/cart', tag: '1.8.0' });
    expect(await world.registry.resolve(repository, { digest: index })).toEqual({
      kind: 'resolved',
      image: { repository, digest: index, platforms, version: '1.8.0' },
      authorEmails: [],
    });
  });

  it('tells which commit an image was built from and where that is, and passes over what cannot be one', async () => {
    await using world = await makeWorld();
    const { repository, index } = await world.push({
      name: 'acme/cart',
      tag: '1.8.0',
      revision: 'A1B2C3D4e5f60718293a4b5c6d7e8f9001122334',
      source: 'https://git.acme.test/cart',
    });
    const built = {
      revision: 'a1b2c3d4e5f60718293a4b5c6d7e8f9001122334',
      source: 'https://git.acme.test/cart',
    };
    expect(await world.registry.resolve(repository, { tag: '1.8.0' })).toMatchObject({ image: built });
    expect(await world.registry.resolve(repository, { digest: index })).toMatchObject({ image: built });
    const odd = await world.push({ name: 'acme/web', tag: '1', revision: 'main', source: 'no address' });
    const resolved = await world.registry.resolve(odd.repository, { tag: '1' });
    expect(resolved).toMatchObject({ kind: 'resolved', image: { version: '1' } });
    expect(JSON.stringify(resolved)).not.toMatch(/revision|source/);
  });

  it('shows a tag where it is now, and what it was by its digest', async () => {
    await using world = await makeWorld();
    const first = await world.push({ name: 'acme/cart', tag: 'main' });
    const second = await world.push({ name: 'acme/cart', tag: 'main' });
    expect(second.index).not.toBe(first.index);
    const { repository } = first;
    expect(await world.registry.resolve(repository, { tag: 'main' })).toMatchObject({
      image: { digest: second.index },
    });
    expect(await world.registry.resolve(repository, { digest: first.index })).toMatchObject({
      kind: 'resolved',
    });
  });

  it('offers the nearest tags for one that is not there, and nothing for anything else', async () => {
    await using world = await makeWorld();
    const [pushed] = [
      await world.push({ name: 'acme/cart', tag: '1.8.0' }),
      await world.push({ name: 'acme/cart', tag: '2.0.0' }),
    ];
    const digest = `sha256:${'0'.repeat(64)}`;
    const { repository } = pushed;
    expect(await world.registry.resolve(repository, { tag: '1.8.1' })).toEqual({
      kind: 'missing',
      known: ['1.8.0', '2.0.0'],
    });
    expect(await world.registry.resolve(repository, { digest })).toEqual({ kind: 'missing', known: [] });
    expect(await world.registry.resolve(`${repository}s`, { tag: '1.8.0' })).toEqual({
      kind: 'missing',
      known: [],
    });
  });

  it('lists every tag of a repository, and tells a repository that is not there', async () => {
    await using world = await makeWorld();
    const tags = ['1.8.0', '1.10.0', 'main'];
    let repository = '';
    for (const tag of tags) ({ repository } = await world.push({ name: 'acme/cart', tag }));
    const listed = await world.registry.tags(repository);
    expect(listed).toEqual({ kind: 'tags', tags: expect.arrayContaining(tags) });
    expect(listed.kind === 'tags' && listed.tags.length).toBe(3);
    expect(await world.registry.tags(`${repository}s`)).toEqual({ kind: 'missing' });
  });

  it('is unavailable while nobody answers', async () => {
    await using world = await makeWorld();
    const { repository } = await world.push({ name: 'acme/cart', tag: '1.8.0' });
    await world.goAway();
    const resolving = world.registry.resolve(repository, { tag: '1.8.0' });
    await expect(resolving).rejects.toBeInstanceOf(UnavailableError);
  });
}
