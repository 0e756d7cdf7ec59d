import { describe } from 'vitest';
import { gitContract } from '../contracts/git.ts';
import { makeOrigin, openGitops } from './git-world.ts';
import { opened } from './opened.ts';
import { startFaultProxy } from './servers/fault-proxy.ts';
import { startNginxGit } from './servers/nginx-git.ts';

const BOT = { username: 'bot', password: 'a token/with+signs=' };

describe('the git program against nginx', () => {
  gitContract(({ propose }) =>
    opened(async (open) => {
      const server = open.use(await startNginxGit({ [BOT.username]: BOT.password }));
      const origin = await makeOrigin(server.root);
      const proxy = open.use(await startFaultProxy(server.url, origin));
      const repository = {
        url: `${proxy.url}/gitops.git`,
        credential: async () => BOT,
        ...(propose && { propose }),
      };
      const git = await openGitops(open, repository, { protocol: 'http' });
      return { git, origin, setDown: proxy.setDown };
    }),
  );
});
