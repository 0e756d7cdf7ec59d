import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { editYaml } from '../../../src/domain/content/edit-yaml.ts';
import type { OwnedValue } from '../../../src/domain/content/scalar-text.ts';
import type { OwnedKey } from '../../../src/domain/content.ts';

const name = fc.stringMatching(/^[a-z][a-zA-Z0-9]{0,5}$/);
const scalar = fc.oneof(
  fc.string({ unit: 'grapheme', maxLength: 12 }),
  fc.stringMatching(/^[0-9a-fA-FnoyesxX:.~_+-]{1,8}$/),
  fc.integer(),
  fc.boolean(),
  fc.constantFrom(
    'no',
    'null',
    '1.10',
    '0x1f',
    '1e3',
    '~',
    '- a',
    'a: b',
    '#c',
    "it's",
    'a\u2028b',
    '22:22',
    '2026-11-20',
    ' x ',
  ),
);

/** Values as people write them: nested maps in block or flow style, with quotes, comments and odd spacing. */
const lines = fc.letrec<{ map: string[] }>((tie) => ({
  map: fc
    .uniqueArray(
      fc.record({
        name,
        gap: fc.constantFrom(' ', '   '),
        comment: fc.constantFrom('', ' # note', '   #x'),
        above: fc.constantFrom([], ['# above'], ['']),
        value: fc.oneof(
          {
            weight: 3,
            arbitrary: fc.constantFrom(
              'v1',
              "'v 1'",
              '"v\\n1"',
              '12',
              '1.50',
              'true',
              '~',
              '',
              '{a: 1, b: "x"}',
              '[1, 2]',
            ),
          },
          { weight: 2, arbitrary: tie('map') },
        ),
      }),
      { selector: (entry) => entry.name, minLength: 1, maxLength: 4 },
    )
    .map((entries) =>
      entries.flatMap(({ name, gap, comment, above, value }) =>
        typeof value === 'string'
          ? [...above, `${name}:${value && gap}${value}${comment}`]
          : [...above, `${name}:${comment}`, ...value.map((line) => (line === '' ? '' : `  ${line}`))],
      ),
    ),
}));

function paths(value: unknown, prefix: string[] = []): string[][] {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return [prefix];
  return Object.entries(value).flatMap(([step, inner]) => paths(inner, [...prefix, step]));
}

interface Wish {
  /** Which of the document's values. */
  pick: number;
  /** A new key beside it, to make a map under. */
  extra: string | null;
  value: OwnedValue;
}

const wishes: fc.Arbitrary<Wish[]> = fc.array(
  fc.record({ pick: fc.nat(), extra: fc.option(name), value: scalar }),
  {
    minLength: 1,
    maxLength: 4,
  },
);

/** Keys that exist and hold a single value, or whose way can be made. */
function keysFor(original: unknown, wanted: readonly Wish[]): OwnedKey[] {
  const all = paths(original).filter((path) => !Array.isArray(at(original, path)));
  const keys = new Map<string, OwnedKey>();
  for (const { pick, extra, value } of wanted) {
    const base = all[pick % all.length];
    if (base === undefined) continue;
    const made = extra === null ? undefined : [...base.slice(0, -1), extra];
    if (made !== undefined && at(original, made) !== undefined) continue;
    const path = made === undefined ? base : [...made, 'made'];
    keys.set(path.join('/'), { repository: 'gitops', file: 'values.yaml', path, value });
  }
  return [...keys.values()];
}

function edit(text: string, keys: readonly OwnedKey[]) {
  const result = editYaml(text, keys);
  if (result.kind === 'refused') throw new Error(JSON.stringify([text, keys, result.faults]));
  return { ...result, value: parse(result.text) };
}

const comments = (text: string) => text.split('\n').filter((line) => line.trim().startsWith('#'));

describe('editing any file', () => {
  it('reads back what was set, leaves all else, and is undone by what it says was there', () => {
    fc.assert(
      fc.property(lines.map, wishes, (map, wanted) => {
        const text = `${map.join('\n')}\n`;
        const original = parse(text);
        const keys = keysFor(original, wanted);
        const edited = edit(text, keys);
        for (const { path, value } of keys) expect(at(edited.value, path)).toEqual(value);
        const touched = new Set(keys.map(({ path }) => path[0]));
        for (const key of Object.keys(original).filter((one) => !touched.has(one))) {
          expect(edited.value[key]).toEqual(original[key]);
        }
        expect(comments(edited.text)).toEqual(comments(text));
        const back = edit(edited.text, edited.before);
        for (const { path, value } of edited.before) expect(at(back.value, path) ?? null).toEqual(value);
      }),
      { numRuns: 300 },
    );
  });
});

function at(value: unknown, path: readonly string[]): unknown {
  return path.reduce<unknown>(
    (inner, step) => (inner as Record<string, unknown> | undefined | null)?.[step],
    value,
  );
}
