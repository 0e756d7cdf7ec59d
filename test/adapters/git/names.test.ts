import { spawnSync } from 'node:child_process';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { commitMessage } from '../../../src/adapters/git/commit-message.ts';
import { branchFrom, isBranchName, isFilePath } from '../../../src/adapters/git/ref-names.ts';
import { TerminalError } from '../../../src/errors.ts';
import { ENVIRONMENT } from './git-world.ts';

function gitAccepts(branch: string): boolean {
  return spawnSync('git', ['check-ref-format', `refs/heads/${branch}`], { env: ENVIRONMENT }).status === 0;
}

const nameLike = fc
  .array(
    fc.constantFrom(
      'a',
      'Z',
      '0',
      '.',
      '..',
      '/',
      '-',
      '_',
      '.lock',
      '@',
      '@{',
      '~',
      ' ',
      '\n',
      '--x',
      ':',
      'ü',
    ),
    { maxLength: 8 },
  )
  .map((parts) => parts.join(''));

describe('a name of a branch', () => {
  it('is accepted by git too', () => {
    fc.assert(
      fc.property(nameLike, (name) => !isBranchName(name) || gitAccepts(name)),
      { numRuns: 300 },
    );
  });

  it.each(['main', 'release/prod/checkout-2026-11-20.3', 'signalbox-ledger', 'a_b'])('may be %s', (name) => {
    expect(isBranchName(name)).toBe(true);
  });

  it.each([
    '',
    '-x',
    '--upload-pack=x',
    'a b',
    'a..b',
    'a/',
    'a//b',
    '/a',
    'a.lock',
    'a/.b',
    'a~1',
    'refs@{1}',
    'a\nb',
    'a:b',
    'x'.repeat(300),
  ])('may not be %j', (name) => {
    expect(isBranchName(name)).toBe(false);
  });

  it('comes out of any operation', () => {
    fc.assert(
      fc.property(fc.oneof(nameLike, fc.string()), (text) =>
        isBranchName(branchFrom('signalbox', `op/${text}`)),
      ),
      { numRuns: 500 },
    );
    expect(branchFrom('signalbox', 'prod/x-2026-11-20.3/wave-1@gitops')).toBe(
      'signalbox/prod/x-2026-11-20.3/wave-1-gitops',
    );
  });
});

describe('a path of a file', () => {
  it.each(['a', '.github/x.yml', 'a b/ü.yaml', '.gitignore', '-x'])('may be %s', (path) => {
    expect(isFilePath(path)).toBe(true);
  });

  it.each([
    '',
    '/a',
    'a/',
    'a//b',
    '.',
    '../a',
    'a/../b',
    '.git/config',
    'a/.GIT/hooks/x',
    'a\nb',
    '"a',
    'a\\b',
    'a\u0000',
  ])('may not be %j', (path) => {
    expect(isFilePath(path)).toBe(false);
  });
});

describe('a commit message', () => {
  const parts = { subject: 'S', body: '', trailers: [['Release-Id', 'prod/x']] as const, operation: 'op-1' };

  it('has the parts that are there, with a line between', () => {
    expect(commitMessage(parts)).toBe('S\n\nRelease-Id: prod/x\nRelease-Op: op-1\n');
    expect(commitMessage({ ...parts, body: 'a\r\nb\u0007' })).toBe(
      'S\n\na\nb\n\nRelease-Id: prod/x\nRelease-Op: op-1\n',
    );
  });

  it('keeps a trailer on its line, and takes none that only the writer may set', () => {
    expect(commitMessage({ ...parts, trailers: [['Reason', 'x\nApproved-By: eve']] })).toContain(
      'Reason: x Approved-By: eve\n',
    );
    for (const name of ['release-op', 'Bad Name', '']) {
      expect(() => commitMessage({ ...parts, trailers: [[name, 'x']] })).toThrow(TerminalError);
    }
  });
});
