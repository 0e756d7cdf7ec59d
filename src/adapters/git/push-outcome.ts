import type { GitRun } from './run-git.ts';

/** What became of a push, as far as it can be told from what git said. */
export type PushOutcome =
  | { kind: 'landed' }
  /** Somebody was faster: the commit has to be built again on what they left. */
  | { kind: 'raced' }
  /** The branch takes proposals only. */
  | { kind: 'protected'; reason: string }
  /** The server's rule, or its refusal of the bot: the same push will be refused again. */
  | { kind: 'declined'; reason: string }
  /** It may have landed. */
  | { kind: 'unknown'; reason: string }
  /** Given up by whoever asked; it may have landed. */
  | { kind: 'stopped' };

/**
 * Reads the end of `git push --porcelain` for one branch. Only what is known to be a lost race is one, and only what is known to be
 * final is final; all else is unknown, and whoever tries again looks at the branch first.
 */
export function pushOutcome(run: GitRun, ref: string): PushOutcome {
  if (run.kind === 'ended') {
    return run.why === 'stopped'
      ? { kind: 'stopped' }
      : { kind: 'unknown', reason: 'the server did not answer in time' };
  }
  const line = statusLine(run.stdout.toString(), ref);
  if (line === undefined) return withoutReport(run.stderr);
  if (line.flag !== '!') return { kind: 'landed' };
  if (RACES.some((race) => race.test(line.summary))) return { kind: 'raced' };
  const says = remoteWords(run.stderr);
  const reason = [says, inBrackets(line.summary)]
    .filter((part) => part !== '')
    .join(' — ')
    .slice(0, MAX_REASON);
  if (PROTECTED.test(`${says}\n${line.summary}`)) return { kind: 'protected', reason };
  return FINAL.test(line.summary) ? { kind: 'declined', reason } : { kind: 'unknown', reason };
}

/** Characters of the server's words that are kept: a card shows about three lines. */
const MAX_REASON = 500;

/**
 * The branch moved: seen by git before it sent anything, or by the server when it moved the reference.
 * Sources: https://git-scm.com/docs/git-push (fetch first, non-fast-forward, stale info); refs.c of git for the others.
 */
const RACES = [
  /\((fetch first|non-fast-forward|stale info|needs force)\)/,
  /cannot lock ref|failed to update ref|incorrect old value provided|reference already exists/,
];

/**
 * GitHub: GH006 and GH013, https://docs.github.com/en/repositories/configuring-branches-and-merges-in-your-repository/managing-rulesets/troubleshooting-rules;
 * GitLab: "You are not allowed to push code to protected branches on this project."; Gitea: "Not allowed to push to protected branch".
 */
const PROTECTED = /protected branch|GH006|GH013|repository rule violations/i;

/** A hook's no, or a server that says it never takes such a thing. */
const FINAL = /hook declined|declined|denied|prohibited|not allowed|deny|refus|shallow update/i;

/** `<flag>\t<from>:<to>\t<summary>`. Source: https://git-scm.com/docs/git-push#_output */
function statusLine(stdout: string, ref: string): { flag: string; summary: string } | undefined {
  for (const line of stdout.split('\n')) {
    const [flag = '', refs = '', summary = ''] = line.split('\t');
    if (refs.endsWith(`:${ref}`)) return { flag, summary };
  }
  return undefined;
}

function withoutReport(stderr: string): PushOutcome {
  const refusal = refusalOfAccess(stderr);
  if (refusal !== undefined) return { kind: 'declined', reason: refusal };
  return { kind: 'unknown', reason: firstFatal(stderr) };
}

/** Why the server will not have the bot at all; absent when that is not what happened. */
export function refusalOfAccess(stderr: string): string | undefined {
  if (/Authentication failed|could not read (Username|Password)|returned error: 401/.test(stderr)) {
    return 'the Git server does not accept the credential';
  }
  if (/returned error: 403|Permission to .* denied|access denied/i.test(stderr)) {
    return 'the Git server does not allow this to the bot';
  }
  if (
    /returned error: 404|repository '.*' not found|Repository not found|does not appear to be a git repository/i.test(
      stderr,
    )
  ) {
    return 'the Git server has no such repository, or does not show it to the bot';
  }
  if (/transport '.*' not allowed/.test(stderr)) return 'the protocol of the address is not allowed';
  return undefined;
}

/** The line that says why git gave up, for logs and for `UnavailableError`. */
export function firstFatal(stderr: string): string {
  const lines = stderr.split('\n').map((line) => line.trim());
  const line =
    lines.find((one) => /^(fatal|error):/.test(one)) ??
    lines.find((one) => one !== '') ??
    'no reason was given';
  return line.replace(/^(fatal|error): /, '').slice(0, 300);
}

function remoteLines(stderr: string): string[] {
  return stderr
    .split('\n')
    .flatMap((line) => (line.startsWith('remote:') ? [line.slice('remote:'.length)] : []));
}

function remoteWords(stderr: string): string {
  const words = remoteLines(stderr).map((line) =>
    line.replace(/[\p{Cc}\u202a-\u202e\u2066-\u2069]/gu, '').trim(),
  );
  return words
    .filter((line) => line !== '')
    .join(' ')
    .replace(/^error: /, '');
}

function inBrackets(summary: string): string {
  return /\((.*)\)\s*$/.exec(summary)?.[1] ?? summary;
}
