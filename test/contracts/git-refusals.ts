import { describe, expect, it } from 'vitest';
import { UnavailableError } from '../../src/errors.ts';
import type { CommitRequest } from '../../src/ports/git.ts';
import { hookDeclined, protectedBranch } from '../../src/sandbox/git-server/push-faults.ts';
import { FILES, key, type MakeWorld, request } from './git-world.ts';

/** What a host may say to a push. */
export function refusalContract(makeWorld: MakeWorld): void {
  const refused = async (more: Partial<CommitRequest>) => {
    await using world = await makeWorld({});
    const answer = await world.git.commit(request('op-1', more));
    expect(await world.origin.log('main')).toHaveLength(1);
    return answer.kind === 'rejected' ? answer.reason : answer.kind;
  };

  describe('a refusal', () => {
    it.each<[string, Partial<CommitRequest>, string]>([
      ['a file that is not there', { keys: [key('none.yaml', 'a', 1)] }, 'there is no file none.yaml'],
      [
        'a path that leads nowhere',
        { keys: [key('prod/orders.yaml', 'image.tag.x', 1)] },
        'prod/orders.yaml, line 4: image.tag.x',
      ],
      [
        'a file that is no YAML',
        { files: [{ path: 'x.yaml', text: 'a: [' }], keys: [key('x.yaml', 'a', 1)] },
        'x.yaml, line 1',
      ],
      ['a branch that is not there', { branch: 'none' }, 'gitops has no branch none'],
      ['a start that is not there', { branch: 'x', startFrom: 'none' }, 'gitops has no branch none'],
      ['an option for a branch', { branch: '--upload-pack=x' }, 'is no name of a branch'],
      ['a way out of the repository', { files: [{ path: '../x', text: '' }] }, 'is no path of a file'],
      ["Git's own folder", { files: [{ path: '.GIT/config', text: '' }] }, 'is no path of a file'],
      ['a file where a folder is', { files: [{ path: 'prod', text: '' }] }, 'prod cannot be written'],
      [
        'a folder where a file is',
        { files: [{ path: 'README.md/x', text: '' }] },
        'README.md/x cannot be written',
      ],
      [
        "another repository's keys",
        { keys: [{ ...key('a', 'b', 1), repository: 'other' }] },
        'cannot set keys of other',
      ],
      ['an operation without a name', { operation: ' ' }, 'is no name of an operation'],
      ['what the check says', { check: async () => 'not today' }, 'not today'],
    ])('names %s', async (_, more, reason) => {
      expect(await refused(more)).toContain(reason);
    });

    it("of the server's own rule keeps its words", async () => {
      await using world = await makeWorld({});
      world.origin.faultNextPush(
        hookDeclined('error: commits need a ticket', 'see https://example.com/rules'),
      );
      const answer = await world.git.commit(request('op-1'));
      expect(answer).toMatchObject({
        kind: 'rejected',
        reason: expect.stringContaining('commits need a ticket'),
      });
      expect(await world.origin.log('main')).toHaveLength(1);
    });

    it('of the bot itself is final, of a server in trouble is not', async () => {
      await using world = await makeWorld({});
      world.origin.faultNextPush({ kind: 'status', status: 403 });
      expect(await world.git.commit(request('op-1'))).toMatchObject({ kind: 'rejected' });
      world.origin.faultNextPush({ kind: 'status', status: 503 });
      await expect(world.git.commit(request('op-1'))).rejects.toBeInstanceOf(UnavailableError);
    });
  });

  describe('a protected branch', () => {
    it('is a refusal where nothing says how to propose', async () => {
      await using world = await makeWorld({});
      world.origin.faultPushesTo('main', protectedBranch('main'));
      expect(await world.git.commit(request('op-1'))).toMatchObject({
        kind: 'rejected',
        reason: expect.stringContaining('Changes must be made through a pull request'),
      });
    });

    it('takes a proposal, one for each operation, until a person has merged it', async () => {
      await using world = await makeWorld({ propose: 'signalbox' });
      world.origin.faultPushesTo('main', protectedBranch('main'));
      const where = 'signalbox/prod/checkout-2026-11-20.3/wave-1-gitops';
      const operation = 'prod/checkout-2026-11-20.3/wave-1@gitops';
      expect(await world.git.commit(request(operation))).toEqual({ kind: 'awaitingMerge', where });
      expect(await world.git.commit(request(operation))).toEqual({ kind: 'awaitingMerge', where });
      expect(await world.origin.branches()).toEqual(['main', where]);
      expect(await world.origin.read('main', 'prod/orders.yaml')).toBe(FILES['prod/orders.yaml']);

      const [proposal] = await world.origin.log(where);
      const text = (await world.origin.read(where, 'prod/orders.yaml')) ?? null;
      await world.origin.push({ branch: 'main', files: { 'README.md': 'Busy.\n' } });
      const merged = await world.origin.push({
        branch: 'main',
        files: { 'prod/orders.yaml': text },
        message: proposal?.message ?? '',
      });
      expect(await world.git.commit(request(operation))).toEqual({
        kind: 'committed',
        how: 'found',
        commit: merged,
        before: [key('prod/orders.yaml', 'image.digest', 'old')],
      });
    });
  });
}
