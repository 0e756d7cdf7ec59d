import { describe, expect, it } from 'vitest';
import { editOf, postInto } from '../../../src/adapters/slack/outbox/lanes.ts';
import { createOutbox, type Sending, type Sent } from '../../../src/adapters/slack/outbox/outbox.ts';
import { type VirtualTime, virtualTime } from './virtual-time.ts';

/** A Slack that takes `latencyMs` for each call, remembers when it was called, and refuses what `limits` says. */
function openOutbox({ latencyMs = 100 } = {}) {
  const time = virtualTime();
  const outbox = createOutbox({ clock: time, timers: time });
  const log: { what: string; at: number }[] = [];
  const limits = new Map<string, number>();
  const sender = (what: string, place: string) => async (): Promise<Sent<string>> => {
    log.push({ what, at: time.now() });
    await new Promise<void>((resolve) => time.after(latencyMs, resolve));
    const retryAfterMs = limits.get(place);
    limits.delete(place);
    return retryAfterMs === undefined ? { kind: 'sent', value: what } : { kind: 'limited', retryAfterMs };
  };
  const put = (sending: Omit<Sending<string>, 'send'>, what: string) =>
    outbox.put({ ...sending, send: sender(what, sending.gate) });
  return {
    time,
    outbox,
    log,
    limits,
    edit: (channel: string, ts: string, what: string, urgent = false) =>
      put(editOf({ channel, ts, urgent }), what),
    post: (channel: string, what: string) => put(postInto(channel), what),
  };
}

async function outcome(time: VirtualTime, promise: Promise<unknown>, ms: number) {
  const settled = promise.then(
    (value) => ({ value }),
    (error: unknown) => ({ error }),
  );
  await time.pass(ms);
  return Promise.race([settled, Promise.resolve('waits')]);
}

describe('edits', () => {
  it('go at once while the workspace is quiet', async () => {
    const { time, edit, log } = openOutbox();
    const done = edit('C1', '1', 'a');
    expect(await outcome(time, done, 100)).toEqual({ value: 'a' });
    expect(log).toEqual([{ what: 'a', at: 0 }]);
  });

  it('of one message are never two under way, and only the newest of those that wait is sent', async () => {
    const { time, edit, log } = openOutbox({ latencyMs: 400 });
    const all = ['first', 'second', 'third', 'fourth'].map((what) => edit('C1', '1', what));
    await time.pass(2_000);
    expect(log.map(({ what }) => what)).toEqual(['first', 'fourth']);
    expect(log[1]?.at).toBeGreaterThanOrEqual(400);
    expect(await Promise.all(all)).toEqual(['first', 'fourth', 'fourth', 'fourth']);
  });

  it('of twenty boards that never rest stay inside 50 a minute, and every board has its turn', async () => {
    const { time, edit, log } = openOutbox();
    for (let second = 0; second < 300; second += 1) {
      for (let board = 0; board < 20; board += 1) void edit('C1', String(board), `board${board}`);
      await time.pass(1_000);
    }
    for (let from = 0; from < 240_000; from += 1_000) {
      expect(log.filter(({ at }) => at >= from && at < from + 60_000).length).toBeLessThanOrEqual(50);
    }
    expect(log.length).toBeGreaterThan(225);
    const counts = Array.from(
      { length: 20 },
      (_, i) => log.filter(({ what }) => what === `board${i}`).length,
    );
    expect(Math.max(...counts) - Math.min(...counts)).toBeLessThanOrEqual(1);
  });

  it('that are urgent overtake whatever waits', async () => {
    const { time, edit, log } = openOutbox();
    for (let board = 0; board < 20; board += 1) void edit('C1', String(board), `board${board}`);
    await time.pass(50);
    void edit('C2', '99', 'aborted', true);
    await time.pass(1);
    expect(log.at(-1)).toEqual({ what: 'aborted', at: 50 });
  });

  it('meet a limit in one channel without delaying another, and go out when it is over', async () => {
    const { time, edit, log, limits } = openOutbox();
    limits.set('chat.update C1', 20_000);
    const limited = edit('C1', '1', 'old');
    await time.pass(200);
    const newest = edit('C1', '1', 'new');
    const other = edit('C2', '2', 'elsewhere');
    expect(await outcome(time, other, 200)).toEqual({ value: 'elsewhere' });
    await time.pass(25_000);
    expect(log.map(({ what }) => what)).toEqual(['old', 'elsewhere', 'new']);
    expect(log[2]?.at).toBeGreaterThanOrEqual(20_100);
    expect(await Promise.all([limited, newest])).toEqual(['new', 'new']);
  });

  it('are handed back with the time to wait when a limit lasts longer than anybody should wait here', async () => {
    const { time, edit, limits } = openOutbox();
    limits.set('chat.update C1', 120_000);
    expect(await outcome(time, edit('C1', '1', 'a'), 200)).toMatchObject({
      error: { name: 'UnavailableError', retryAfterMs: 120_000, ambiguous: false },
    });
    expect(await outcome(time, edit('C1', '1', 'b'), 10)).toMatchObject({
      error: { name: 'UnavailableError' },
    });
  });
});

describe('posts', () => {
  it('into one channel keep their order, a few at once and then one a second', async () => {
    const { time, post, log } = openOutbox();
    for (const what of ['a', 'b', 'c', 'd', 'e']) void post('C1', what);
    await time.pass(10_000);
    expect(log.map(({ what }) => what)).toEqual(['a', 'b', 'c', 'd', 'e']);
    const [, , third, fourth, fifth] = log.map(({ at }) => at);
    expect(third).toBeLessThan(1_000);
    expect((fifth ?? 0) - (fourth ?? 0)).toBeGreaterThanOrEqual(1_000);
  });

  it('into one channel do not wait for another, nor for edits', async () => {
    const { time, post, edit, log } = openOutbox();
    for (let i = 0; i < 10; i += 1) void post('C1', `one${i}`);
    for (let i = 0; i < 10; i += 1) void edit('C1', String(i), `edit${i}`);
    void post('C2', 'two');
    await time.pass(1);
    expect(log.find(({ what }) => what === 'two')?.at).toBe(0);
  });

  it('are never merged', async () => {
    const { time, post } = openOutbox();
    const both = Promise.all([post('C1', 'x'), post('C1', 'y')]);
    expect(await outcome(time, both, 5_000)).toEqual({ value: ['x', 'y'] });
  });

  it('that would wait longer than a minute are handed back', async () => {
    const { time, post } = openOutbox();
    const all = Array.from({ length: 80 }, (_, i) => post('C1', String(i)));
    const settled = Promise.allSettled(all);
    await time.pass(120_000);
    const results = await settled;
    expect(results.filter(({ status }) => status === 'rejected').length).toBeGreaterThan(10);
    expect(results[0]).toMatchObject({ status: 'fulfilled' });
  });
});

describe('closing', () => {
  it('hands back what waits and lets what is under way finish', async () => {
    const { time, post, outbox } = openOutbox();
    const first = post('C1', 'under way');
    const second = post('C1', 'waits');
    const refused = expect(second).rejects.toMatchObject({ name: 'UnavailableError' });
    const closed = outbox.close();
    await refused;
    await time.pass(200);
    await closed;
    expect(await first).toBe('under way');
    await expect(post('C1', 'late')).rejects.toMatchObject({ name: 'UnavailableError' });
  });
});
