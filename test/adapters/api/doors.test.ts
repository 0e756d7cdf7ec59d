import { createHmac } from 'node:crypto';
import { createServer } from 'node:http';
import type { AddressInfo } from 'node:net';
import { afterEach, describe, expect, it } from 'vitest';
import { commands } from '../../../commands/registry.ts';
import { artifactsDoor } from '../../../src/adapters/api/artifacts-door.ts';
import { githubDoor } from '../../../src/adapters/api/github-door.ts';
import type { Door } from '../../../src/adapters/api/serve-door.ts';
import type { ReportedBy } from '../../../src/domain/artifact/reported-by.ts';
import { UnavailableError } from '../../../src/errors.ts';
import { comment, tagPush } from '../../journeys/hooks.ts';
import { silent } from '../../servers/redis.ts';
import { createMemoryInbox } from '../../simulation/ports/memory-inbox.ts';

const NOW = Date.parse('2026-11-20T10:00:00Z');
const clock = { now: () => NOW };
const SECRET = 'a-secret-of-sixteen';

const open = new Set<() => Promise<unknown>>();
afterEach(async () => {
  await Promise.all([...open].map((close) => close()));
  open.clear();
});

/** Serves a door, and posts to it. */
async function serve(
  door: Door,
): Promise<(body: string, headers: Record<string, string>) => Promise<Response>> {
  const server = createServer(door.handler);
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  open.add(() => new Promise((resolve) => server.close(resolve)));
  const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}${door.path}`;
  return (body, headers) =>
    fetch(url, { method: 'POST', body, headers: { ...headers, connection: 'close' } });
}

function sign(text: string, secret = SECRET): string {
  return createHmac('sha256', secret).update(text).digest('hex');
}

const common = {
  clock,
  chance: { id: () => 'id' },
  logger: silent,
  quota: { take: async () => undefined },
};

describe('the door for reports', () => {
  const body = JSON.stringify({ service: 'web', image: 'reg.example/web:1' });
  const seconds = NOW / 1000;

  async function take(headers: Record<string, string>, sent = body) {
    const recorded: ReportedBy[] = [];
    const post = await serve(
      artifactsDoor({
        ...common,
        reporters: { ci: { secret: SECRET } },
        async record(_, by) {
          recorded.push(by);
          return {
            kind: 'recorded',
            isRepeated: false,
            artifact: { artifact: by.id, reporter: 'ci', images: {}, evidence: {} },
          };
        },
      }),
    );
    const { status } = await post(sent, headers);
    return { status, recorded };
  }

  function headers(timestamp: number | string = seconds, signed = body, secret = SECRET) {
    return {
      'x-signalbox-reporter': 'ci',
      'x-signalbox-timestamp': String(timestamp),
      'x-signalbox-signature': `v1=${sign(`v1:${timestamp}:${signed}`, secret)}`,
    };
  }

  it('takes in what is signed, under one identity for one body', async () => {
    const first = await take(headers());
    const again = await take(headers(seconds + 60));
    expect([first.status, again.status]).toEqual([202, 202]);
    expect(first.recorded[0]?.id).toBe(again.recorded[0]?.id);
  });

  it.each<[string, Record<string, string>]>([
    ['another secret', headers(seconds, body, 'some-other-secret')],
    ['another body', headers(seconds, `${body} `)],
    ['another time than was signed', { ...headers(), 'x-signalbox-timestamp': String(seconds + 1) }],
    ['a time too long ago', headers(seconds - 301)],
    ['a time too far ahead', headers(seconds + 301)],
    ['a time that is none', headers('1e9')],
    ['no signature', { ...headers(), 'x-signalbox-signature': '' }],
    ['a signature of another form', { ...headers(), 'x-signalbox-signature': `v1=${'0'.repeat(63)}` }],
    ['the name of something that every object has', { ...headers(), 'x-signalbox-reporter': 'toString' }],
  ])('refuses %s', async (_, sent) => {
    expect(await take(sent)).toEqual({ status: 401, recorded: [] });
  });

  it('reads no more of a body than it may', async () => {
    const large = JSON.stringify({ service: 'web', image: 'a'.repeat(70_000) });
    expect((await take(headers(seconds, large), large)).status).toBe(413);
  });

  it('says that nothing was recorded while something is away', async () => {
    const post = await serve(
      artifactsDoor({
        ...common,
        reporters: { ci: { secret: SECRET } },
        record: () => Promise.reject(new UnavailableError('the registry is away', { retryAfterMs: 7000 })),
      }),
    );
    const answer = await post(body, headers());
    expect([answer.status, answer.headers.get('retry-after')]).toEqual([503, '7']);
  });
});

describe("the door for GitHub's webhook", () => {
  async function openDoor() {
    const inbox = createMemoryInbox({ clock });
    const rung: string[] = [];
    const post = await serve(
      githubDoor({
        ...common,
        inbox,
        bells: { ring: async (bell) => void rung.push(JSON.stringify(bell)), expect: () => undefined },
        buttons: { get: async () => undefined },
        grammar: { commands, vocabulary: { environments: ['dev', 'prod'], prefix: 'acme-' } },
        secret: SECRET,
        repositories: new Set(['acme/gitops', 'acme/source']),
        channel: 'CDEV',
      }),
    );
    const send = async (
      { event, payload }: { event: string; payload: unknown },
      delivery = '12345678-aaaa',
    ) => {
      const text = JSON.stringify(payload);
      const answer = await post(text, {
        'x-github-event': event,
        'x-github-delivery': delivery,
        'x-hub-signature-256': `sha256=${sign(text)}`,
      });
      return (await answer.json()) as { state?: string; why?: string; isRepeated?: boolean };
    };
    return { inbox, rung, post, send };
  }

  const at = '2026-11-20T09:59:00Z';
  const of = (body: string) => comment({ login: 'Ana-acme', body, createdAt: at });

  it.each([
    ['.promote prod', { kind: 'promote', environment: 'prod' }],
    ['/.promote prod', { kind: 'promote', environment: 'prod' }],
    ['/release status prod\n\nthank you', { kind: 'status', environment: 'prod' }],
    ['/acme-release status prod', { kind: 'status', environment: 'prod' }],
    ['/rollback web prod', { kind: 'rollbackPlan', environment: 'prod' }],
    ['/release statos', { kind: 'notUnderstood' }],
    ['/press nothing', { kind: 'notUnderstood' }],
  ])('takes %s as what it means', async (body, request) => {
    const { inbox, rung, send } = await openDoor();
    expect(await send(of(body))).toMatchObject({ state: 'accepted', isRepeated: false });
    expect(await inbox.take('github.12345678-aaaa')).toMatchObject({
      principal: 'github:Ana-acme',
      via: 'github',
      request,
      replyTo: { kind: 'comment', repository: 'acme/gitops', issue: 7 },
    });
    expect(rung).toHaveLength(1);
  });

  it('takes a delivery once, and rings for it once', async () => {
    const { rung, send } = await openDoor();
    await send(of('/release status'));
    expect(await send(of('/release status'))).toMatchObject({ isRepeated: true });
    expect(rung).toHaveLength(1);
  });

  it('takes a new tag, and no branch, no deletion and none that was moved', async () => {
    const { inbox, send } = await openDoor();
    const push = tagPush('web-v1.9.0', 'Dev-acme').payload as { repository: object };
    const payload = { ...push, repository: { ...push.repository, pushed_at: NOW / 1000 } };
    expect(await send({ event: 'push', payload })).toMatchObject({ state: 'accepted' });
    expect(await inbox.take('github.12345678-aaaa')).toMatchObject({
      request: { kind: 'cutTag', repository: 'acme/source', tag: 'web-v1.9.0' },
      replyTo: { kind: 'channel', channel: 'CDEV' },
    });
    for (const more of [{ ref: 'refs/heads/main' }, { created: false }, { deleted: true, created: false }])
      expect(await send({ event: 'push', payload: { ...payload, ...more } }, 'other-one')).toMatchObject({
        state: 'ignored',
      });
  });

  it.each<[string, { event: string; payload: unknown }]>([
    [
      'what is too old',
      comment({ login: 'Ana-acme', body: '/release status', createdAt: '2026-11-18T10:00:00Z' }),
    ],
    ['what cannot be told as a command', of('thanks, /release status')],
    ['a ping', { event: 'ping', payload: { zen: 'Keep it logically awesome.' } }],
    ['an event that it does not know', { event: 'star', payload: {} }],
  ])('ignores %s', async (_, hook) => {
    const { inbox, send } = await openDoor();
    expect(await send(hook)).toMatchObject({ state: 'ignored', why: expect.any(String) });
    expect(await inbox.waiting(Number.MAX_SAFE_INTEGER)).toEqual([]);
  });

  it('refuses what is not signed, whatever it says', async () => {
    const { inbox, post } = await openDoor();
    const text = JSON.stringify(of('/release status').payload);
    for (const signature of ['', `sha256=${sign(text, 'wrong')}`, `sha1=${sign(text)}`]) {
      const headers = { 'x-github-event': 'issue_comment', 'x-github-delivery': '12345678' };
      expect((await post(text, { ...headers, 'x-hub-signature-256': signature })).status).toBe(401);
    }
    expect(await inbox.waiting(Number.MAX_SAFE_INTEGER)).toEqual([]);
  });

  it('refuses a comment that is none, by the places that are wrong', async () => {
    const { send } = await openDoor();
    expect(await send({ event: 'issue_comment', payload: { action: 'created' } })).toMatchObject({
      error: { code: 'misunderstood', says: expect.stringContaining('issue, comment, repository') },
    });
  });
});
