/** Branches as every Git host accepts them, and nothing that could be taken for an option or a pattern. */
const BRANCH = /^[A-Za-z0-9][A-Za-z0-9._/-]{0,200}$/;

/**
 * Whether a name can be a branch. The rules of `git check-ref-format` that the pattern leaves open are asked here, so that no
 * program has to be started. Source: https://git-scm.com/docs/git-check-ref-format
 */
export function isBranchName(name: string): boolean {
  return (
    BRANCH.test(name) &&
    !name.includes('..') &&
    !name.includes('//') &&
    !name.endsWith('/') &&
    !name.endsWith('.') &&
    name.split('/').every((step) => !step.startsWith('.') && !step.endsWith('.lock'))
  );
}

/** A branch name out of any text: what a name cannot hold becomes a hyphen. */
export function branchFrom(prefix: string, text: string): string {
  const safe = text
    .replace(/[^A-Za-z0-9._/-]+/g, '-')
    .split('/')
    .map((step) =>
      step
        .replace(/^[.-]+|\.+$/g, '')
        .replace(/\.lock$/, '-lock')
        .replace(/\.{2,}/g, '.'),
    )
    .filter((step) => step !== '')
    .join('/');
  return `${prefix}/${safe}`.slice(0, 200);
}

/** Whether a path is a file inside the repository: no way out of it, nothing of Git's own, no unprintable characters. */
export function isFilePath(path: string): boolean {
  return (
    path.length > 0 &&
    path.length <= 1024 &&
    !/[\p{Cc}"\\]/u.test(path) &&
    path
      .split('/')
      .every((step) => step !== '' && step !== '.' && step !== '..' && step.toLowerCase() !== '.git')
  );
}
