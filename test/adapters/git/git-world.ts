import { spawnSync } from 'node:child_process';
import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { type GitOptions, type GitRepositories, openGit } from '../../../src/adapters/git/git.ts';
import type { HostedRepository } from '../../../src/sandbox/git-server/hosted-repository.ts';
import { type GitServer, startGitServer } from '../../../src/sandbox/git-server.ts';
import { FILES, type GitWorld } from '../../contracts/git-world.ts';
import { memoryYaml } from '../../simulation/ports/memory-yaml.ts';

/** What the git program needs of its surroundings in a test. */
export const ENVIRONMENT = { PATH: process.env['PATH'] ?? '' };

/** The bot's token, by which a test can see whether it gets out. */
export const TOKEN = 'ghp_0123456789abcdefghijklmnopqrstuvwxyz';

export interface RealWorld extends GitWorld {
  git: GitRepositories;
  server: GitServer;
  origin: HostedRepository;
  /** The folder of its clones. */
  clones: string;
  options: GitOptions;
  /** What was logged. */
  logged: { facts: object; message: string }[];
}

/** The adapter, and a Git server with the repository `gitops`. */
export async function makeRealWorld(
  more: Partial<GitOptions> & { propose?: string } = {},
): Promise<RealWorld> {
  const { propose, ...given } = more;
  const dataDir = await mkdtemp(join(tmpdir(), 'signalbox-clones-'));
  const server = await startGitServer({
    environment: ENVIRONMENT,
    users: [
      { name: 'bot', token: TOKEN, may: 'write' },
      { name: 'reader', token: 'reader-token', may: 'read' },
    ],
  });
  const origin = await server.createRepository('gitops', FILES);
  const logged: RealWorld['logged'] = [];
  const log = (facts: object, message: string) => void logged.push({ facts, message });
  const options: GitOptions = {
    repositories: [
      {
        name: 'gitops',
        url: server.addressOf('gitops'),
        credential: async () => ({ username: 'bot', password: TOKEN }),
        committer: { name: 'Signalbox', email: 'bot@example.com' },
        ...(propose && { propose }),
      },
    ],
    dataDir,
    yaml: memoryYaml(),
    protocols: ['http'],
    environment: ENVIRONMENT,
    now: () => Date.now(),
    log: { warn: log } as GitOptions['log'],
    ...given,
  };
  const git = await openGit(options);
  return {
    git,
    server,
    origin,
    clones: join(dataDir, '1'),
    options,
    logged,
    setDown: server.setDown,
    async [Symbol.asyncDispose]() {
      await git[Symbol.asyncDispose]();
      await server[Symbol.asyncDispose]();
      await rm(dataDir, { recursive: true, force: true });
    },
  };
}

/** Adds files of any mode and content to a branch of the server. */
export function importFiles(
  { dir }: HostedRepository,
  branch: string,
  files: readonly { path: string; mode: string; body: Buffer }[],
): void {
  const data = (body: Buffer) =>
    Buffer.concat([Buffer.from(`data ${body.length}\n`), body, Buffer.from('\n')]);
  const ref = `refs/heads/${branch}`;
  const stream = [
    Buffer.from(`commit ${ref}\ncommitter Ana Lima <ana@example.com> 1700000000 +0000\n`),
    data(Buffer.from('Files of all kinds')),
    Buffer.from(`from ${ref}^0\n`),
    ...files.flatMap(({ path, mode, body }) => [Buffer.from(`M ${mode} inline ${path}\n`), data(body)]),
  ];
  gitIn(dir, ['fast-import', '--quiet'], Buffer.concat(stream));
}

/** The mode of a file on a branch of the server. */
export function modeOf({ dir }: HostedRepository, branch: string, path: string): string | undefined {
  return gitIn(dir, ['ls-tree', branch, '--', path]).split(' ')[0];
}

function gitIn(dir: string, args: readonly string[], input?: Buffer): string {
  const { status, stdout, stderr } = spawnSync('git', args, { cwd: dir, env: ENVIRONMENT, input });
  if (status !== 0) throw new Error(stderr.toString());
  return stdout.toString();
}
