import { randomUUID } from 'node:crypto';
import { copyFile, readFile, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { ledgerKeys } from '../../src/adapters/redis/keys.ts';
import { type ReleaseId, releaseStream } from '../../src/domain/ids.ts';
import { lineOf, sealFact } from '../../src/domain/ledger/chain.ts';
import { FACT_SCHEMA_VERSION, FactEnvelope } from '../../src/domain/ledger/fact.ts';
import { type BotProcess, startBot } from '../../src/sandbox/bot-process.ts';
import { type People, peopleOf } from './people.ts';
import { commitsOf, INSTALLATION, type Journey, standing, startJourney, TEST_MS } from './world.ts';

let journey: Journey;
let people: People;
let second: BotProcess | undefined;
beforeAll(async () => {
  journey = await startJourney();
  people = peopleOf(journey.world);
  second = await startSecond();
}, TEST_MS);
afterAll(async () => {
  await second?.stop();
  await journey?.[Symbol.asyncDispose]();
});

/** Another process of the same installation, with folders of its own. */
async function startSecond(): Promise<BotProcess> {
  const { directory, secrets } = journey.world;
  const config = join(directory, 'second.yaml');
  await copyFile(join(directory, 'signalbox.yaml'), config);
  const text = await readFile(config, 'utf8');
  await writeFile(config, text.replace(join(directory, 'data'), join(directory, 'second-data')));
  return startBot({ config, secrets, logFile: join(directory, 'second.log'), environment: process.env });
}

function boardsOf(environment: string, name: string): number {
  const messages = journey.world.workspace.state().messages(`releases-${environment}`);
  return messages.filter(({ text }) => text.startsWith(`${name} →`)).length;
}

describe('several processes on one Redis behave as one', { timeout: TEST_MS }, () => {
  it('releases on disjoint tracks run side by side, each with one commit and one board', async () => {
    const [first, other] = await Promise.all([
      people.cuts('dev', 'dev', 'web@1.8.0'),
      people.cuts('olu', 'dev', 'stock@1.8.0'),
    ]);
    for (const name of [first, other]) {
      await people.board('dev', name, /· released ·/);
      expect([(await commitsOf(journey, `dev/${name}`)).length, boardsOf('dev', name)]).toEqual([1, 1]);
    }
  });

  it('a release on a track that another holds waits, and says which and whose', async () => {
    const { metrics } = journey;
    metrics.setDown(true);
    const first = await people.cuts('ana', 'prod', 'web@1.8.0');
    await people.presses('ben', 'prod', 'Approve');
    await people.board('prod', first, /web at 33 %/);
    await people.releasesToDev('web@1.9.0');
    const next = await people.cuts('ana', 'prod', 'web@1.9.0');
    await people.presses('ben', 'prod', 'Approve');
    await people.board('prod', next, new RegExp(`Waits for ${first}: both touch web`));
    expect(await commitsOf(journey, `prod/${next}`)).toHaveLength(0);
    // Recovery takes the track from its holder; what waited goes on, and the holder never moves again.
    const holder = await people.board('prod', first, /web at 33 %/);
    await journey.world.workspace
      .person('cleo')
      .click({ message: holder, button: 'Abort and put back', confirm: 'accept' });
    metrics.setDown(false);
    await people.board('prod', next, /· released ·/);
  });

  it('a promote of a release whose tracks recovery took is refused with what became of it', async () => {
    const name = await people.releasesToDev('stock@1.9.0');
    await people.opens('cleo', '/rollback stock dev', /Roll back in dev/);
    await journey.world.workspace.person('cleo').submit();
    await people.reads('dev', /Clean ·/);
    const before = await journey.world.gitops.head('main');
    await people.types(
      'ana',
      `/release promote ${name} prod`,
      new RegExp(`${name} in dev is rolled-back[\\s\\S]*Not done`),
    );
    expect(await journey.world.gitops.head('main')).toBe(before);
  });
});

describe('facts of other versions of the program', { timeout: TEST_MS }, () => {
  it('a release of the first version is still read, and told of as any other', async () => {
    const id = await writeOldestRelease();
    const told = await people.types('ana', `/release status ${id}`, /checkout-2026-11-20\.3/);
    expect(told).toMatch(/orders-api[\s\S]*1\.7\.0 → /);
  });

  it('a fact of a newer version makes its release read-only, and whoever decides on it is told so', async () => {
    const name = await people.cuts('ana', 'prod', 'stock@1.8.0');
    const board = await people.board('prod', name, /wants 1 approval/);
    await writeNewerFact(`prod/${name}`);
    const before = await standing(journey);
    await people.pressesCopy('ben', board, {
      button: 'Approve',
      words: /can't be changed by this version of me/,
    });
    expect(await standing(journey)).toEqual(before);
  });
});

/** A release as the first version of the program wrote it down, and people still ask about. */
async function writeOldestRelease(): Promise<string> {
  const example = new URL('../domain/ledger/examples/release.release.cut.v1.jsonl', import.meta.url);
  const [line = ''] = (await readFile(example, 'utf8')).split('\n');
  const { hash: _, seq: __, ...cut } = FactEnvelope.parse(JSON.parse(line));
  await append(sealFact(cut));
  return cut.correlation;
}

/** Appends what the next version of the program might, to the end of a release's stream. */
async function writeNewerFact(id: ReleaseId): Promise<void> {
  const stream = ledgerKeys(INSTALLATION).stream(releaseStream(id));
  const lines = await journey.store.run('read a stream', (redis) => redis.lrange(stream, 0, -1));
  const { hash, seq: _, ...last } = FactEnvelope.parse(JSON.parse(lines.at(-1) ?? ''));
  await append(
    sealFact({
      ...last,
      id: randomUUID(),
      version: last.version + 1,
      kind: 'release.teleported',
      schemaVersion: FACT_SCHEMA_VERSION + 1,
      data: { to: 'mars' },
      prevHash: hash,
    }),
  );
}

/** Puts a fact at the end of its stream, as the program of another version would have. */
async function append({ fact, body }: ReturnType<typeof sealFact>): Promise<void> {
  const keys = ledgerKeys(INSTALLATION);
  await journey.store.run('append a fact', async (redis) => {
    const seq = await redis.incr(keys.sequence);
    await redis.rpush(keys.order, `${fact.version} ${fact.stream}`);
    await redis.rpush(keys.stream(fact.stream), lineOf({ hash: fact.hash, body }, seq));
    await redis.zadd(keys.recentReleases, seq, fact.stream);
  });
}
