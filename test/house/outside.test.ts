import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { importsIn, packageOf } from './imports.ts';

const root = new URL('../..', import.meta.url).pathname;

/** What an installation runs: the sandbox is not in the image. */
const files = execFileSync('git', ['ls-files', '-co', '--exclude-standard', '--', 'src', 'commands'], {
  cwd: root,
  encoding: 'utf8',
})
  .split('\n')
  .filter((file) => /\.(tsx?|mjs)$/.test(file) && !file.startsWith('src/sandbox/'));

/** Without comments, whose links are for readers. */
function codeOf(file: string): string {
  return readFileSync(join(root, file), 'utf8')
    .replace(/\/\*[\s\S]*?\*\//g, '')
    .replace(/^\s*\/\/.*$/gm, '');
}

const Package = z.object({ dependencies: z.record(z.string(), z.string()) });
const { dependencies } = Package.parse(JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')));

describe('what is installed where the program runs', () => {
  it('holds every package that it imports, without those for development', () => {
    const imported = files.flatMap((file) => importsIn(codeOf(file)).map(packageOf));
    const packages = [...new Set(imported)].filter((name) => !/^(\.|node:)/.test(name));
    expect(packages.length).toBeGreaterThan(10);
    expect(packages.filter((name) => !Object.hasOwn(dependencies, name))).toEqual([]);
  });
});

/** Addresses in the code that nobody is asked at: defaults that the configuration replaces, and words for people. */
const KNOWN: Readonly<Record<string, readonly string[]>> = {
  'src/bootstrap.mjs': ['nodejs.org'],
  // A name for the schema, which nobody fetches.
  'src/config/ci-schema.ts': ['api.github.com'],
  'src/config/print-schema.ts': ['release.gitplumbers.io'],
  'src/config/schema.ts': ['slack.com'],
  'src/config/system-schema.ts': ['api.pagerduty.com'],
  'src/config/words.ts': ['prometheus.example.com'],
  'src/domain/candidate/candidate-rule.ts': ['github.com'],
  'src/program/check/machine-looks.ts': ['nodejs.org'],
  'src/domain/adoption/first-documents.ts': ['git.example.com'],
  'src/domain/adoption/helm-values.ts': ['argoproj.github.io'],
  'src/program/cli/init.ts': ['argoproj.github.io'],
  'src/program/check/cluster-looks.ts': ['argo-rollouts.readthedocs.io'],
  // Bases for addresses of which only the path is read.
  'src/program/serve-pages.ts': ['pages'],
  'src/adapters/api/artifacts-door.ts': ['pages'],
  'src/adapters/api/door.ts': ['pages'],
  'src/adapters/registry/list-tags.ts': ['registry'],
  'src/adapters/api/client.ts': ['signalbox.example.com'],
  'src/adapters/slack/receive/over-socket.ts': ['localhost'],
};

describe('the outside world', () => {
  it('is reached at addresses of the configuration only', () => {
    const hosts = files.flatMap((file) =>
      [...codeOf(file).matchAll(/\b(?:https?|wss?|rediss?):\/\/([\w-]+(?:\.[\w-]+)*)/g)]
        .map(([, host = '']) => host)
        .filter((host) => !/^127\.0\.0\.1$/.test(host) && !KNOWN[file]?.includes(host))
        .map((host) => `${file}: ${host}`),
    );
    expect(hosts).toEqual([]);
  });
});
