import { execFileSync } from 'node:child_process';
import { readFileSync } from 'node:fs';
import { dirname, join, normalize } from 'node:path';
import { describe, expect, it } from 'vitest';
import { importsIn, packageOf } from './imports.ts';
import { ROOMS, type Room } from './rooms.ts';

const root = new URL('../..', import.meta.url).pathname;
const files = execFileSync('git', ['ls-files', '-co', '--exclude-standard', '--', 'src', 'commands'], {
  cwd: root,
  encoding: 'utf8',
})
  .split('\n')
  .filter((file) => /\.tsx?$/.test(file));
const texts = new Map(files.map((file) => [file, readFileSync(join(root, file), 'utf8')]));

function importsOf(file: string): string[] {
  return importsIn(texts.get(file) ?? '');
}

function roomOf(file: string): Room | undefined {
  const fitting = ROOMS.filter(({ at }) => file === at || file.startsWith(`${at}/`));
  return fitting.sort((a, b) => b.at.length - a.at.length)[0];
}

function isIn(file: string, place: string): boolean {
  return file === place || file.startsWith(`${place}/`);
}

/** Why a file may not import something; absent when it may. */
function complaint(file: string, specifier: string): string | undefined {
  const room = roomOf(file);
  if (room === undefined) return `${file} is in no room of test/house/rooms.ts`;
  if (specifier.startsWith('.')) {
    const target = normalize(join(dirname(file), specifier));
    if (isIn(target, room.at) || room.rooms.some((place) => isIn(target, place))) return undefined;
    return `${file} must not import ${target}`;
  }
  const name = packageOf(specifier);
  const allowed = room.packages.some((one) => (typeof one === 'string' ? one === name : one.test(specifier)));
  return allowed ? undefined : `${file} must not import ${specifier}`;
}

function cycleFrom(file: string, path: readonly string[], clean: Set<string>): string[] | undefined {
  if (path.includes(file)) return [...path.slice(path.indexOf(file)), file];
  if (clean.has(file)) return undefined;
  for (const specifier of importsOf(file).filter((one) => one.startsWith('.'))) {
    const found = cycleFrom(normalize(join(dirname(file), specifier)), [...path, file], clean);
    if (found) return found;
  }
  clean.add(file);
  return undefined;
}

describe('the house', () => {
  it('has every file in a room that imports only what the room may', () => {
    const complaints = files.flatMap((file) =>
      importsOf(file).flatMap((specifier) => complaint(file, specifier) ?? []),
    );
    expect(complaints).toEqual([]);
  });

  it('finds an import that is not allowed', () => {
    expect(complaint('src/domain/ids.ts', '../adapters/redis/store.ts')).toMatch(
      /must not import src\/adapters/,
    );
    expect(complaint('src/domain/ids.ts', 'ioredis')).toMatch(/must not import ioredis/);
    expect(complaint('src/adapters/slack/chat.ts', '../redis/store.ts')).toMatch(
      /must not import src\/adapters\/redis/,
    );
    expect(complaint('src/main.ts', './sandbox/main.ts')).toMatch(/must not import src\/sandbox/);
  });

  it('has no cycles', () => {
    const clean = new Set<string>();
    expect(
      files.map((file) => cycleFrom(file, [], clean)).find((cycle) => cycle !== undefined),
    ).toBeUndefined();
  });

  it('has no file over 400 lines and no file that only passes others on', () => {
    const long = files.filter((file) => (texts.get(file)?.split('\n').length ?? 0) > 400);
    const barrels = files.filter((file) => /^export \* from/m.test(texts.get(file) ?? ''));
    expect({ long, barrels }).toEqual({ long: [], barrels: [] });
  });

  it('reads the clock, chance and timers only where they come from outside', () => {
    const pure = files.filter(
      (file) => /^src\/(domain|gates|jobs|views)\//.test(file) || file.startsWith('commands/'),
    );
    const impure = pure.filter((file) =>
      /\bDate\.now\(|new Date\(\)|Math\.random\(|\bsetTimeout\(|\bsetInterval\(|randomUUID\(/.test(
        texts.get(file) ?? '',
      ),
    );
    expect(impure).toEqual([]);
  });

  it('reads the environment only in its composition roots', () => {
    const readers = files.filter((file) => /\bprocess\.env\b/.test(texts.get(file) ?? ''));
    const allowed = /^src\/(config|program|main\.ts|cli\.ts|sandbox\/main\.ts)/;
    expect(readers.filter((file) => !allowed.test(file))).toEqual([]);
  });
});
