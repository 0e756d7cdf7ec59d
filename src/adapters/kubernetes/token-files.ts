import { readFileSync } from 'node:fs';
import { dirname, resolve } from 'node:path';
import type { KubeConfig } from '@kubernetes/client-node';
import { parse } from 'yaml';
import { z } from 'zod';

const Users = z.object({
  users: z
    .array(z.object({ name: z.string(), user: z.object({ tokenFile: z.string().nullish() }).nullish() }))
    .nullish(),
});

/**
 * Lets users of a kubeconfig have their token in a file that is read again as it rotates. The client library knows only
 * `token-file`, which no version of Kubernetes writes, and would read it once.
 * Source: `AuthInfo.TokenFile` of kubernetes/client-go tools/clientcmd/api/v1/types.go.
 */
export function readTokenFiles(config: KubeConfig, path: string): void {
  const { users } = Users.parse(parse(readFileSync(path, 'utf8')));
  const files = new Map(users?.map(({ name, user }) => [name, user?.tokenFile]));
  config.loadFromOptions({
    clusters: config.getClusters(),
    contexts: config.getContexts(),
    currentContext: config.getCurrentContext(),
    users: config.getUsers().map((user) => {
      const file = files.get(user.name);
      if (!file) return user;
      const tokenFile = resolve(dirname(path), file);
      return { ...user, authProvider: { name: 'tokenFile', config: { tokenFile } } };
    }),
  });
}
