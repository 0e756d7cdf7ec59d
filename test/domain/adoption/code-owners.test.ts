import { describe, expect, it } from 'vitest';
import { readCodeOwners, roleOfOwner } from '../../../src/domain/adoption/code-owners.ts';

describe('CODEOWNERS', () => {
  const ownersOf = readCodeOwners(`
# comment
*            @acme/all   # everything
*.js         @acme/js
/apps/       @acme/apps
docs/        @acme/docs
apps/web     @acme/web @ana
/build/logs/* @acme/logs
**/secret/*.yaml ops@acme.example
/apps/nobody/
`);

  it.each([
    ['x/y.yaml', ['@acme/all']],
    ['a/b.js', ['@acme/js']],
    ['apps/cart/values.yaml', ['@acme/apps']],
    ['other/apps/cart/values.yaml', ['@acme/all']],
    ['x/docs/readme.md', ['@acme/docs']],
    ['apps/web/values.yaml', ['@acme/web', '@ana']],
    ['apps/website/values.yaml', ['@acme/apps']],
    ['build/logs/a.yaml', ['@acme/logs']],
    ['build/logs/deep/a.yaml', ['@acme/all']],
    ['a/b/secret/c.yaml', ['ops@acme.example']],
    ['apps/nobody/values.yaml', []],
  ])('gives %s to the last line that matches', (path, owners) => {
    expect(ownersOf(path)).toEqual(owners);
  });

  it.each([
    ['@acme/Checkout_Team', 'checkout_team'],
    ['@ana', 'ana'],
    ['ops.team@acme.example', 'ops.team'],
    ['@acme/é', undefined],
  ])('makes of %s the role %s', (owner, role) => {
    expect(roleOfOwner(owner)).toBe(role);
  });
});
