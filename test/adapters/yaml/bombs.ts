import fc from 'fast-check';

/** Texts made to hurt a reader of YAML, the same ones each time; every one must be refused. */
export function bombs(count: number): string[] {
  const bomb = fc
    .record({
      core: fc.oneof(...CORES),
      before: fc.constantFrom('', '# c\n', 'a: 1\nb:\n  ', '- '),
      tail: fc.constantFrom('', '\n', '\n...\n'),
    })
    .map(({ core, before, tail }) => before + core + tail);
  return fc.sample(bomb, { numRuns: count, seed: 1 });
}

const size = fc.integer({ min: 900, max: 4000 });

/** Source of the first and the second: CVE-2026-33532 and the library's comparison of each key with each. */
const CORES: fc.Arbitrary<string>[] = [
  fc
    .tuple(fc.constantFrom('[', '{', '- ', '? ', '[{', '!!x [', '&a [', '[[:', '"a": {'), size)
    .map(([unit, n]) => unit.repeat(n)),
  size.map((n) => `{${Array.from({ length: n + 2000 }, (_, i) => `k${i}: 1`).join(', ')}}`),
  fc
    .integer({ min: 5, max: 12 })
    .map(
      (n) =>
        `{x0: &x0 [h,h,h,h,h,h,h,h,h], ${Array.from({ length: n }, (_, i) => `x${i + 1}: &x${i + 1} [${`*x${i},`.repeat(9)}]`).join(', ')}}`,
    ),
  size.map((n) => `{a: &a [${'*a, '.repeat(n)}]}`),
  size.map((n) => `{${'a: 1, '.repeat(n)}}`),
  fc.constantFrom(
    '!!js/function "function () {}"',
    '{<<: {a: 1}}',
    '!!binary aGVsbG8=',
    '{a: 1e999}',
    '{a: 0xffffffffffffffffffff}',
    '\t\tx: 1',
    '{a: 1',
    "'open",
    '"\\z"',
  ),
  fc
    .tuple(size, fc.constantFrom('\u0000', '\u0007', '@', '`', '%'))
    .map(([n, c]) => `{a: ${c.repeat(n)}, b: [}`),
];
