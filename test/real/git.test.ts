import { chmod, mkdir, writeFile } from 'node:fs/promises';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { TerminalError } from '../../src/errors.ts';
import type { HostedRepository } from '../../src/sandbox/git-server/hosted-repository.ts';
import { request } from '../contracts/git-world.ts';
import { makeOrigin, openGitops } from './git-world.ts';
import { opened } from './opened.ts';
import { startNginxGit } from './servers/nginx-git.ts';
import { type Client, startSshd } from './servers/sshd.ts';

const BOT = { username: 'bot', password: 'a token/with+signs=' };

/** A hook of the repository, as a company's own rules are made. Source: https://git-scm.com/docs/githooks */
async function hook(origin: HostedRepository, name: 'pre-receive' | 'update', script: string): Promise<void> {
  const file = join(origin.dir, 'hooks', name);
  await mkdir(join(origin.dir, 'hooks'), { recursive: true });
  await writeFile(file, `#!/bin/sh\n${script}\n`);
  await chmod(file, 0o755);
}

/** GitLab's words for a protected branch, said by a hook as GitLab says them. */
const PROTECT_MAIN = `
while read -r old new ref; do
  if [ "$ref" = refs/heads/main ]; then
    echo "GitLab: You are not allowed to push code to protected branches on this project." >&2
    exit 1
  fi
done`;

function overHttp({ propose, password = BOT.password }: { propose?: string; password?: string } = {}) {
  return opened(async (open) => {
    const server = open.use(await startNginxGit({ [BOT.username]: BOT.password }));
    const origin = await makeOrigin(server.root);
    const repository = {
      url: `${server.url}/gitops.git`,
      credential: async () => ({ ...BOT, password }),
      ...(propose && { propose }),
    };
    return { origin, git: await openGitops(open, repository, { protocol: 'http' }) };
  });
}

function overSsh(who: Client) {
  return opened(async (open) => {
    const server = open.use(await startSshd());
    const origin = await makeOrigin(server.root);
    const environment = { PATH: await server.pathOf(who) };
    const repository = { url: `${server.url}${origin.dir}` };
    return { origin, git: await openGitops(open, repository, { protocol: 'ssh', environment }) };
  });
}

describe('a Git server behind nginx', () => {
  it('that does not know the bot is refused, not tried again, and the password is told to nobody', async () => {
    const password = 'some other password';
    await using world = await overHttp({ password });
    const answer = await world.git.commit(request('op-1'));
    expect(answer).toMatchObject({ kind: 'rejected', reason: expect.stringContaining('credential') });
    expect(JSON.stringify(answer)).not.toContain(password);
    const viewing = world.git.view('gitops', 'main');
    await expect(viewing).rejects.toBeInstanceOf(TerminalError);
    await expect(viewing).rejects.not.toThrow(password);
  });

  it.each(['pre-receive', 'update'] as const)('keeps the words of its %s hook', async (name) => {
    await using world = await overHttp();
    await hook(world.origin, name, 'echo "commits need a ticket" >&2; exit 1');
    expect(await world.git.commit(request('op-1'))).toMatchObject({
      kind: 'rejected',
      reason: expect.stringContaining('commits need a ticket'),
    });
    expect(await world.origin.log('main')).toHaveLength(1);
  });

  it('with a protected branch refuses, and takes a proposal where one is made', async () => {
    await using refusing = await overHttp();
    await hook(refusing.origin, 'pre-receive', PROTECT_MAIN);
    expect(await refusing.git.commit(request('op-1'))).toMatchObject({
      kind: 'rejected',
      reason: expect.stringContaining('not allowed to push code to protected branches'),
    });
    await using taking = await overHttp({ propose: 'signalbox' });
    await hook(taking.origin, 'pre-receive', PROTECT_MAIN);
    expect(await taking.git.commit(request('op-1'))).toEqual({
      kind: 'awaitingMerge',
      where: 'signalbox/op-1',
    });
    expect(await taking.origin.log('main')).toHaveLength(1);
    expect(await taking.origin.read('signalbox/op-1', 'prod/orders.yaml')).toContain('new-op-1');
  });

  it('that is slow to judge gets the time it needs', async () => {
    await using world = await overHttp();
    await hook(world.origin, 'pre-receive', 'sleep 2');
    expect(await world.git.commit(request('op-1'))).toMatchObject({ kind: 'committed', how: 'done' });
  });

  it('whose hook lets another push land first loses nothing of either', async () => {
    await using world = await overHttp();
    const theirs = join(world.origin.dir, 'hooks', 'theirs');
    // Once: another commit on main, made in the moment between the bot's look and its push.
    await hook(
      world.origin,
      'pre-receive',
      `[ -e "${theirs}" ] && exit 0
touch "${theirs}"
unset GIT_QUARANTINE_PATH GIT_OBJECT_DIRECTORY GIT_ALTERNATE_OBJECT_DIRECTORIES
export GIT_AUTHOR_NAME=x GIT_AUTHOR_EMAIL=x@x GIT_COMMITTER_NAME=x GIT_COMMITTER_EMAIL=x@x
commit=$(git commit-tree -p main -m Theirs "main^{tree}") && git update-ref refs/heads/main "$commit"`,
    );
    expect(await world.git.commit(request('op-1'))).toMatchObject({ kind: 'committed', how: 'done' });
    const messages = (await world.origin.log('main')).map(({ message }) => message.split('\n')[0]);
    expect(messages).toEqual(['Release checkout-2026-11-20.3 to prod', 'Theirs', 'Begin']);
  });

  it('is asked for the right to push without pushing', async () => {
    await using world = await overHttp();
    expect(await world.git.dryRunPush('gitops', 'main')).toEqual({ kind: 'allowed' });
    expect(await world.origin.log('main')).toHaveLength(1);
  });
});

describe('a Git server over SSH', () => {
  it('takes commits and shows them', async () => {
    await using world = await overSsh('key');
    expect(await world.git.commit(request('op-1'))).toMatchObject({ kind: 'committed', how: 'done' });
    expect(await world.git.commit(request('op-1'))).toMatchObject({ kind: 'committed', how: 'found' });
    const view = await world.git.view('gitops', 'main');
    expect(view?.commit).toBe(await world.origin.head('main'));
    expect(await view?.read('prod/orders.yaml')).toContain('new-op-1');
  });

  it('keeps the words of its hook', async () => {
    await using world = await overSsh('key');
    await hook(world.origin, 'pre-receive', 'echo "commits need a ticket" >&2; exit 1');
    expect(await world.git.commit(request('op-1'))).toMatchObject({
      kind: 'rejected',
      reason: expect.stringContaining('commits need a ticket'),
    });
  });

  it.each([
    ['does not know the key of the bot', 'otherKey'],
    ['has a key that the bot does not know', 'stranger'],
  ] as const)('that %s gets nothing', async (_, who) => {
    await using world = await overSsh(who);
    const answer = await world.git.commit(request('op-1')).catch((error: unknown) => error);
    expect(answer).not.toMatchObject({ kind: 'committed' });
    await expect(world.git.view('gitops', 'main')).rejects.toThrow();
    expect(await world.origin.log('main')).toHaveLength(1);
  });
});
