import { describe } from 'vitest';
import { gitContract } from '../../contracts/git.ts';
import { FILES } from '../../contracts/git-world.ts';
import { memoryGit } from '../../simulation/ports/memory-git.ts';
import { memoryYaml } from '../../simulation/ports/memory-yaml.ts';

describe('Git of the simulation', () => {
  gitContract(async (options) => {
    const git = memoryGit({
      ...options,
      yaml: memoryYaml(),
      committer: { name: 'Signalbox', email: 'bot@example.com' },
    });
    const origin = git.createRepository('gitops', FILES);
    return { git, origin, setDown: git.setDown, async [Symbol.asyncDispose]() {} };
  });
});
