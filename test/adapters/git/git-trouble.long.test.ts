import { randomBytes } from 'node:crypto';
import { readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { openGit } from '../../../src/adapters/git/git.ts';
import { leasedTurns } from '../../../src/adapters/git/leased-turns.ts';
import { TerminalError, UnavailableError } from '../../../src/errors.ts';
import type { Leases } from '../../../src/ports/lease.ts';
import { FILES, key, request } from '../../contracts/git-world.ts';
import { importFiles, makeRealWorld, modeOf, type RealWorld, TOKEN } from './git-world.ts';

/** Another process of the installation: its own clone, the same server. */
function another(world: RealWorld, more: Partial<RealWorld['options']> = {}) {
  return openGit({ ...world.options, ...more });
}

const unfinishedPushes = ({ server }: RealWorld) =>
  server.requests.filter(({ path, status }) => path.endsWith('/git-receive-pack') && status === 0);

/** Waits until the server has taken a push in hand, to let it hang. */
const pushToHang = ({ origin }: RealWorld) =>
  expect.poll(() => origin.faultsLeft(), { timeout: 10_000 }).toBe(0);

/** Leases without time: one holder for a name, who is told at once when somebody seizes it. */
function seizableLeases(): Leases {
  const holders = new Map<string, AbortController>();
  return {
    async take(name, { seize = false } = {}) {
      const holder = holders.get(name);
      if (holder && !seize) return { kind: 'taken', freeInMs: 1 };
      holder?.abort();
      const mine = new AbortController();
      holders.set(name, mine);
      const stillMine = () => holders.get(name) === mine;
      const release = async () => void (stillMine() && holders.delete(name));
      return {
        kind: 'mine',
        held: { fence: 1, stillMine, confirm: async () => stillMine(), lost: mine.signal, release },
      };
    },
  };
}

describe('a push that hangs', () => {
  it('is ended by recovery, which commits on what is there, and the one that gave way can be asked for again', async () => {
    await using world = await makeRealWorld({ deadlines: { hungMs: 200 } });
    world.origin.faultNextPush({ kind: 'hang' });
    const hung = world.git.commit(request('forward'));
    const settled = Promise.allSettled([hung]);
    await pushToHang(world);
    const behind = world.git.commit(
      request('behind', { keys: [key('prod/cart.yaml', 'image.digest', 'behind')] }),
    );
    const keys = [key('prod/orders.yaml', 'image.digest', 'restored')];
    expect(await world.git.commit(request('recovery', { keys, urgent: true }))).toMatchObject({
      kind: 'committed',
    });
    expect((await settled)[0]).toMatchObject({
      status: 'rejected',
      reason: {
        name: 'UnavailableError',
        ambiguous: true,
        message: expect.stringContaining('gave way to recovery'),
      },
    });
    await expect.poll(() => unfinishedPushes(world), { timeout: 10_000 }).toHaveLength(1);
    await behind;
    const operations = (await world.git.log('gitops', 'main', { limit: 5 })).map(
      ({ operation }) => operation,
    );
    expect(operations).toEqual(['behind', 'recovery', undefined]);
    expect(await world.git.commit(request('forward'))).toMatchObject({ kind: 'committed', how: 'done' });
  });

  it('is unclear after its deadline, and nothing of it goes on', async () => {
    await using world = await makeRealWorld({ deadlines: { pushMs: 1_500 } });
    world.origin.faultNextPush({ kind: 'hang' });
    await expect(world.git.commit(request('op-1'))).rejects.toMatchObject({ ambiguous: true });
    await expect.poll(() => unfinishedPushes(world), { timeout: 10_000 }).toHaveLength(1);
    expect(await world.git.commit(request('op-1'))).toMatchObject({ kind: 'committed', how: 'done' });
    expect(await world.origin.log('main')).toHaveLength(2);
  });
});

describe('several processes', () => {
  it('without a lease between them lose no commit and make none twice', async () => {
    await using world = await makeRealWorld();
    await using second = await another(world);
    const work = (git: RealWorld['git'], name: string) =>
      Promise.all(
        [1, 2, 3, 4].map((n) =>
          git.commit(request(`${name}-${n}`, { files: [{ path: name, text: `${n}` }], keys: [] })),
        ),
      );
    const all = (await Promise.all([work(world.git, 'a'), work(second, 'b')])).flat();
    expect(all.map(({ kind }) => kind)).toEqual(all.map(() => 'committed'));
    const operations = (await world.git.log('gitops', 'main', { limit: 20 })).flatMap(
      ({ operation }) => operation ?? [],
    );
    expect(operations.sort()).toEqual(['a-1', 'a-2', 'a-3', 'a-4', 'b-1', 'b-2', 'b-3', 'b-4']);
  });

  it('with one data folder keep clones of their own, and take over those of a process that has ended', async () => {
    await using world = await makeRealWorld();
    await world.git.view('gitops', 'main');
    await using second = await another(world);
    await second.view('gitops', 'main');
    expect((await readdir(world.options.dataDir)).sort()).toEqual(['1', '2']);
    await world.git[Symbol.asyncDispose]();
    await using third = await another(world);
    await third.view('gitops', 'main');
    expect((await readdir(world.options.dataDir)).sort()).toEqual(['1', '2']);
  });

  it('find what another one did', async () => {
    await using world = await makeRealWorld();
    const first = await world.git.commit(request('op-1'));
    await using second = await another(world);
    expect(await second.commit(request('op-1'))).toEqual({ ...first, how: 'found' });
  });

  it('give the lease away to recovery', async () => {
    const leases = seizableLeases();
    await using world = await makeRealWorld({ withRepository: leasedTurns(leases, { waitMs: 5_000 }) });
    await using second = await another(world, { withRepository: leasedTurns(leases, { waitMs: 5_000 }) });
    world.origin.faultNextPush({ kind: 'hang' });
    const hung = Promise.allSettled([world.git.commit(request('forward'))]);
    await pushToHang(world);
    expect(await second.commit(request('recovery', { urgent: true }))).toMatchObject({ kind: 'committed' });
    expect((await hung)[0]).toMatchObject({ status: 'rejected', reason: { ambiguous: true } });
    await expect.poll(() => unfinishedPushes(world), { timeout: 10_000 }).toHaveLength(1);
  });

  it('that find the turn taken for too long say so', async () => {
    const leases = seizableLeases();
    await leases.take('git:gitops');
    await using world = await makeRealWorld({ withRepository: leasedTurns(leases, { waitMs: 30 }) });
    await expect(world.git.commit(request('op-1'))).rejects.toBeInstanceOf(UnavailableError);
  });
});

describe('closing', () => {
  it('ends a push that hangs, and every program of ours', async () => {
    await using world = await makeRealWorld();
    world.origin.faultNextPush({ kind: 'hang' });
    const hung = Promise.allSettled([world.git.commit(request('op-1'))]);
    await pushToHang(world);
    await world.git[Symbol.asyncDispose]();
    expect((await hung)[0]?.status).toBe('rejected');
    await expect.poll(() => unfinishedPushes(world), { timeout: 10_000 }).toHaveLength(1);
    await expect(world.git.view('gitops', 'main')).rejects.toBeInstanceOf(UnavailableError);
  });
});

describe('a clone that breaks', () => {
  const objectFiles = async (dir: string) =>
    (await readdir(join(dir, 'gitops.git/objects'), { recursive: true })).filter((file) =>
      /^..\/.{38}$/.test(file),
    );

  it.each<[string, (dir: string) => Promise<unknown>]>([
    ['loses every object', (dir) => rm(join(dir, 'gitops.git/objects'), { recursive: true })],
    [
      'holds noise for objects',
      async (dir) => {
        for (const file of await objectFiles(dir)) {
          const path = join(dir, 'gitops.git/objects', file);
          await rm(path);
          await writeFile(path, randomBytes(50));
        }
      },
    ],
    ['is gone', (dir) => rm(join(dir, 'gitops.git'), { recursive: true })],
    ['has lost its head', (dir) => rm(join(dir, 'gitops.git/HEAD'))],
    ['is locked by nobody', (dir) => writeFile(join(dir, 'gitops.git/refs/origin/main.lock'), '')],
  ])('and %s is made again', async (_, destroy) => {
    await using world = await makeRealWorld();
    await world.git.commit(request('op-1'));
    await destroy(world.clones);
    await world.origin.push({ branch: 'main', files: { 'note.md': 'x' } });
    expect(await world.git.commit(request('op-2'))).toMatchObject({ kind: 'committed' });
    const view = await world.git.view('gitops', 'main');
    expect(await view?.read('prod/orders.yaml')).toContain('new-op-2');
  });

  it.each([
    ['that cannot be opened', (dir: string) => writeFile(join(dir, 'gitops.git/config'), '[core')],
    [
      'that is no folder',
      async (dir: string) => {
        await rm(join(dir, 'gitops.git'), { recursive: true });
        await writeFile(join(dir, 'gitops.git'), 'noise');
      },
    ],
  ])('and %s at the start is made again', async (_, destroy) => {
    await using world = await makeRealWorld();
    await world.git.view('gitops', 'main');
    await world.git[Symbol.asyncDispose]();
    await destroy(world.clones);
    await using next = await openGit(world.options);
    expect(await next.commit(request('op-1'))).toMatchObject({ kind: 'committed' });
    expect(world.logged).toMatchObject([{ message: 'the local clone was broken and is made again' }]);
  });

  it('that a killed process has left locked is used again', async () => {
    await using world = await makeRealWorld();
    await world.git.view('gitops', 'main');
    await world.git[Symbol.asyncDispose]();
    await writeFile(join(world.clones, 'gitops.git/refs/origin/main.lock'), '');
    await using next = await openGit(world.options);
    expect(await next.commit(request('op-1'))).toMatchObject({ kind: 'committed' });
    expect(world.logged).toEqual([]);
  });
});

describe('the bot’s token', () => {
  it('is in no message, no log and no file, whatever goes wrong', async () => {
    await using world = await makeRealWorld();
    const words: string[] = [];
    const listen = async (work: Promise<unknown>) =>
      words.push(
        JSON.stringify(await work.catch((error) => `${error.message} ${error.stack} ${error.cause}`)),
      );
    await listen(world.git.commit(request('op-1')));
    world.origin.faultNextPush({
      kind: 'decline',
      says: [`you sent ${TOKEN}`, Buffer.from(`bot:${TOKEN}`).toString('base64')],
      reason: 'pre-receive hook declined',
    });
    await listen(world.git.commit(request('op-2')));
    expect(words[1]).toContain('you sent [redacted]');
    for (const status of [401, 403, 500]) {
      world.origin.faultNextPush({ kind: 'status', status });
      await listen(world.git.commit(request('op-3')));
    }
    world.setDown(true);
    await listen(world.git.view('gitops', 'main'));
    const files = await readdir(world.clones, { recursive: true, withFileTypes: true });
    for (const file of files.filter((one) => one.isFile()))
      words.push(await readFile(join(file.parentPath, file.name), 'latin1'));
    words.push(JSON.stringify(world.logged));
    for (const form of [TOKEN, TOKEN.slice(4), Buffer.from(`bot:${TOKEN}`).toString('base64')]) {
      expect(words.filter((text) => text.includes(form))).toEqual([]);
    }
  });

  it('may not stand in an address', async () => {
    await using world = await makeRealWorld();
    const [repository] = world.options.repositories;
    const url = `https://bot:${TOKEN}@git.example.com/gitops.git`;
    const open = () =>
      openGit({ ...world.options, repositories: repository ? [{ ...repository, url }] : [] });
    await expect(open()).rejects.toBeInstanceOf(TerminalError);
    await expect(open()).rejects.not.toThrow(TOKEN);
  });

  it('is asked for again at each contact', async () => {
    await using world = await makeRealWorld();
    const [repository] = world.options.repositories;
    const tokens = [TOKEN, 'expired', TOKEN];
    const credential = async () => ({ username: 'bot', password: tokens.shift() ?? TOKEN });
    await using git = await another(world, {
      repositories: repository ? [{ ...repository, credential }] : [],
    });
    await git.view('gitops', 'main');
    await expect(git.view('gitops', 'main')).rejects.toBeInstanceOf(TerminalError);
    await git.view('gitops', 'main');
  });
});

describe('what may be spoken and done', () => {
  it('is the configured protocols only', async () => {
    await using world = await makeRealWorld();
    const [repository] = world.options.repositories;
    const repositories = repository ? [{ ...repository, url: world.origin.dir }] : [];
    await using git = await another(world, { repositories });
    await expect(git.view('gitops', 'main')).rejects.toThrow('the protocol of the address is not allowed');
  });

  it('is told before it is needed', async () => {
    await using world = await makeRealWorld();
    expect(await world.git.dryRunPush('gitops', 'main')).toEqual({ kind: 'allowed' });
    expect(await world.git.dryRunPush('gitops', 'none')).toEqual({
      kind: 'refused',
      reason: 'gitops has no branch none',
    });
    expect(await world.git.dryRunPush('gitops', 'none', { startFrom: 'main' })).toEqual({ kind: 'allowed' });
    const [repository] = world.options.repositories;
    const credential = async () => ({ username: 'reader', password: 'reader-token' });
    await using reader = await another(world, {
      repositories: repository ? [{ ...repository, credential }] : [],
    });
    expect(await reader.dryRunPush('gitops', 'main')).toMatchObject({ kind: 'refused' });
    expect(await world.origin.log('main')).toHaveLength(1);
    world.setDown(true);
    await expect(world.git.dryRunPush('gitops', 'main')).rejects.toBeInstanceOf(UnavailableError);
  });

  it('names the repositories there are', async () => {
    await using world = await makeRealWorld();
    await expect(world.git.view('gitop', 'main')).rejects.toThrow(
      'There is no repository gitop; known: gitops',
    );
  });
});

describe('files that are no plain text files', () => {
  it('keep their mode when they are programs, and are left alone when they are links or no text', async () => {
    await using world = await makeRealWorld();
    importFiles(world.origin, 'main', [
      { path: 'run.yaml', mode: '100755', body: Buffer.from('image: {digest: old}\n') },
      { path: 'link.yaml', mode: '120000', body: Buffer.from('run.yaml') },
      { path: 'latin.yaml', mode: '100644', body: Buffer.from('a: \xfc\n', 'latin1') },
    ]);
    const set = (file: string) =>
      world.git.commit(request(`op-${file}`, { keys: [key(file, 'image.digest', 'new')] }));
    expect(await set('run.yaml')).toMatchObject({ kind: 'committed' });
    expect(modeOf(world.origin, 'main', 'run.yaml')).toBe('100755');
    expect(await set('link.yaml')).toMatchObject({
      kind: 'rejected',
      reason: expect.stringContaining('a symbolic link'),
    });
    expect(await set('latin.yaml')).toMatchObject({
      kind: 'rejected',
      reason: expect.stringContaining('not text in UTF-8'),
    });
    const view = await world.git.view('gitops', 'main');
    expect(await view?.read('link.yaml')).toBeUndefined();
    await expect(view?.read('latin.yaml')).rejects.toBeInstanceOf(TerminalError);
    expect(await view?.read('README.md')).toBe(FILES['README.md']);
  });
});
