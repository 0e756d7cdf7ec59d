import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { lookAtAll } from '../../../src/program/check/look-at-all.ts';
import { nodeFindings } from '../../../src/program/check/machine-looks.ts';
import { storeLook } from '../../../src/program/check/store-look.ts';
import { startTestRedis, type TestRedis } from '../../servers/redis.ts';

describe('a Redis that somebody else runs', () => {
  let redis: TestRedis;
  beforeAll(async () => {
    redis = await startTestRedis();
  });
  afterAll(() => redis.stop());

  async function findings(url: string | undefined, path = process.env['PATH'] ?? ''): Promise<string[]> {
    const reports = await lookAtAll([storeLook({ url, path })]);
    return reports.flatMap((report) => report.findings.map(({ kind, says }) => `${kind} ${says}`));
  }

  it('is fine when it writes everything down before it answers', async () => {
    expect(await findings(redis.url)).toEqual([
      expect.stringMatching(/^ok Redis \d/),
      expect.stringMatching(/^ok .*nothing is lost/),
    ]);
  });

  it('is told what it may lose, and refused when it loses by itself', async () => {
    const store = redis.connect();
    await store.run('set it up badly', async (client) => {
      await client.config('SET', 'appendfsync', 'everysec');
      await client.config('SET', 'maxmemory-policy', 'allkeys-lru');
    });
    expect((await findings(redis.url)).slice(1)).toEqual([
      expect.stringMatching(/^fault maxmemory-policy is allkeys-lru: set it to noeviction/),
      expect.stringMatching(/^warning .*last second/),
    ]);
    await store.run('switch the file off', (client) => client.config('SET', 'appendonly', 'no'));
    expect((await findings(redis.url)).slice(2)).toEqual([
      expect.stringMatching(/^fault The append-only file is off/),
    ]);
  });

  it('that wants a password and gets none is told apart from one that is away', async () => {
    const store = redis.connect();
    await store.run('ask for a password', (client) => client.config('SET', 'requirepass', 'secret'));
    expect(await findings(redis.url)).toEqual([expect.stringMatching(/^fault Redis: NOAUTH /)]);
  });

  it('that is away is a fault; none at all is one where none can be started', async () => {
    expect(await findings('/nowhere/redis.sock')).toEqual([
      expect.stringMatching(/^fault Redis: connect ENOENT/),
    ]);
    expect(await findings(undefined)).toEqual([
      expect.stringMatching(/^ok REDIS_URL is not set: .* is started/),
    ]);
  });
});

describe('the Node that runs this', () => {
  it.each([
    ['v24.0.0', 'ok'],
    ['v26.1.0', 'ok'],
    ['v22.19.0', 'fault'],
    ['v20.20.2', 'fault'],
  ])('%s: %s', (version, kind) => {
    expect(nodeFindings(version).map((finding) => finding.kind)).toEqual([kind]);
  });
});
