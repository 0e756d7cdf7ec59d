import { describe, expect, it } from 'vitest';
import { filesBelow, ownPackage, textOf } from './repository.ts';

const lines = textOf('Dockerfile')
  .replaceAll('\\\n', ' ')
  .split('\n')
  .filter((line) => line !== '' && !line.startsWith('#'));
const arguments_ = (instruction: string): string[] =>
  lines
    .filter((line) => line.startsWith(`${instruction} `))
    .map((line) => line.slice(instruction.length + 1));
const ignored = textOf('.dockerignore').split('\n').filter(Boolean);

describe('the image', () => {
  it('has the Node that package.json pins for desks', () => {
    const versions = arguments_('FROM').map((from) => /^node:(\d+\.\d+\.\d+)-/.exec(from)?.[1]);
    expect(new Set(versions)).toEqual(new Set(Object.values(ownPackage().optionalDependencies)));
  });

  it('is built from what is asked for by name, without the sandbox', () => {
    const allowed = ignored.filter((line) => line.startsWith('!')).map((line) => line.slice(1));
    expect(ignored[0]).toBe('*');
    // The last rule that fits decides.
    expect(ignored.at(-1)).toBe('src/sandbox');
    const copied = arguments_('COPY').filter((args) => !args.startsWith('--from'));
    const sources = copied.flatMap((args) => args.split(' ').slice(0, -1));
    expect([...new Set(sources)].sort()).toEqual(allowed.sort());
  });

  it('holds every file that the program imports or reads beside it', () => {
    const shipped = filesBelow('src', 'commands').filter((file) => !file.startsWith('src/sandbox/'));
    const outside = shipped.filter(
      (file) =>
        /new URL\('[^']*(manifests|test|docs|sandbox)\//.test(textOf(file)) ||
        /from '[^']*sandbox\//.test(textOf(file)),
    );
    expect(outside).toEqual([]);
  });

  it('runs as nobody special, under a first process that ends orphans', () => {
    expect(arguments_('USER').at(-1)).toMatch(/^[1-9]\d*:[1-9]\d*$/);
    expect(JSON.parse(arguments_('ENTRYPOINT').at(-1) ?? '')).toEqual(['tini', '--', 'node', 'src/main.ts']);
    expect(arguments_('RUN').join('\n')).toMatch(/npm ci --omit=dev --omit=optional/);
  });

  it('has the command line under its name', () => {
    expect(arguments_('RUN')).toContain('ln -s /app/src/cli.ts /usr/local/bin/signalbox');
    expect(textOf('src/cli.ts')).toMatch(/^#!\/usr\/bin\/env node\n/);
  });
});
