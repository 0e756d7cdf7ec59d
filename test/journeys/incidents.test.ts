import { execFile } from 'node:child_process';
import { readFile } from 'node:fs/promises';
import { join } from 'node:path';
import { promisify } from 'node:util';
import type { Redis } from 'ioredis';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { type People, peopleOf } from './people.ts';
import { type Journey, startJourney, TEST_MS } from './world.ts';

let journey: Journey;
let people: People;
beforeAll(async () => {
  journey = await startJourney();
  people = peopleOf(journey.world);
  await people.releasesToDev('web@1.8.0');
}, TEST_MS);
afterAll(() => journey?.[Symbol.asyncDispose]());

async function opensIncident(title: string): Promise<string> {
  const { workspace } = journey.world;
  const before = channels().length;
  await people.opens('cleo', '/incident open', /Opens a channel/);
  await workspace.person('cleo').submit({ 'What is wrong?': title });
  const { id } = workspace.person('cleo');
  await workspace.waitFor(
    (state) => channels().length > before && state.channel(channels().at(-1) ?? '').members.has(id),
    { deadlineMs: 20_000, what: 'a channel with whoever opened it' },
  );
  const opened = channels().at(-1);
  if (opened === undefined) throw new Error('no channel was opened');
  return opened;
}

function channels(): string[] {
  const all = [...journey.world.workspace.state().channels.values()];
  return all.map(({ name }) => name).filter((name) => name.startsWith('inc'));
}

const timeline = (words: RegExp, incident = '') =>
  asking(() => people.types('cleo', `/incident timeline ${incident}`.trim(), /lines|INC-/), words);

/** What was said reaches the timeline a moment later: asks until it does. */
async function asking(ask: () => Promise<string>, words: RegExp): Promise<string> {
  const until = performance.now() + 15_000;
  for (;;) {
    const told = await ask();
    if (words.test(told)) return told;
    if (performance.now() > until) throw new Error(`not ${words} but: ${told}`);
    await new Promise((resolve) => setTimeout(resolve, 200));
  }
}

/** Everything that stands in Redis, in the record's repository and in the program's log. */
async function whatIsKept(): Promise<string> {
  const { store, world } = journey;
  const { dir } = await world.git.createRepository('record', {});
  const record = await promisify(execFile)('git', ['-C', dir, 'log', '--all', '--patch'], {
    maxBuffer: 100_000_000,
  });
  const log = await readFile(join(world.directory, 'signalbox.log'), 'utf8');
  return [await store.run('read everything', everyValue), record.stdout, log].join('\n');
}

/** As Redis itself would write it to another one; short values are not compressed. */
async function everyValue(redis: Redis): Promise<string> {
  await redis.config('SET', 'rdbcompression', 'no');
  const keys = await redis.keys('*');
  const values = await Promise.all(keys.map((key) => redis.dumpBuffer(key)));
  return values.map((value) => value?.toString('utf8') ?? '').join('\n');
}

describe('an incident’s timeline writes itself', { timeout: TEST_MS }, () => {
  it('follows what people say, correct and take back, and what they pin', async () => {
    const { workspace } = journey.world;
    const channel = await opensIncident('empty carts fail');
    const cleo = workspace.person('cleo');
    const ts = cleo.post(channel, 'the serializer trips');
    await timeline(/the serializer trips/);
    cleo.edit(channel, ts, 'the new serializer trips over nulls');
    await timeline(/trips over nulls/);
    expect(await whatIsKept()).toMatch(/trips over nulls/);
    cleo.delete(channel, ts);
    await asking(async () => {
      const told = await people.types('cleo', '/incident timeline', /lines|INC-/);
      return told.includes('trips over nulls') ? 'still there' : 'gone';
    }, /gone/);
    expect(await whatIsKept()).not.toMatch(/serializer trips|trips over nulls/);
    const pinned = workspace.person('ana').post('releases-prod', 'checkout looks odd since noon');
    workspace.person('ana').react('releases-prod', pinned, 'pushpin');
    await timeline(/looks odd since noon/);
  });

  it('with two open incidents a note asks which one is meant', async () => {
    await opensIncident('search is slow');
    const told = await people.types('cleo', '/incident note the index was rebuilt', /Which|INC-2/);
    expect(told).toContain('INC-1');
    expect(told).toContain('INC-2');
    await people.types('cleo', '/incident note INC-2 the index was rebuilt', /INC-2|Noted|noted/);
    await timeline(/index was rebuilt/, 'INC-2');
  });

  it('is resolved with its three times', async () => {
    await people.types('cleo', '/incident resolve INC-2', /./);
    const { workspace } = journey.world;
    await workspace.waitFor(
      () =>
        channels().some((name) =>
          workspace
            .state()
            .messages(name)
            .some((message) => JSON.stringify(message).includes('mitigated after')),
        ),
      { deadlineMs: 20_000, what: 'the resolution' },
    );
  });
});
