import { createHash } from 'node:crypto';
import { describe, expect, it } from 'vitest';
import { createRegistry } from '../../src/adapters/registry/registry.ts';
import { registryContract } from '../contracts/registry.ts';
import { createPusher } from './push-image.ts';
import { ACCOUNT, type RealRegistry, startCraneRegistry, startDockerRegistry } from './servers/registry.ts';

const KINDS: readonly (readonly [string, () => Promise<RealRegistry>, typeof ACCOUNT | undefined])[] = [
  [
    'the registry of Docker, which asks who is there',
    () => startDockerRegistry({ asks: 'account' }),
    ACCOUNT,
  ],
  ['the registry of Docker', () => startDockerRegistry({ asks: 'nobody' }), undefined],
  ['the registry of go-containerregistry', startCraneRegistry, undefined],
];

describe.each(KINDS)('the adapter and %s', (_, start, account) => {
  registryContract(async () => {
    const server = await start();
    const { push } = await createPusher(server, account);
    return {
      registry: createRegistry({ [server.host]: { url: server.url, ...account } }),
      push,
      goAway: async () => server[Symbol.asyncDispose](),
      [Symbol.asyncDispose]: async () => server[Symbol.asyncDispose](),
    };
  });
});

describe('a registry that asks who is there', () => {
  it.each([
    ['nobody', undefined],
    ['somebody else', { ...ACCOUNT, password: 'wrong' }],
  ])('refuses %s, and that is not taken for a missing image', async (_, account) => {
    await using server = await startDockerRegistry({ asks: 'account' });
    const { push } = await createPusher(server, ACCOUNT);
    const { repository } = await push({ name: 'acme/cart', tag: '1.8.0' });
    const registry = createRegistry({ [server.host]: { url: server.url, ...account } });
    const refused = { kind: 'refused', reason: 'it does not accept our credentials' };
    expect(await registry.resolve(repository, { tag: '1.8.0' })).toEqual(refused);
    expect(await registry.resolve(repository, { tag: 'none' })).toEqual(refused);
  });
});

describe('what builds push', () => {
  /** Puts a manifest as it is, and gives its digest. */
  async function put(server: RealRegistry, name: string, manifest: { mediaType: string }): Promise<string> {
    const body = JSON.stringify(manifest);
    const digest = `sha256:${createHash('sha256').update(body).digest('hex')}`;
    const headers = { 'content-type': manifest.mediaType };
    const answer = await fetch(`${server.url}/v2/${name}/manifests/${digest}`, {
      method: 'PUT',
      headers,
      body,
    });
    expect(answer.status).toBe(201);
    return digest;
  }

  it('an image of one platform has its own digest, and what its configuration says of it', async () => {
    await using server = await startDockerRegistry({ asks: 'nobody' });
    const { base, crane, push } = await createPusher(server);
    const { repository } = await push({ name: 'acme/cart', tag: '1.8.0' });
    const labels = [
      ['org.opencontainers.image.authors', 'Dev <dev@acme.test>'],
      ['org.opencontainers.image.version', '1.8.1+build.5'],
    ].flatMap(([key, value]) => ['-l', `${key}=${value}`]);
    await crane('mutate', base, ...labels, '--set-platform', 'linux/amd64', '-t', `${repository}:one`);
    const digest = await crane('digest', `${repository}:one`);
    const registry = createRegistry({ [server.host]: { url: server.url } });
    expect(await registry.resolve(repository, { digest })).toEqual({
      kind: 'resolved',
      image: { repository, digest, platforms: {}, version: '1.8.1+build.5' },
      authorEmails: ['dev@acme.test'],
    });
  });

  it('an image says nothing about itself, and has no version then', async () => {
    await using server = await startCraneRegistry();
    const { base, crane, push } = await createPusher(server);
    await push({ name: 'acme/cart', tag: '1.8.0' });
    const digest = await crane('digest', base);
    const repository = base.slice(0, base.lastIndexOf(':'));
    const registry = createRegistry({ [server.host]: { url: server.url } });
    expect(await registry.resolve(repository, { digest })).toEqual({
      kind: 'resolved',
      image: { repository, digest, platforms: {} },
      authorEmails: [],
    });
  });

  it("a list in Docker's own form is an index like any other", async () => {
    await using server = await startDockerRegistry({ asks: 'nobody' });
    const { crane, push } = await createPusher(server);
    const { repository, platforms } = await push({ name: 'acme/cart', tag: '1.8.0' });
    const manifests = Object.values(platforms).flatMap((digest) => ['-m', `${repository}@${digest}`]);
    await crane('index', 'append', '--docker-empty-base', ...manifests, '-t', `${repository}:docker`);
    const digest = await crane('digest', `${repository}:docker`);
    const registry = createRegistry({ [server.host]: { url: server.url } });
    expect(await registry.resolve(repository, { tag: 'docker' })).toMatchObject({
      image: { digest, platforms },
    });
  });

  it('attestations and variants ride in the index: no pod reports the first, some the second', async () => {
    await using server = await startDockerRegistry({ asks: 'nobody' });
    const { push } = await createPusher(server);
    const { repository, platforms } = await push({ name: 'acme/cart', tag: '1.8.0' });
    const [amd64 = '', arm64 = ''] = [platforms['linux/amd64'], platforms['linux/arm64']];
    const mediaType = 'application/vnd.oci.image.manifest.v1+json';
    const entry = (digest: string, platform: Record<string, string>) => ({
      mediaType,
      digest,
      size: 1,
      platform,
    });
    const manifests = [
      entry(arm64, { os: 'unknown', architecture: 'unknown' }),
      entry(amd64, { os: 'linux', architecture: 'amd64' }),
      entry(arm64, { os: 'linux', architecture: 'arm', variant: 'v7' }),
    ];
    const index = { schemaVersion: 2, mediaType: 'application/vnd.oci.image.index.v1+json', manifests };
    const digest = await put(server, 'acme/cart', index);
    const registry = createRegistry({ [server.host]: { url: server.url } });
    expect(await registry.resolve(repository, { digest })).toMatchObject({
      kind: 'resolved',
      image: { digest, platforms: { 'linux/amd64': amd64, 'linux/arm/v7': arm64 }, version: '1.8.0' },
    });
  });
});
