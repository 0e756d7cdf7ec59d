import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ledgerKeys } from '../../src/adapters/redis/keys.ts';
import { type Asking, acceptedOf, asking, errorOf, tokenOf } from './api.ts';
import { type People, peopleOf } from './people.ts';
import {
  commitsOf,
  factCount,
  INSTALLATION,
  type Journey,
  standing,
  startJourney,
  TEST_MS,
} from './world.ts';

let journey: Journey;
let people: People;
let ana: Asking;
let dev: Asking;
beforeAll(async () => {
  journey = await startJourney();
  people = peopleOf(journey.world);
  ana = asking(journey, await tokenOf(people, 'ana'));
  dev = asking(journey, await tokenOf(people, 'dev'));
}, TEST_MS);
afterAll(() => journey?.[Symbol.asyncDispose]());

describe('what is asked by HTTP takes the same way as in Slack', { timeout: TEST_MS }, () => {
  it('answers a question, as words and as text', async () => {
    const posted = await ana.post({ command: '/release status prod' });
    expect(posted.status).toBe(202);
    expect(posted.headers.get('location')).toBe(acceptedOf(posted).answer);
    const told = await ana.ask({ argv: ['release', 'status', 'prod'] });
    expect(told).toMatchObject({
      outcome: 'done',
      summary: expect.stringContaining('nothing waits for you'),
    });
    expect(told.text).toMatch(/^prod {3}/);
    expect(told.text).not.toMatch(/[*<>]/);
    const text = await ana.get(`${acceptedOf(posted).answer}?wait=30`, { accept: 'text/plain' });
    expect(text.json).toMatch(/^prod {3}[\s\S]*Nothing waits for you/);
  });

  it('cuts as the person whose token it is, and the record names them and the way they came', async () => {
    const told = await dev.ask({ command: 'release cut dev web@1.8.0' });
    expect(told).toMatchObject({ outcome: 'done', summary: expect.stringMatching(/→ dev is cut$/) });
    const name = told.summary.split(' ')[0] ?? '';
    await people.board('dev', name, /· released ·/);
    const [commit] = await commitsOf(journey, `dev/${name}`);
    expect(commit).toMatch(
      new RegExp(`Requested-By: slack:\\w+:${journey.world.workspace.person('dev').id}`),
    );
    const stream = ledgerKeys(INSTALLATION).stream(`release:dev/${name}`);
    const [fact] = await journey.store.run('read a release', (redis) => redis.lrange(stream, 0, 0));
    expect(fact).toContain('"via":"http"');
  });

  it('is refused by the same rules, and changes nothing', async () => {
    const before = await standing(journey);
    const cleo = asking(journey, await tokenOf(people, 'cleo'));
    const told = await cleo.ask({ command: '/release cut dev web@1.9.0' });
    expect(told).toMatchObject({
      outcome: 'refused',
      text: expect.stringMatching(/You can't cut a release for dev[\s\S]*environments\.dev\.may\.cut/),
      actions: [{ label: 'Ask developers' }],
    });
    expect(await standing(journey)).toEqual(before);
  });

  it('shows a rollback before it does it, and does it when it is sent', async () => {
    const before = await standing(journey);
    const plan = await ana.ask({ command: '/rollback web dev' });
    expect(plan).toMatchObject({
      outcome: 'asks',
      form: { fields: [], submit: { label: /Roll back 1 service/ } },
    });
    expect(plan.text).toContain('web  1.8.0 → 1.7.4');
    expect(await standing(journey)).toEqual(before);
    const done = await ana.ask({ press: plan.form?.submit.press });
    expect(done).toMatchObject({
      outcome: 'done',
      summary: expect.stringMatching(/^Rolling back in dev as /),
    });
    await people.reads('dev', /Clean ·/);
  });

  it('runs once under one key, however often it is sent, and never for something else', async () => {
    const key = { 'idempotency-key': 'deploy-4711' };
    const [first, second] = await Promise.all([
      dev.post({ command: 'release cut dev stock@1.8.0' }, key),
      dev.post({ command: 'release cut dev stock@1.8.0' }, key),
    ]);
    expect(acceptedOf(first).id).toBe(acceptedOf(second).id);
    expect([acceptedOf(first).isRepeated, acceptedOf(second).isRepeated].sort()).toEqual([false, true]);
    const told = await dev.ask({ command: 'release cut dev stock@1.8.0' }, key);
    await people.board('dev', told.summary.split(' ')[0] ?? '', /· released ·/);
    // The inbox forgets an identity sooner than its answer is: it is not done again in between.
    await journey.store.run('forget an identity', async (redis) => {
      const { id } = acceptedOf(first);
      return redis.del(`{sb:${INSTALLATION}}:inbox:seen:${id}`);
    });
    const later = await dev.post({ command: 'release cut dev stock@1.8.0' }, key);
    expect(acceptedOf(later).isRepeated).toBe(true);
    const facts = await factCount(journey);
    const other = await dev.post({ command: 'release cut dev stock@1.9.0' }, key);
    expect([other.status, errorOf(other).code]).toEqual([422, 'key-reused']);
    // The same key of somebody else is another request.
    const anas = await ana.post({ command: 'release status' }, key);
    expect(acceptedOf(anas).isRepeated).toBe(false);
    expect(await factCount(journey)).toBe(facts);
  });
});

describe('what cannot be taken in is refused with the way on', { timeout: TEST_MS }, () => {
  it('without a token, with a wrong one, and with one that was replaced or revoked', async () => {
    const first = await tokenOf(people, 'ben');
    const second = await tokenOf(people, 'ben');
    const status = async (token?: string) => {
      const answer = await asking(journey, token).post({ command: 'release status' });
      if (answer.status === 401) {
        expect(errorOf(answer)).toMatchObject({
          code: 'unauthorised',
          remedy: expect.stringContaining('/release token'),
        });
        expect(answer.headers.get('www-authenticate')).toMatch(/^Bearer/);
      }
      return answer.status;
    };
    expect([await status(), await status('x'), await status(first), await status(second)]).toEqual([
      401, 401, 401, 202,
    ]);
    await people.types('ben', '/release token revoke', /revoked/);
    expect(await status(second)).toBe(401);
  });

  it('says what was not understood and what would be', async () => {
    const slip = await ana.post({ command: '/release cut pord web@1.8.0' });
    expect([slip.status, errorOf(slip)]).toMatchObject([
      422,
      { code: 'misunderstood', says: 'There is no environment pord', suggestions: ['prod'] },
    ]);
    const cases: [unknown, number, string][] = [
      ['{', 400, 'not-json'],
      [{ comand: 'x' }, 422, 'misunderstood'],
      [{ press: 'nobody-made-this' }, 422, 'misunderstood'],
      [{ command: `release status ${'x'.repeat(70_000)}` }, 413, 'too-large'],
    ];
    for (const [body, status, code] of cases) {
      const answer = await ana.post(body);
      expect([answer.status, errorOf(answer).code]).toEqual([status, code]);
    }
    const key = await ana.post({ command: 'release status' }, { 'idempotency-key': 'x'.repeat(201) });
    expect(key.status).toBe(422);
  });

  it('shows an answer only to whoever asked', async () => {
    const { answer } = acceptedOf(await ana.post({ command: 'release status' }));
    const foreign = await dev.get(answer);
    expect([foreign.status, errorOf(foreign).code]).toEqual([403, 'forbidden']);
    const [none, method, place, wait] = [
      await ana.get('/api/commands/http.nobody'),
      await ana.get('/api/commands'),
      await ana.get('/api/else'),
      await ana.get(`${answer}?wait=600`),
    ];
    expect([none.status, method.status, place.status, wait.status]).toEqual([404, 405, 404, 422]);
  });

  it('keeps no token anywhere', async () => {
    const token = await tokenOf(people, 'ben');
    const secret = token.slice(-43);
    await asking(journey, token).ask({ command: 'release status' });
    const log = await readFile(join(journey.world.directory, 'signalbox.log'), 'utf8');
    expect(log).not.toContain(secret);
    const kept = await journey.store.run('read everything', async (redis) => {
      const keys = await redis.keys('*:token:*');
      return Promise.all(keys.map((key) => redis.get(key)));
    });
    expect(kept.length).toBeGreaterThan(0);
    expect(kept.join()).not.toContain(secret);
  });

  it('makes no token for whoever has one already', async () => {
    const told = await ana.ask({ command: 'release token' });
    expect(told).toMatchObject({ outcome: 'refused', summary: expect.stringContaining('in Slack only') });
  });

  it('asks whoever asks too much to wait', async () => {
    const cleo = asking(journey, await tokenOf(people, 'cleo'));
    const answers = await Promise.all(Array.from({ length: 70 }, () => cleo.post('{')));
    const refused = answers.filter(({ status }) => status === 429);
    expect(refused.length).toBeGreaterThan(0);
    const [first] = refused;
    expect(Number(first?.headers.get('retry-after'))).toBeGreaterThan(0);
    expect(await ana.post({ command: 'release status' })).toMatchObject({ status: 202 });
  });
});

describe('when something is away', { timeout: TEST_MS }, () => {
  it('is not taken in while the store is, and shows nothing to whom it cannot know', async () => {
    journey.redisLine.cut();
    try {
      const answer = await ana.post({ command: '/rollback web prod' });
      expect([answer.status, errorOf(answer)]).toMatchObject([
        503,
        {
          code: 'unavailable',
          says: expect.stringMatching(/^Not accepted/),
          remedy: expect.stringContaining('In Slack'),
        },
      ]);
      expect(JSON.stringify(answer.json)).not.toContain('kubectl');
    } finally {
      journey.redisLine.mend();
    }
  });

  it('takes back what runs while Slack is', async () => {
    const name = await people.releasesToDev('web@1.10.0');
    const { faults } = journey.world.workspace;
    faults.next(100_000, { fault: { kind: 'error_500' } });
    let recovery = '';
    try {
      const plan = await ana.ask({ command: '/rollback web dev' });
      const done = await ana.ask({ press: plan.form?.submit.press });
      expect(done).toMatchObject({
        outcome: 'done',
        summary: expect.stringMatching(/^Rolling back in dev as /),
      });
      recovery = /as (\S+)\.$/.exec(done.summary)?.[1] ?? '';
      await expect.poll(() => commitsOf(journey, `dev/${recovery}`), { timeout: 20_000 }).toHaveLength(1);
    } finally {
      faults.clear();
    }
    expect((await commitsOf(journey, `dev/${recovery}`))[0]).toContain(`Rolls-Back: dev/${name}`);
    await people.reads('dev', /Clean ·/);
  });
});
