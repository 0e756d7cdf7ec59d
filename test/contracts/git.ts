import { describe, expect, it } from 'vitest';
import type { OwnedKey } from '../../src/domain/content.ts';
import { UnavailableError } from '../../src/errors.ts';
import type { CommitRequest } from '../../src/ports/git.ts';
import { refusalContract } from './git-refusals.ts';
import { FILES, key, type MakeWorld, request } from './git-world.ts';

/** What every implementation of the port does. Each test gets a world of its own from `makeWorld`. */
export function gitContract(makeWorld: MakeWorld): void {
  commitContract(makeWorld);
  onceContract(makeWorld);
  raceContract(makeWorld);
  refusalContract(makeWorld);
  readContract(makeWorld);
}

function commitContract(makeWorld: MakeWorld): void {
  describe('a commit', () => {
    it('sets keys and writes files, keeps everything else, and tells what was there', async () => {
      await using world = await makeWorld({});
      const keys = [key('prod/orders.yaml', 'image.tag', null), key('prod/cart.yaml', 'image.digest', 'new')];
      const committed = await world.git.commit(
        request('op-1', { keys, files: [{ path: 'releases/prod/release.yaml', text: 'name: x\n' }] }),
      );
      expect(committed).toEqual({
        kind: 'committed',
        how: 'done',
        commit: await world.origin.head('main'),
        before: [key('prod/orders.yaml', 'image.tag', 'v1'), key('prod/cart.yaml', 'image.digest', 'old')],
      });
      expect(await world.origin.read('main', 'prod/orders.yaml')).toBe(
        '# orders\nimage:\n  digest: old   # pinned\n',
      );
      expect(await world.origin.read('main', 'prod/cart.yaml')).toBe('image: {digest: new}\n');
      expect(await world.origin.read('main', 'releases/prod/release.yaml')).toBe('name: x\n');
      expect(await world.origin.read('main', 'README.md')).toBe('Shop.\n');
    });

    it('names the person as its author, the bot as its committer, and the operation as its last trailer', async () => {
      await using world = await makeWorld({});
      await world.git.commit(request('op-1'));
      const [newest] = await world.origin.log('main');
      expect(newest).toMatchObject({
        author: 'Ana Lima <ana@example.com>',
        committer: 'Signalbox <bot@example.com>',
      });
      expect(newest?.message).toBe(
        [
          'Release checkout-2026-11-20.3 to prod',
          '',
          'orders-api: 1.7.0 -> 1.8.0',
          '',
          'Release-Id: prod/checkout-2026-11-20.3',
          'Release-Op: op-1',
        ].join('\n'),
      );
    });

    it('cannot be forged from a name, a subject or a body', async () => {
      await using world = await makeWorld({});
      await world.git.commit(
        request('op-1', {
          author: { name: 'Eve <root@example.com>\ncommitter Eve', email: 'eve@example.com> 0 +0000\nx' },
          subject: 'Harmless\n\nApproved-By: slack:T1:U1',
          body: 'text\u0000\n\nRelease-Op: op-2',
        }),
      );
      const log = await world.git.log('gitops', 'main', { limit: 1 });
      expect(log).toMatchObject([{ operation: 'op-1', subject: 'Harmless Approved-By: slack:T1:U1' }]);
      expect(log[0]?.author).toMatch(/^Eve root@example\.com committer Eve <[^<>]*>$/);
    });

    it('is not made when the branch says so already', async () => {
      await using world = await makeWorld({});
      const head = await world.origin.head('main');
      const keys = [
        key('prod/orders.yaml', 'image.digest', 'old'),
        key('prod/orders.yaml', 'image.pull', null),
      ];
      expect(await world.git.commit(request('op-1', { keys }))).toEqual({
        kind: 'unchanged',
        commit: head,
        before: keys,
      });
      expect(await world.origin.head('main')).toBe(head);
    });

    it('is made for recovery all the same, so that a push which was built before it loses', async () => {
      await using world = await makeWorld({});
      const head = await world.origin.head('main');
      const keys = [key('prod/orders.yaml', 'image.digest', 'old')];
      const restored = await world.git.commit(request('op-back', { keys, urgent: true }));
      expect(restored).toMatchObject({ kind: 'committed', how: 'done', before: keys });
      expect(await world.origin.head('main')).not.toBe(head);
      expect(await world.git.commit(request('op-back', { keys, urgent: true }))).toEqual({
        ...restored,
        how: 'found',
      });
    });

    it.each<[string, Record<string, string>, OwnedKey]>([
      [
        'was so when it was last seen',
        { 'prod/cart.yaml': 'image: {digest: theirs}\n' },
        key('prod/cart.yaml', 'image.digest', 'old'),
      ],
      [
        'had no such file when it was last seen',
        { 'prod/new.yaml': 'image: {}\n' },
        key('prod/new.yaml', 'image.digest', 'x'),
      ],
    ])('is made on a branch that %s, and is not now', async (_, files, wanted) => {
      await using world = await makeWorld({});
      await world.git.view('gitops', 'main');
      await world.origin.push({ branch: 'main', files });
      expect(await world.git.commit(request('op-1', { keys: [wanted] }))).toMatchObject({
        kind: 'committed',
      });
    });

    it('begins a branch where it is told to, also when no file changes, and goes on there', async () => {
      await using world = await makeWorld({});
      const branch = 'release/prod/checkout-2026-11-20.3';
      const same = { branch, startFrom: 'main', keys: [], files: [{ path: 'README.md', text: 'Shop.\n' }] };
      expect(await world.git.commit(request('op-1', same))).toMatchObject({ kind: 'committed', how: 'done' });
      expect(await world.git.commit(request('op-2', { branch, startFrom: 'main' }))).toMatchObject({
        kind: 'committed',
      });
      expect((await world.origin.log(branch)).map(({ message }) => message.split('\n').at(-1))).toEqual([
        'Release-Op: op-2',
        'Release-Op: op-1',
        'Begin',
      ]);
      expect(await world.origin.log('main')).toHaveLength(1);
    });

    it('keeps the order of those that come at once, each on the one before', async () => {
      await using world = await makeWorld({});
      const operations = ['op-1', 'op-2', 'op-3', 'op-4', 'op-5', 'op-6'];
      const all = await Promise.all(operations.map((operation) => world.git.commit(request(operation))));
      expect(all.map(({ kind }) => kind)).toEqual(operations.map(() => 'committed'));
      const messages = (await world.origin.log('main')).map(
        ({ message }) => message.split('Release-Op: ')[1],
      );
      expect(messages.slice(0, -1).sort()).toEqual(operations);
    });
  });
}

function onceContract(makeWorld: MakeWorld): void {
  describe('an operation', () => {
    it('happens once, however often it is asked for, and later changes by others stay', async () => {
      await using world = await makeWorld({});
      const first = await world.git.commit(request('op-1'));
      await world.origin.push({ branch: 'main', files: { 'prod/orders.yaml': 'image: {digest: theirs}\n' } });
      const again = await world.git.commit(request('op-1'));
      expect(again).toEqual({ ...first, how: 'found' });
      expect(await world.origin.read('main', 'prod/orders.yaml')).toBe('image: {digest: theirs}\n');
    });

    it('is found after its answer was lost', async () => {
      await using world = await makeWorld({});
      world.origin.faultNextPush({ kind: 'cut', when: 'after' });
      expect(await world.git.commit(request('op-1'))).toEqual({
        kind: 'committed',
        how: 'found',
        commit: await world.origin.head('main'),
        before: [key('prod/orders.yaml', 'image.digest', 'old')],
      });
      expect(await world.origin.log('main')).toHaveLength(2);
    });

    it('is unclear when neither an answer nor its commit can be seen, and can be asked for again', async () => {
      await using world = await makeWorld({});
      world.origin.faultNextPush({ kind: 'cut', when: 'before' });
      await expect(world.git.commit(request('op-1'))).rejects.toMatchObject({
        name: 'UnavailableError',
        ambiguous: true,
      });
      expect(await world.git.commit(request('op-1'))).toMatchObject({ kind: 'committed', how: 'done' });
      expect(await world.origin.log('main')).toHaveLength(2);
    });

    it('is not believed of a commit that holds something else', async () => {
      await using world = await makeWorld({});
      await world.origin.push({
        branch: 'main',
        files: { 'README.md': 'x' },
        message: 'Forged\n\nRelease-Op: op-1',
      });
      expect(await world.git.commit(request('op-1'))).toMatchObject({
        kind: 'rejected',
        reason: expect.stringContaining('holds something else'),
      });
    });

    it('happens again after somebody took it off the branch', async () => {
      await using world = await makeWorld({});
      const start = await world.origin.head('main');
      await world.git.commit(request('op-1'));
      await world.origin.reset('main', start);
      await world.git.view('gitops', 'main');
      expect(await world.git.commit(request('op-1'))).toMatchObject({ kind: 'committed', how: 'done' });
    });
  });
}

function raceContract(makeWorld: MakeWorld): void {
  describe('a lost race', () => {
    it.each(['beforeLook', 'beforeUpdate'] as const)('%s is taken again from the new base', async (when) => {
      await using world = await makeWorld({});
      await world.git.view('gitops', 'main');
      const theirs = { branch: 'main', files: { 'prod/cart.yaml': 'image: {digest: theirs}\n' } };
      world.origin.faultNextPush({ kind: 'race', when, land: () => world.origin.push(theirs) });
      expect(await world.git.commit(request('op-1'))).toMatchObject({ kind: 'committed', how: 'done' });
      expect(await world.origin.read('main', 'prod/cart.yaml')).toBe('image: {digest: theirs}\n');
      expect(await world.origin.read('main', 'prod/orders.yaml')).toContain('new-op-1');
      expect(await world.origin.log('main')).toHaveLength(3);
    });

    it('asks the check again, which sees the new base and can stop it', async () => {
      await using world = await makeWorld({});
      const bases: (string | undefined)[] = [];
      world.origin.faultNextPush({
        kind: 'race',
        when: 'beforeUpdate',
        land: () => world.origin.push({ branch: 'main', files: { 'freeze.yaml': 'by: ana\n' } }),
      });
      const check: NonNullable<CommitRequest['check']> = async (base) => {
        const freeze = await base.read('freeze.yaml');
        bases.push(freeze);
        return freeze === undefined ? undefined : 'frozen by ana';
      };
      expect(await world.git.commit(request('op-1', { check }))).toEqual({
        kind: 'rejected',
        reason: 'frozen by ana',
      });
      expect(bases).toEqual([undefined, 'by: ana\n']);
      expect(await world.origin.read('main', 'prod/orders.yaml')).toBe(FILES['prod/orders.yaml']);
    });

    it('for a branch that somebody else began in the same moment is taken again there', async () => {
      await using world = await makeWorld({});
      const branch = 'release/prod/x';
      const theirs = { branch, startFrom: 'main', files: { 'note.md': 'mine\n' } };
      world.origin.faultNextPush({
        kind: 'race',
        when: 'beforeUpdate',
        land: () => world.origin.push(theirs),
      });
      expect(await world.git.commit(request('op-1', { branch, startFrom: 'main' }))).toMatchObject({
        kind: 'committed',
      });
      expect(await world.origin.read(branch, 'note.md')).toBe('mine\n');
    });
  });
}

function readContract(makeWorld: MakeWorld): void {
  describe('reading', () => {
    it('shows a branch as it is now, and goes on showing that commit', async () => {
      await using world = await makeWorld({});
      const view = await world.git.view('gitops', 'main');
      expect(view?.commit).toBe(await world.origin.head('main'));
      expect(await view?.read('README.md')).toBe('Shop.\n');
      await world.origin.push({ branch: 'main', files: { 'README.md': 'Closed.\n' } });
      expect(await view?.read('README.md')).toBe('Shop.\n');
      expect(await view?.list('prod')).toEqual(
        expect.arrayContaining(['prod/cart.yaml', 'prod/orders.yaml']),
      );
      expect(await view?.list('none')).toEqual([]);
      expect(await view?.list('README.md')).toEqual([]);
      const later = await world.git.view('gitops', 'main');
      expect(await later?.read('README.md')).toBe('Closed.\n');
      expect(await later?.read('none')).toBeUndefined();
      expect(await later?.read('prod')).toBeUndefined();
      expect(await world.git.view('gitops', 'none')).toBeUndefined();
    });

    it('lists commits newest first, with operations, down to a commit or another branch', async () => {
      await using world = await makeWorld({});
      const branch = 'release/prod/x';
      const cut = await world.git.commit(request('op-1', { branch, startFrom: 'main' }));
      const foreign = await world.origin.push({ branch, files: { x: '1' }, message: 'By hand' });
      const expected = [
        { commit: foreign, author: 'Ana Lima <ana@example.com>', subject: 'By hand' },
        {
          commit: cut.kind === 'committed' ? cut.commit : '',
          author: 'Ana Lima <ana@example.com>',
          subject: 'Release checkout-2026-11-20.3 to prod',
          operation: 'op-1',
        },
      ];
      expect(await world.git.log('gitops', branch, { limit: 10, since: 'main' })).toEqual(expected);
      const since = cut.kind === 'committed' ? cut.commit : '';
      expect(await world.git.log('gitops', branch, { limit: 10, since })).toEqual(expected.slice(0, 1));
      expect(await world.git.log('gitops', branch, { limit: 1 })).toEqual(expected.slice(0, 1));
      expect(await world.git.log('gitops', 'none', { limit: 1 })).toEqual([]);
    });

    it('lists the commits that changed a file or a folder, which is no pattern', async () => {
      await using world = await makeWorld({});
      const { git, origin } = world;
      const push = (path: string, text: string) => origin.push({ branch: 'main', files: { [path]: text } });
      const first = await push('apps/web/values.yaml', 'a: 1\n');
      await push('apps/web2/values.yaml', 'a: 1\n');
      const second = await push('apps/web/values.yaml', 'a: 2\n');
      const at = async (path: string, options = {}) =>
        (await git.log('gitops', 'main', { limit: 10, path, ...options })).map(({ commit }) => commit);
      expect(await at('apps/web')).toEqual([second, first]);
      expect(await at('apps/web/values.yaml', { limit: 1 })).toEqual([second]);
      expect(await at('apps/web', { since: first })).toEqual([second]);
      expect(await at('apps/we*')).toEqual([]);
    });

    it('tells what one commit has and another has not, with everybody who wrote it', async () => {
      await using world = await makeWorld({});
      const { git, origin } = world;
      const dev = { name: 'Dev Patel', email: 'dev@example.com' };
      const start = (await origin.head('main')) ?? '';
      const note = 'Add a note\n\nWith a field.\n\nCo-authored-by: Olu Ade <olu@example.com>';
      const files = (path: string) => ({ [path]: 'x' });
      const noted = await origin.push({ branch: 'main', files: files('cart/a'), message: note, author: dev });
      const other = await origin.push({
        branch: 'main',
        files: files('web/b'),
        message: 'Other',
        author: dev,
      });
      const last = await origin.push({ branch: 'main', files: files('cart/c'), message: 'Last' });
      const between = (range: { from: string; to: string; path?: string; limit?: number }) =>
        git.between('gitops', 'main', { limit: 10, ...range });
      const ana = { name: 'Ana Lima', email: 'ana@example.com' };
      const olu = { name: 'Olu Ade', email: 'olu@example.com' };
      const first = { commit: noted, subject: 'Add a note', authors: [dev, olu], isMerge: false };
      const newest = { commit: last, subject: 'Last', authors: [ana], isMerge: false };
      expect(await between({ from: start, to: last })).toEqual({
        kind: 'commits',
        commits: [newest, { commit: other, subject: 'Other', authors: [dev], isMerge: false }, first],
        total: 3,
        undone: 0,
      });
      expect(await between({ from: start, to: last, path: 'cart' })).toMatchObject({
        commits: [newest, first],
        total: 2,
      });
      expect(await between({ from: start, to: last, limit: 1 })).toMatchObject({
        commits: [newest],
        total: 3,
      });
      expect(await between({ from: last, to: noted })).toMatchObject({ commits: [], total: 0, undone: 2 });
      expect(await between({ from: last, to: last })).toMatchObject({ commits: [], total: 0, undone: 0 });
      const nowhere = 'f'.repeat(40);
      expect(await between({ from: start, to: nowhere })).toEqual({ kind: 'missing', commit: nowhere });
      expect(await between({ from: nowhere, to: start })).toEqual({ kind: 'missing', commit: nowhere });
    });

    it('is unavailable while the server is, as is writing, and goes on afterwards', async () => {
      await using world = await makeWorld({});
      await world.git.view('gitops', 'main');
      world.setDown(true);
      await expect(world.git.view('gitops', 'main')).rejects.toBeInstanceOf(UnavailableError);
      await expect(world.git.log('gitops', 'main', { limit: 1 })).rejects.toBeInstanceOf(UnavailableError);
      await expect(world.git.commit(request('op-1'))).rejects.toBeInstanceOf(UnavailableError);
      world.setDown(false);
      expect(await world.git.commit(request('op-1'))).toMatchObject({ kind: 'committed', how: 'done' });
    });
  });
}
