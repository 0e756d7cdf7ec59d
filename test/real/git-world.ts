import { join } from 'node:path';
import { pino } from 'pino';
import { type GitRepositories, openGit, type RepositoryOptions } from '../../src/adapters/git/git.ts';
import { type HostedRepository, hostRepository } from '../../src/sandbox/git-server/hosted-repository.ts';
import { FILES } from '../contracts/git-world.ts';
import { memoryYaml } from '../simulation/ports/memory-yaml.ts';
import { temporaryFolder } from './opened.ts';

const ENVIRONMENT = { PATH: process.env['PATH'] ?? '' };

/** Makes the repository `gitops` with the contract's files, as a bare one below `root`. */
export async function makeOrigin(root: string): Promise<HostedRepository> {
  const origin = await hostRepository(join(root, 'gitops.git'), ENVIRONMENT);
  await origin.push({ branch: 'main', files: FILES, message: 'Begin' });
  return origin;
}

/** The adapter on one repository, `gitops`, with clones in a folder that goes with it. */
export async function openGitops(
  open: AsyncDisposableStack,
  repository: Pick<RepositoryOptions, 'url' | 'credential' | 'propose'>,
  { protocol, environment = {} }: { protocol: string; environment?: Record<string, string> },
): Promise<GitRepositories> {
  const dataDir = await temporaryFolder(open, 'clones');
  return open.use(
    await openGit({
      repositories: [
        { name: 'gitops', committer: { name: 'Signalbox', email: 'bot@example.com' }, ...repository },
      ],
      dataDir,
      yaml: memoryYaml(),
      protocols: [protocol],
      environment: { ...ENVIRONMENT, ...environment },
      now: () => Date.now(),
      log: pino({ level: 'silent' }),
    }),
  );
}
