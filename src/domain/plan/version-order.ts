import semver from 'semver';

/** One to three numbers, a pre-release and build words: what people call a version, with or without a leading v. */
const VERSION = /^v?(\d+)(?:\.(\d+))?(?:\.(\d+))?(-[0-9A-Za-z.-]+)?(?:\+[0-9A-Za-z.-]+)?$/;

/**
 * Negative, zero or positive as `a` is lower than, equal to or higher than `b`. Absent when one of them is no version: commit
 * hashes and branch names have no order, and nothing is guessed from the digits in them.
 */
export function compareVersions(a: string | undefined, b: string | undefined): number | undefined {
  const [left, right] = [parse(a), parse(b)];
  return left && right ? semver.compare(left, right) : undefined;
}

function parse(text: string | undefined): semver.SemVer | undefined {
  const [, major, minor = '0', patch = '0', preRelease = ''] = VERSION.exec(text ?? '') ?? [];
  return semver.parse(`${major}.${minor}.${patch}${preRelease}`) ?? undefined;
}
