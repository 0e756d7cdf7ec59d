import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { canonicalHash, hashIfCanonical } from '../../../src/domain/document/canonical-hash.ts';
import { checkShape } from '../../../src/domain/document/check-shape.ts';
import { extensible } from '../../../src/domain/document/extensible.ts';
import { faultLine, pathInWords } from '../../../src/domain/document/fault.ts';
import { documentOf } from './source-document.ts';

const Schema = z.strictObject({
  version: z.string(),
  count: z.int().min(1).max(3).default(1),
  mode: z.enum(['fast', 'careful']).default('fast'),
  items: z.array(extensible({ name: z.string(), size: z.number().optional() })).default([]),
  access: z
    .union([z.strictObject({ file: z.string() }), z.strictObject({ server: z.string(), token: z.string() })])
    .optional(),
  names: z
    .record(z.string().regex(/^[a-z]+$/, { error: 'must be lower-case letters' }), z.boolean())
    .default({}),
});

async function faults(text: string): Promise<string[]> {
  const checked = checkShape(Schema, await documentOf(text, 'a.yaml'));
  return checked.kind === 'faulty' ? checked.faults.map(faultLine) : [];
}

describe('the faults of a document', () => {
  it('are all told at once, in the order of the file, with line and column', async () => {
    const text = ['version: 3.10', 'mode: fsat', 'count: 9', 'items:', '  - nmae: x', '    size: big'].join(
      '\n',
    );
    expect(await faults(text)).toEqual([
      'a.yaml:1:1 version: YAML reads this as 3.1, not as text: quote it, as in "3.1"',
      'a.yaml:2:1 mode: must be one of fast, careful; did you mean fast?',
      'a.yaml:3:1 count: must be at most 3',
      'a.yaml:5:5 items[0].name: is missing: it must be text',
      'a.yaml:5:5 items[0].nmae: is not a known key; did you mean name?',
      'a.yaml:6:5 items[0].size: must be a number, not text',
    ]);
  });

  it('are shown at the nearest thing that is there, when something is missing', async () => {
    expect(await faults('count: 1')).toEqual(['a.yaml:1:1 version: is missing: it must be text']);
  });

  it('of a choice are those of the form that was most likely meant', async () => {
    expect(await faults('version: "1"\naccess:\n  server: x\n  tokn: y')).toEqual([
      'a.yaml:2:1 access.token: is missing: it must be text',
      'a.yaml:4:3 access.tokn: is not a known key; did you mean token?',
    ]);
    expect(await faults('version: "1"\naccess: 5')).toEqual([
      'a.yaml:2:1 access: has none of the allowed forms',
    ]);
  });

  it('name a key that cannot be one', async () => {
    expect(await faults('version: "1"\nnames: { A-b: true }')).toEqual([
      'a.yaml:2:10 names.A-b: this name must be lower-case letters',
    ]);
  });

  it('list the known keys where none is near', async () => {
    expect(await faults('version: "1"\nzzzzzzzzzz: 1')).toEqual([
      'a.yaml:2:1 zzzzzzzzzz: is not a known key; known: version, count, mode, items, access, names',
    ]);
  });

  it('are none for keys that belong to others, which are left out', async () => {
    const checked = checkShape(Schema, await documentOf('version: "1"\nitems: [{ name: a, x-note: b }]'));
    expect(checked).toMatchObject({ kind: 'valid', value: { items: [{ name: 'a' }] } });
    expect(checked.kind === 'valid' && Object.keys(checked.value.items[0] ?? {})).toEqual(['name']);
  });
});

describe('what a fault shows', () => {
  const shows = async (text: string) => {
    const checked = checkShape(Schema, await documentOf(text, 'a.yaml'), { showValues: true });
    return checked.kind === 'faulty' ? checked.faults.map(faultLine) : [];
  };

  it('is the value, when it is asked for and not said already', async () => {
    expect(await shows('version: "1"\nmode: fsat\ncount: 9')).toEqual([
      'a.yaml:2:1 mode: must be one of fast, careful; did you mean fast?; it is "fsat"',
      'a.yaml:3:1 count: must be at most 3; it is 9',
    ]);
    expect(await shows('version: 3.10')).toEqual([
      'a.yaml:1:1 version: YAML reads this as 3.1, not as text: quote it, as in "3.1"',
    ]);
  });

  it('is never the value of a configuration, which may be a secret', async () => {
    expect((await faults('version: "1"\nmode: xoxb-secret')).join()).not.toContain('xoxb');
  });

  it('is short, and nothing in it turns or hides text', async () => {
    const [line = ''] = await shows(`version: "1"\nmode: "\u202e${'a'.repeat(100_000)}"`);
    expect(line).toContain('it is "\\u{202e}aaa');
    expect(line).toContain('(100001 characters)');
    expect(line.length).toBeLessThan(250);
    expect(pathInWords(['a\u202eb', 'k'.repeat(100)])).toBe(`["a\\u{202e}b"]["${'k'.repeat(80)}…"]`);
  });

  it('is no more than a hundred faults, and how many are left', async () => {
    const items = Array.from({ length: 1_500 }, () => '1').join(', ');
    const told = await faults(`version: "1"\nitems: [${items}]`);
    expect(told).toHaveLength(101);
    expect(told[0]).toMatch(/^a\.yaml:2:9 items\[0\]: must be a map, not a number$/);
    expect(told.at(-1)).toBe('a.yaml:1:1 has 1400 more faults, told when these are mended');
  });

  it('is a key that schemas would pass over, beside every other', async () => {
    expect(await faults('version: "1"\nnames: { __proto__: true, a: true }\nmode: fsat')).toEqual([
      'a.yaml:2:10 names.__proto__: cannot be a key: every object has it, and it would be passed over',
      'a.yaml:3:1 mode: must be one of fast, careful; did you mean fast?',
    ]);
  });
});

describe('a path in words', () => {
  it('reads as people write it', () => {
    expect(pathInWords(['spec', 'gates', 0, 'a.b/c'])).toBe('spec.gates[0]["a.b/c"]');
    expect(pathInWords([])).toBe('');
  });
});

describe('the canonical hash', () => {
  it('is that of RFC 8785, whatever the order of keys', () => {
    // echo -n '{"a":[1,2],"b":"x"}' | sha256sum
    const hash = 'd0f56dda38d34376527524ddd98f7ec117d5cbfb240f86e11bfb9d2d01a717d9';
    expect(canonicalHash({ b: 'x', a: [1, 2] })).toBe(canonicalHash({ a: [1, 2], b: 'x', c: undefined }));
    expect(canonicalHash({ a: [2, 1], b: 'x' })).not.toBe(canonicalHash({ a: [1, 2], b: 'x' }));
    expect(canonicalHash({ b: 'x', a: [1, 2] })).toBe(hash);
  });

  it('is refused for what JSON cannot hold', () => {
    for (const value of [{ a: Infinity }, { a: Number.NaN }, '\ud800', undefined])
      expect(hashIfCanonical(value)).toBeUndefined();
    expect(hashIfCanonical({ a: [null, 'ü', 1e21] })).toMatch(/^[0-9a-f]{64}$/);
  });
});
