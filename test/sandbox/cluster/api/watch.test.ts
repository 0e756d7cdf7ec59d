import { describe, expect, it } from 'vitest';
import { ADMIN, type OpenApi, openApi, ROLLOUTS, rollout } from './open-api.ts';

interface Seen {
  type: string;
  object: { kind: string; code?: number; message?: string; metadata: Record<string, unknown> };
}

/** An open watch that collects whole lines. */
class Watcher {
  readonly events: Seen[] = [];
  rest = '';
  ended: Promise<'end' | 'broken'>;
  readonly #abort = new AbortController();

  constructor(api: OpenApi, query: string) {
    this.ended = this.#read(`${api.server.url}${ROLLOUTS}?watch=true&${query}`);
  }

  async #read(url: string): Promise<'end' | 'broken'> {
    const headers = { Authorization: `Bearer ${ADMIN}` };
    const response = await fetch(url, { headers, signal: this.#abort.signal });
    const decoder = new TextDecoder();
    try {
      for await (const chunk of response.body ?? []) {
        const lines = (this.rest + decoder.decode(chunk, { stream: true })).split('\n');
        this.rest = lines.pop() ?? '';
        this.events.push(...lines.map((line) => JSON.parse(line) as Seen));
      }
      return 'end';
    } catch {
      return 'broken';
    }
  }

  get told(): string[] {
    return this.events.map(({ type, object }) => `${type} ${object.metadata['name'] ?? object.kind}`);
  }

  async until(count: number): Promise<void> {
    await expect.poll(() => this.events.length, { timeout: 3000, interval: 5 }).toBeGreaterThanOrEqual(count);
  }

  async stop(): Promise<void> {
    this.#abort.abort();
    await this.ended;
  }
}

describe('watches', () => {
  it('tell what there is, then every change', async () => {
    await using api = await openApi();
    api.put(rollout('a'));
    const watcher = new Watcher(api, '');
    await watcher.until(1);
    api.put(rollout('b'));
    await api.ask('DELETE', `${ROLLOUTS}/a`);
    await watcher.until(3);
    expect(watcher.told).toEqual(['ADDED a', 'ADDED b', 'DELETED a']);
    await watcher.stop();
  });

  it('go on from a version, so that nothing between a list and a watch is lost', async () => {
    await using api = await openApi();
    api.put(rollout('a'));
    const { body } = await api.ask('GET', ROLLOUTS);
    api.put(rollout('b'));
    const version = (body['metadata'] as { resourceVersion: string }).resourceVersion;
    const watcher = new Watcher(api, `resourceVersion=${version}`);
    await watcher.until(1);
    expect(watcher.told).toEqual(['ADDED b']);
    await watcher.stop();
  });

  it('tell an object that stops fitting the selector as deleted', async () => {
    await using api = await openApi();
    api.put(rollout('a'));
    const watcher = new Watcher(api, 'labelSelector=app%3Da');
    await watcher.until(1);
    const relabel = (app: string) =>
      api.ask('PATCH', `${ROLLOUTS}/a`, {
        body: { metadata: { labels: { app } } },
        type: 'application/merge-patch+json',
      });
    await relabel('b');
    await relabel('a');
    await watcher.until(3);
    expect(watcher.told).toEqual(['ADDED a', 'DELETED a', 'ADDED a']);
    await watcher.stop();
  });

  it('get an ERROR event, not an HTTP error, for a version that is forgotten', async () => {
    await using api = await openApi();
    api.put(rollout('a'));
    const { body } = await api.ask('GET', ROLLOUTS);
    const version = (body['metadata'] as { resourceVersion: string }).resourceVersion;
    api.put(rollout('b'));
    api.server.faults.compact();
    const watcher = new Watcher(api, `resourceVersion=${version}`);
    expect(await watcher.ended).toBe('end');
    expect(watcher.events).toMatchObject([
      { type: 'ERROR', object: { kind: 'Status', code: 410, reason: 'Expired' } },
    ]);
    expect(watcher.events[0]?.object.message).toMatch(/^too old resource version: \d+ \(\d+\)$/);
  });

  it('get bookmarks only when they ask for them', async () => {
    await using api = await openApi({ bookmarkMs: 20 });
    const marked = new Watcher(api, 'allowWatchBookmarks=true');
    const plain = new Watcher(api, 'timeoutSeconds=1');
    await marked.until(2);
    expect(marked.events[0]).toMatchObject({
      type: 'BOOKMARK',
      object: { kind: 'Rollout', metadata: { resourceVersion: String(api.store.version()) } },
    });
    await marked.stop();
    expect(await plain.ended).toBe('end');
    expect(plain.events).toEqual([]);
  });

  it('mark the end of the initial events when they are asked to send them', async () => {
    await using api = await openApi();
    api.put(rollout('a'));
    const query = 'sendInitialEvents=true&resourceVersionMatch=NotOlderThan&allowWatchBookmarks=true';
    const watcher = new Watcher(api, query);
    await watcher.until(2);
    expect(watcher.events[1]?.object.metadata['annotations']).toEqual({
      'k8s.io/initial-events-end': 'true',
    });
    await watcher.stop();
    const refused = await api.ask('GET', `${ROLLOUTS}?watch=true&sendInitialEvents=true`);
    expect(refused.code).toBe(422);
    const unreadable = await api.ask('GET', `${ROLLOUTS}?watch=true&resourceVersion=abc`);
    expect(unreadable.code).toBe(400);
  });

  it.each([
    ['clean', 'end', ''],
    ['halfLine', 'end', '{"type":"MODIFIED","object":{"kind":"Rol'],
    ['midChunk', 'broken', ''],
  ] as const)('can be cut: %s', async (how, end, rest) => {
    await using api = await openApi();
    api.put(rollout('a'));
    const watcher = new Watcher(api, '');
    await watcher.until(1);
    expect(api.server.faults.cutWatches(how)).toBe(1);
    expect(await watcher.ended).toBe(end);
    expect(watcher.rest.startsWith(rest)).toBe(true);
  });

  it('can fall silent while the connection stays', async () => {
    await using api = await openApi({ bookmarkMs: 10 });
    const watcher = new Watcher(api, 'allowWatchBookmarks=true');
    await watcher.until(1);
    api.server.faults.cutWatches('silence');
    const heard = watcher.events.length;
    const witness = new Watcher(api, '');
    api.put(rollout('b'));
    await witness.until(1);
    await witness.stop();
    expect(watcher.events.length).toBe(heard);
    await watcher.stop();
  });
});
