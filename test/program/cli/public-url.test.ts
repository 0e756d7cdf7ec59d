import { describe, expect, it } from 'vitest';
import { publicUrl } from '../../../src/program/cli/read-working-copy.ts';

describe('the address of a remote', () => {
  it.each([
    ['git@github.com:acme/gitops.git', 'https://github.com/acme/gitops.git'],
    ['github.com:acme/gitops', 'https://github.com/acme/gitops'],
    ['ssh://git@git.acme.example:7999/shop/gitops.git', 'https://git.acme.example/shop/gitops.git'],
    ['https://ana:hunter2@github.com/acme/gitops.git', 'https://github.com/acme/gitops.git'],
    [
      'https://ghp_0123456789@github.com/acme/gitops.git?token=hunter2#x',
      'https://github.com/acme/gitops.git',
    ],
    ['/srv/git/gitops.git', undefined],
    ['../gitops', undefined],
    ['file:///srv/git/gitops.git', undefined],
    ['C:\\repos\\gitops', undefined],
  ])('%s is %s, and holds nobody’s token', (remote, url) => {
    expect(publicUrl(remote)).toBe(url);
  });
});
