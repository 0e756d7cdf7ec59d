import { describe, expect, it } from 'vitest';
import { firstFatal, pushOutcome, refusalOfAccess } from '../../../src/adapters/git/push-outcome.ts';

const REF = 'refs/heads/main';

function outcome(flag: string, summary: string, stderr = '') {
  const stdout = Buffer.from(
    `To https://git.example.com/gitops.git\n${flag}\t0123abc:${REF}\t${summary}\nDone\n`,
  );
  return pushOutcome({ kind: 'exited', code: flag === '!' ? 1 : 0, stdout, stderr }, REF);
}

function failed(stderr: string) {
  return pushOutcome({ kind: 'exited', code: 128, stdout: Buffer.alloc(0), stderr }, REF);
}

describe('what became of a push', () => {
  it.each([' ', '*', '='])('it landed when the flag is "%s"', (flag) => {
    expect(outcome(flag, 'a..b')).toEqual({ kind: 'landed' });
  });

  it.each([
    '[rejected] (fetch first)',
    '[rejected] (non-fast-forward)',
    '[remote rejected] (failed to update ref)',
    "[remote rejected] (cannot lock ref 'refs/heads/main': is at 1 but expected 2)",
    '[remote rejected] (incorrect old value provided)',
    "[remote rejected] (cannot lock ref 'refs/heads/main': reference already exists)",
  ])('somebody was faster: %s', (summary) => {
    expect(outcome('!', summary)).toEqual({ kind: 'raced' });
  });

  it.each([
    [
      '[remote rejected] (protected branch hook declined)',
      'remote: error: GH006: Protected branch update failed for refs/heads/main.        \nremote: \nremote: - Changes must be made through a pull request.        \n',
      'GH006: Protected branch update failed for refs/heads/main. - Changes must be made through a pull request. — protected branch hook declined',
    ],
    [
      '[remote rejected] (push declined due to repository rule violations)',
      'remote: error: GH013: Repository rule violations found for refs/heads/main.\nremote: - Changes must be made through a pull request.\n',
      'GH013: Repository rule violations found for refs/heads/main. - Changes must be made through a pull request. — push declined due to repository rule violations',
    ],
    [
      '[remote rejected] (pre-receive hook declined)',
      'remote: GitLab: You are not allowed to push code to protected branches on this project.\n',
      'GitLab: You are not allowed to push code to protected branches on this project. — pre-receive hook declined',
    ],
    [
      '[remote rejected] (pre-receive hook declined)',
      'remote: Gitea: Not allowed to push to protected branch main\n',
      'Gitea: Not allowed to push to protected branch main — pre-receive hook declined',
    ],
  ])('the branch takes proposals only: %s', (summary, stderr, reason) => {
    expect(outcome('!', summary, stderr)).toEqual({ kind: 'protected', reason });
  });

  it('a hook says no, in its own words without what a terminal would obey', () => {
    const stderr = 'remote: \u001b[31mno ticket\u202e\u001b[0m\nremote: \nerror: failed to push some refs\n';
    expect(outcome('!', '[remote rejected] (pre-receive hook declined)', stderr)).toEqual({
      kind: 'declined',
      reason: '[31mno ticket[0m — pre-receive hook declined',
    });
  });

  it('keeps long words short', () => {
    const stderr = `remote: ${'x'.repeat(5000)}\n`;
    const result = outcome('!', '[remote rejected] (pre-receive hook declined)', stderr);
    expect(result.kind === 'declined' && result.reason.length).toBe(500);
  });

  it.each([
    "fatal: Authentication failed for 'https://git.example.com/gitops.git/'",
    "fatal: could not read Username for 'https://git.example.com': terminal prompts disabled",
    "fatal: unable to access 'https://git.example.com/': The requested URL returned error: 403",
    "remote: Repository not found.\nfatal: repository 'https://git.example.com/gitops.git/' not found",
    "fatal: transport 'ssh' not allowed",
  ])('the server will not have the bot: %s', (stderr) => {
    expect(failed(stderr).kind).toBe('declined');
  });

  it.each([
    "fatal: unable to access 'https://git.example.com/': Could not resolve host: git.example.com",
    "fatal: unable to access 'https://git.example.com/': The requested URL returned error: 503",
    "fatal: unable to access 'https://git.example.com/': The requested URL returned error: 429",
    'error: RPC failed; curl 18 transfer closed with 998 bytes remaining to read\nfatal: the remote end hung up unexpectedly',
    '',
  ])('it may have landed: %s', (stderr) => {
    expect(failed(stderr).kind).toBe('unknown');
  });

  it('it may have landed when the server is in trouble of its own', () => {
    expect(outcome('!', '[remote rejected] (Internal Server Error)').kind).toBe('unknown');
    expect(outcome('!', '[remote failure] (remote failed to report status)').kind).toBe('unknown');
  });

  it('it was ended: by the deadline it is unknown, by whoever asked it is stopped', () => {
    expect(pushOutcome({ kind: 'ended', why: 'deadline', stderr: '' }, REF).kind).toBe('unknown');
    expect(pushOutcome({ kind: 'ended', why: 'stopped', stderr: '' }, REF)).toEqual({ kind: 'stopped' });
  });
});

describe('why a program failed', () => {
  it('is the first line that says so', () => {
    expect(firstFatal('hint: x\nfatal: no route\nfatal: y')).toBe('no route');
    expect(firstFatal('\n')).toBe('no reason was given');
    expect(refusalOfAccess('fatal: no route')).toBeUndefined();
  });
});
