import { builtinModules } from 'node:module';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { filesBelow, ownPackage, textOf } from './repository.ts';

const { dependencies, devDependencies, optionalDependencies, overrides, scripts } = ownPackage();

const IMPORT =
  /(?:^|\n)\s*(?:import|export)\s[^'"`;]*?\bfrom\s+['"]([^'"./][^'"]*)['"]|(?:^|\n)\s*import\s+['"]([^'"./][^'"]*)['"]|\bimport\(\s*['"]([^'"./][^'"]*)['"]/g;

/** Names of the packages that these files import. */
function importedBy(files: readonly string[]): Set<string> {
  const specifiers = files
    .filter((file) => /\.(ts|tsx|mjs)$/.test(file))
    .flatMap((file) =>
      [...textOf(file).matchAll(IMPORT)].map(([, from, bare, dynamic]) => from ?? bare ?? dynamic ?? ''),
    );
  const names = specifiers
    .filter((specifier) => !specifier.startsWith('node:') && !builtinModules.includes(specifier))
    .map((specifier) =>
      specifier
        .split('/')
        .slice(0, specifier.startsWith('@') ? 2 : 1)
        .join('/'),
    );
  return new Set(names);
}

const program = filesBelow('src', 'commands').filter((file) => !file.startsWith('src/sandbox/'));
const shipped = importedBy(program);
const atHome = importedBy([...filesBelow('src/sandbox'), ...filesBelow('test')]);

describe('the packages', () => {
  it('that the program imports are installed with it, and no others are', () => {
    expect(shipped.size).toBeGreaterThan(10);
    expect([...shipped].sort()).toEqual(Object.keys(dependencies).sort());
  });

  it('that only sandbox, tests and scripts need are left out of the image, and each is needed', () => {
    const known = new Set([...Object.keys(dependencies), ...Object.keys(devDependencies)]);
    expect([...atHome].filter((name) => !known.has(name))).toEqual([]);
    const commands = Object.values(scripts).join('\n');
    const isNeeded = (name: string): boolean => {
      // Types stand for the package they describe; Node's for Node itself.
      const described = /^@types\/(.*)$/.exec(name)?.[1];
      if (described !== undefined)
        return described === 'node' || shipped.has(described) || atHome.has(described);
      return (
        USED_BY_HAND.includes(name) ||
        atHome.has(name) ||
        RUN_BY_SCRIPTS.some((one) => one.package === name && commands.includes(one.program))
      );
    };
    expect(Object.keys(devDependencies).filter((name) => !isNeeded(name))).toEqual([]);
  });

  it('are pinned to one version each, and the lock file knows them', () => {
    const all = { ...dependencies, ...devDependencies, ...optionalDependencies, ...overrides };
    expect(Object.entries(all).filter(([, version]) => !/^\d+\.\d+\.\d+$/.test(version))).toEqual([]);
    const { packages } = Lock.parse(JSON.parse(textOf('package-lock.json')));
    const locked = Object.entries(all).map(([name]) => [name, packages[`node_modules/${name}`]?.version]);
    expect(Object.fromEntries(locked)).toEqual(all);
  });

  it('are locked for every platform they have packages for: npm ci refuses a lock file that leaves one out', () => {
    const { packages } = Lock.parse(JSON.parse(textOf('package-lock.json')));
    const wanted = Object.values(packages).flatMap((entry) => Object.keys(entry.optionalDependencies));
    const locked = new Set(
      Object.keys(packages).map((path) => path.slice(path.lastIndexOf('node_modules/') + 13)),
    );
    expect(wanted.filter((name) => !locked.has(name))).toEqual([]);
  });
});

/** Browsers are driven with it to look at the sandbox's page and to take the pictures in docs/. */
const USED_BY_HAND = ['playwright-core'];

const RUN_BY_SCRIPTS = [
  { package: '@biomejs/biome', program: 'biome' },
  { package: 'typescript', program: 'tsc' },
  { package: 'vitest', program: 'vitest' },
];

const Lock = z.object({
  packages: z.record(
    z.string(),
    z.object({
      version: z.string().optional(),
      optionalDependencies: z.record(z.string(), z.string()).default({}),
    }),
  ),
});
