import { describe, expect, it } from 'vitest';
import type { Yaml, YamlFault } from '../../src/ports/yaml.ts';

/** What every implementation of the port does. `makeYaml` gives the one under test; whoever makes it ends it. */
export function yamlContract(makeYaml: () => Yaml): void {
  const faultsOf = async (text: string) => {
    const read = await makeYaml().read(text);
    return read.kind === 'refused' ? read.faults.map(say) : [];
  };
  const say = ({ line, column, message }: YamlFault) => `${line}:${column} ${message}`;
  const key = (path: string[], value: string | number | null) => ({
    repository: 'gitops',
    file: 'values.yaml',
    path,
    value,
  });

  describe('reading a document', () => {
    it('gives its value, frozen, and the place of each part of it', async () => {
      const read = await makeYaml().read('a: 1\nlist:\n  - x: "no"\n    y: no\n  - {z: 012}\n');
      if (read.kind === 'refused') throw new Error(read.faults.map(say).join());
      expect(read.value).toEqual({ a: 1, list: [{ x: 'no', y: 'no' }, { z: 12 }] });
      expect(Object.isFrozen((read.value as { list: unknown[] }).list[0])).toBe(true);
      expect(read.locate([])).toEqual({ line: 1, column: 1 });
      expect(read.locate(['list', 0, 'y'])).toEqual({ line: 4, column: 5 });
      expect(read.locate(['list', 1])).toEqual({ line: 5, column: 5 });
      expect(read.locate(['list', 7])).toBeUndefined();
    });

    it('takes a key named __proto__ for a key', async () => {
      const read = await makeYaml().read('__proto__: {polluted: true}\n');
      expect(read.kind === 'read' && Object.keys(read.value as object)).toEqual(['__proto__']);
      expect('polluted' in {}).toBe(false);
    });

    it('keeps text that JSON and YAML divide into lines differently', async () => {
      const read = await makeYaml().read('a: "x\u2028y\\u0085z"\n');
      expect(read.kind === 'read' && read.value).toEqual({ a: 'x\u2028y\u0085z' });
    });

    it.each([
      [
        'a directive',
        '%YAML 1.1\n---\na: no\n',
        '1:1 directives are not allowed: this program reads YAML 1.2',
      ],
      ['an anchor', 'a: &x 1\n', '1:4 anchors are not allowed here: write the value out where it is needed'],
      ['a tag', 'a: !!js/function x\n', '1:4 tags are not allowed here: quote what shall be text'],
      ['a merge key', 'a:\n  <<: {b: 1}\n', '2:3 merge keys are not allowed here: write the values out'],
      ['a second document', 'a: 1\n---\nb: 1\n', '2:1 one document is expected, not several'],
      ['a key given twice', 'a: 1\nb: {c: 1, c: 2}\n', '2:11 "c" is given twice'],
      ['a key that is no name', '{a: 1}: 2\n', '1:1 a key must be a plain name'],
      [
        'a number that would lose digits',
        'a: 12345678901234567890\n',
        '1:4 this number is too long to be kept exactly: quote it',
      ],
      ['infinity', 'a: .inf\n', '1:4 infinity and NaN are not allowed'],
      ['33 levels', `${'['.repeat(33)}${']'.repeat(33)}`, '1:33 more than 32 levels of maps and lists'],
      ['2001 keys', keys(2001), '1:1 a map of more than 2000 keys'],
      ['2001 entries', `[${'1,'.repeat(2_001)}]`, '1:1 a list of more than 2000 entries'],
      [
        'more values than can be checked beside other work',
        `[${`[${'1,'.repeat(1_999)}],\n`.repeat(51)}]`,
        '50:1 more than 100000 keys and values in one document',
      ],
    ])('refuses %s, with its place', async (_, text, fault) => {
      expect(await faultsOf(text)).toContain(fault);
    });

    it('refuses what is broken, and more than 1 MiB', async () => {
      expect(await faultsOf('a: [1\nb: 2')).not.toEqual([]);
      expect(await faultsOf(`# ${'x'.repeat(1024 * 1024)}`)).toEqual(['1:1 longer than 1024 KiB']);
    });

    it('tells all faults at once', async () => {
      expect(await faultsOf('a: &x 1\nb: *x\n')).toHaveLength(2);
    });

    it('accepts what is just within the limits', async () => {
      expect(await faultsOf(`${'['.repeat(32)}${']'.repeat(32)}`)).toEqual([]);
      expect(await faultsOf(keys(2000))).toEqual([]);
    });
  });

  describe('formatting a document', () => {
    it('gives its one order, and refuses what a document may not have', async () => {
      const order = { keys: ['a', 'b'] };
      expect(await makeYaml().format('b: 1 # one\na: 2\n', order)).toEqual({
        kind: 'formatted',
        text: 'a: 2\nb: 1 # one\n',
      });
      expect(await makeYaml().format('b: &x 1\n', order)).toMatchObject({
        kind: 'refused',
        faults: [{ line: 1, column: 4 }],
      });
    });
  });

  describe('reading a file that people keep', () => {
    it('follows aliases and merge keys, and gives every document that holds something', async () => {
      const text = 'base: &b {x: 1}\nown:\n  <<: *b\n  y: 2\n---\n# nothing\n---\nz: *none\n';
      const broken = await makeYaml().readAll(text);
      expect(broken.kind).toBe('refused');
      const read = await makeYaml().readAll(text.replace('*none', '3'));
      expect(read).toEqual({ kind: 'read', values: [{ base: { x: 1 }, own: { x: 1, y: 2 } }, { z: 3 }] });
    });

    it('refuses a file that repeats itself into the millions', async () => {
      const levels = Array.from({ length: 9 }, (_, i) => `l${i + 1}: &l${i + 1} [${`*l${i},`.repeat(10)}]`);
      const laughs = ['l0: &l0 ha', ...levels].join('\n');
      expect((await makeYaml().readAll(laughs)).kind).toBe('refused');
    });
  });

  describe('editing', () => {
    it('sets keys, keeps the rest to the byte and tells what was there', async () => {
      const text = '# mine\nimage:   {tag: v1}   # c\n---\n';
      const edited = await makeYaml().edit(text, [key(['image', 'tag'], 'v2'), key(['x'], 1)]);
      expect(edited).toEqual({
        kind: 'edited',
        text: '# mine\nimage:   {tag: v2}   # c\nx: 1\n---\n',
        before: [key(['image', 'tag'], 'v1'), key(['x'], null)],
      });
    });

    it('allows anchors elsewhere in the file, and refuses a path that leads nowhere', async () => {
      const text = 'a: &x {k: 1}\nb: *x\nimage: {tag: v1}\n';
      expect((await makeYaml().edit(text, [key(['image', 'tag'], 'v2')])).kind).toBe('edited');
      expect(await makeYaml().edit(text, [key(['b', 'k'], 2)])).toMatchObject({
        kind: 'refused',
        faults: [{ line: 2 }],
      });
    });
  });

  describe('writing', () => {
    it('quotes what any reader could take for something else, and reads back the same', async () => {
      const value = {
        no: 'no',
        version: '1.10',
        time: '22:22',
        long: 'x '.repeat(100),
        twice: [{ a: 1 }],
        empty: {},
      };
      const text = makeYaml().write(value);
      expect(text).toContain('version: "1.10"');
      expect(text).toMatch(/"no": "no"/);
      const read = await makeYaml().read(text);
      expect(read.kind === 'read' && read.value).toEqual(value);
    });

    it('writes no aliases for an object that occurs twice', async () => {
      const shared = { a: 1 };
      expect(makeYaml().write({ x: shared, z: shared })).toBe('x:\n  a: 1\nz:\n  a: 1\n');
    });
  });
}

function keys(count: number): string {
  return Array.from({ length: count }, (_, index) => `k${index}: 1\n`).join('');
}
