import type { OwnedValue } from '../../src/domain/content/scalar-text.ts';
import type { OwnedKey } from '../../src/domain/content.ts';
import type { CommitRequest, Git } from '../../src/ports/git.ts';
import type { HostedRepository } from '../../src/sandbox/git-server/hosted-repository.ts';

/** The host's side of the repository under test. */
export type Origin = Pick<
  HostedRepository,
  'push' | 'head' | 'read' | 'log' | 'reset' | 'branches' | 'faultNextPush' | 'faultPushesTo'
>;

/** A port with one repository, `gitops`, whose branch `main` holds `FILES`. */
export interface GitWorld extends AsyncDisposable {
  git: Git;
  origin: Origin;
  setDown(isDown: boolean): void;
}

export const FILES = {
  'prod/orders.yaml': '# orders\nimage:\n  digest: old   # pinned\n  tag: v1\n',
  'prod/cart.yaml': 'image: {digest: old}\n',
  'README.md': 'Shop.\n',
};

/** A key of the repository under test. */
export function key(file: string, path: string, value: OwnedValue): OwnedKey {
  return { repository: 'gitops', file, path: path.split('.'), value };
}

/** A request that pins a digest for orders, unless it is told otherwise. */
export function request(operation: string, more: Partial<CommitRequest> = {}): CommitRequest {
  return {
    repository: 'gitops',
    branch: 'main',
    operation,
    files: [],
    keys: [key('prod/orders.yaml', 'image.digest', `new-${operation}`)],
    subject: 'Release checkout-2026-11-20.3 to prod',
    body: 'orders-api: 1.7.0 -> 1.8.0',
    trailers: [['Release-Id', 'prod/checkout-2026-11-20.3']],
    author: { name: 'Ana Lima', email: 'ana@example.com' },
    ...more,
  };
}

/** `propose`: prefix of branches to propose on. */
export type MakeWorld = (options: { propose?: string }) => Promise<GitWorld>;
