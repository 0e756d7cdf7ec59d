import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { z } from 'zod';

const ROOT = new URL('../../', import.meta.url).pathname;

/** Text of a file, by its path from the repository's root. */
export function textOf(path: string): string {
  return readFileSync(`${ROOT}${path}`, 'utf8');
}

/** Every file of the repository below these paths, those not yet committed too. */
export function filesBelow(...paths: string[]): string[] {
  const listed = execFileSync('git', ['ls-files', '-co', '--exclude-standard', '--', ...paths], {
    cwd: ROOT,
    encoding: 'utf8',
  });
  return listed.split('\n').filter(Boolean);
}

const Versions = z.record(z.string(), z.string()).default({});

const Package = z.object({
  scripts: Versions,
  bin: Versions,
  dependencies: Versions,
  devDependencies: Versions,
  optionalDependencies: Versions,
  overrides: Versions,
});

/** `package.json`. */
export function ownPackage(): z.infer<typeof Package> {
  return Package.parse(JSON.parse(textOf('package.json')));
}
