import { execFile } from 'node:child_process';
import { mkdtemp, readFile, rm, writeFile } from 'node:fs/promises';
import { connect } from 'node:net';
import { networkInterfaces, tmpdir } from 'node:os';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { type GitServerOptions, startGitServer } from '../../src/sandbox/git-server.ts';

const environment = { PATH: process.env['PATH'] ?? '' };
const users: GitServerOptions['users'] = [
  { name: 'bot', token: 'bot-token', may: 'write' },
  { name: 'reader', token: 'reader-token', may: 'read' },
];

/** The git program as anybody may have it, showing a credential; `undefined` shows none. */
function git(args: readonly string[], credential?: string): Promise<{ code: number; said: string }> {
  const header = credential && `Authorization: Basic ${Buffer.from(credential).toString('base64')}`;
  const settings = [
    'user.name=Ana',
    'user.email=ana@example.com',
    ...(header ? [`http.extraHeader=${header}`] : []),
  ];
  const env = { ...environment, GIT_CONFIG_GLOBAL: '/dev/null', GIT_TERMINAL_PROMPT: '0' };
  return new Promise((resolve) => {
    execFile('git', [...settings.flatMap((one) => ['-c', one]), ...args], { env }, (error, stdout, stderr) =>
      resolve({ code: typeof error?.code === 'number' ? error.code : error ? 1 : 0, said: stdout + stderr }),
    );
  });
}

async function makePlace() {
  const dir = await mkdtemp(join(tmpdir(), 'signalbox-test-'));
  return { dir, [Symbol.asyncDispose]: () => rm(dir, { recursive: true, force: true }) };
}

describe('the Git server of the sandbox', () => {
  it('lets readers clone and writers push, with a token only', async () => {
    await using place = await makePlace();
    await using server = await startGitServer({ users, environment });
    const repository = await server.createRepository('gitops', { 'prod/orders.yaml': 'image: old\n' });
    const address = server.addressOf('gitops');
    const work = join(place.dir, 'work');
    expect(await git(['clone', '--quiet', address, work], 'reader:reader-token')).toMatchObject({ code: 0 });
    expect(await readFile(join(work, 'prod/orders.yaml'), 'utf8')).toBe('image: old\n');
    await writeFile(join(work, 'prod/orders.yaml'), 'image: new\n');
    await git(['-C', work, 'commit', '--quiet', '-am', 'New image']);
    const push = ['-C', work, 'push', 'origin', 'HEAD:main'];
    expect((await git(push, 'reader:reader-token')).said).toContain('403');
    expect((await git(push)).said).toContain('could not read Username');
    expect((await git(push, 'bot:reader-token')).said).toContain('could not read Username');
    expect(await repository.read('main', 'prod/orders.yaml')).toBe('image: old\n');
    expect(await git(push, 'bot:bot-token')).toMatchObject({ code: 0 });
    expect(await repository.read('main', 'prod/orders.yaml')).toBe('image: new\n');
    expect((await git(['ls-remote', server.addressOf('none')], 'bot:bot-token')).said).toContain('not found');
    expect(new Set(server.requests.map(({ status }) => status))).toEqual(new Set([200, 401, 403, 404]));
  });

  it('listens on loopback only', async () => {
    await using server = await startGitServer({ users, environment });
    const { hostname, port } = new URL(server.url);
    expect(hostname).toBe('127.0.0.1');
    const outside = Object.values(networkInterfaces()).flatMap((all) => all ?? []);
    for (const { address } of outside.filter((one) => !one.internal && one.family === 'IPv4')) {
      const reached = new Promise((resolve) => {
        const socket = connect({ host: address, port: Number(port) });
        socket.once('connect', () => resolve(socket.destroy() && true));
        socket.once('error', () => resolve(false));
      });
      expect(await reached).toBe(false);
    }
  });

  it('keeps its repositories where it is told to, and takes no name that leads elsewhere', async () => {
    await using place = await makePlace();
    for (const expected of ['first\n', 'by hand\n']) {
      await using server = await startGitServer({ users, environment, dir: place.dir });
      const repository = await server.createRepository('gitops', { a: 'first\n' });
      expect(await repository.read('main', 'a')).toBe(expected);
      await repository.push({ branch: 'main', files: { a: 'by hand\n' } });
      await expect(server.createRepository('../x', {})).rejects.toThrow('No name for a repository');
    }
  });

  it('is away and back when it is told to', async () => {
    await using server = await startGitServer({ users, environment });
    await server.createRepository('gitops', { a: '1' });
    const look = ['ls-remote', server.addressOf('gitops')];
    server.setDown(true);
    expect((await git(look, 'bot:bot-token')).code).not.toBe(0);
    server.setDown(false);
    expect((await git(look, 'bot:bot-token')).code).toBe(0);
  });

  it('says so when its port is taken', async () => {
    await using server = await startGitServer({ users, environment });
    await expect(
      startGitServer({ users, environment, port: Number(new URL(server.url).port) }),
    ).rejects.toThrow('EADDRINUSE');
  });
});
