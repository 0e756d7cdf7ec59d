import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parse, stringify } from 'yaml';
import { formatYaml } from '../../../src/domain/content/format-yaml.ts';
import { keyOrder } from '../../../src/domain/document/key-order.ts';
import { Manifest } from '../../../src/domain/manifest/manifest.ts';
import { memoryYaml } from '../../simulation/ports/memory-yaml.ts';
import { sample } from '../document/source-document.ts';
import { mutationsOf } from '../manifest/mutations.ts';

const ORDER = keyOrder(Manifest);
const texts = await Promise.all(
  ['everything', 'checkout', 'seed-article'].map((name) => sample(`releases/${name}.yaml`)),
);

function formatted(text: string): string {
  const done = formatYaml(text, ORDER);
  if (done.kind === 'refused') throw new Error(done.faults.map(({ message }) => message).join('\n'));
  return done.text;
}

/** Documents are read many times over, on a machine that may have other work. */
const TEST_MS = 60_000;

describe('the one order and layout', { timeout: TEST_MS }, () => {
  it('is that of the schema, with comments beside what they are about', () => {
    const text = `# for editors
kind: Release

# about the format
apiVersion: 'release.gitplumbers.io/v1'
spec:
   # all of them
   services:

      web: # the shop
         # how much it matters
         tier: 1  # a lot
         x-version: '9'


         image: 'a/b'
         # last words on web
      api: {tier: 2, image: a/b}
   environment: prod
   gates:
   # the first gate
   - threshold: "< 1"   # for passing
     type: prometheus
     query: |
       sum(x)
       / sum(y)
   - {
      name: 'say "so"', # aloud
      type: manual }
metadata: {name: a}
# the end
`;
    expect(formatted(text)).toBe(`# for editors
# about the format
apiVersion: "release.gitplumbers.io/v1"
kind: Release
metadata: { name: a }
spec:
  environment: prod
  # all of them
  services:
    # the shop
    web:
      x-version: "9"

      image: "a/b"
      # how much it matters
      tier: 1 # a lot
      # last words on web
    api: { image: a/b, tier: 2 }
  gates:
    # the first gate
    - type: prometheus
      query: |
        sum(x)
        / sum(y)
      threshold: "< 1" # for passing
    - type: manual
      name: 'say "so"' # aloud

# the end
`);
  });

  it('leaves alone what is not known, and what people order themselves', () => {
    const text = 'x-first: 1\nspec:\n  services:\n    b: { image: a }\n    a: { image: a }\n  zzz: 1\n';
    expect(formatted(text)).toBe(text);
  });

  it('folds what is folded, at one width, and nothing else', () => {
    const [word, long] = ['requests '.repeat(30).trim(), `"a ${'b '.repeat(80)}"`];
    const lines = formatted(`spec:\n  description: >-\n    ${word}\n  x-a: ${long}\n`).split('\n');
    expect(lines.slice(0, 2)).toEqual(['spec:', '  description: >-']);
    expect(lines.filter((line) => line.startsWith('    requests')).length).toBe(3);
    expect(lines).toContain(`  x-a: ${long}`);
  });

  it.each([
    ['nothing', '', ''],
    ['a comment alone', '# nothing\n', '# nothing\n'],
    ['a marked start', '---\nkind: Release\n', 'kind: Release\n'],
    ['lines of Windows', 'kind: Release\r\napiVersion: a\r\n', 'apiVersion: a\nkind: Release\n'],
    ['a list', '- b\n- a\n', '- b\n- a\n'],
  ])('can be that of %s', (_, text, expected) => {
    expect(formatted(text)).toBe(expected);
  });

  it('keeps what is said and every comment, and is as it was when it is done again', () => {
    const line = fc.record({
      at: fc.double({ min: 0, max: 1, noNaN: true }),
      puts: fc.constantFrom('above', 'behind', 'blank'),
    });
    fc.assert(
      fc.property(
        fc.constantFrom(...texts),
        fc.array(line, { maxLength: 8 }),
        fc.nat(),
        (text, puts, seed) => {
          const changed = puts.reduce(addLine, shuffledTopLevels(text, seed));
          const once = formatted(changed);
          expect(parse(once)).toEqual(parse(text));
          expect(words(once)).toEqual(words(changed));
          expect(formatted(once)).toBe(once);
        },
      ),
      { numRuns: 60 },
    );
  });

  it('is never something else, whatever a document holds', async () => {
    const yaml = memoryYaml();
    const documents: unknown[] = texts.map((text) => parse(text));
    const changed = fc
      .constantFrom(...documents)
      .chain((document) =>
        fc.tuple(fc.constant(document), fc.array(mutationsOf(document), { minLength: 1, maxLength: 3 })),
      );
    let done = 0;
    const refused: string[] = [];
    await fc.assert(
      fc.asyncProperty(changed, async ([document, mutations]) => {
        const written = mutations.reduce<unknown>((at, { apply }) => apply(at), document);
        // A value that a mutation put in twice is written twice: anchors are for another test.
        const text = stringify(written, { aliasDuplicateObjects: false });
        const answer = await yaml.format(text, ORDER);
        if (answer.kind === 'refused') {
          refused.push(String(answer.faults[0]?.message));
          return;
        }
        done += 1;
        expect(parse(answer.text)).toEqual(parse(text));
        expect(await yaml.format(answer.text, ORDER)).toEqual(answer);
      }),
      { numRuns: 60 },
    );
    expect(done).toBeGreaterThan(30);
    // Only what no reader takes: too large, half a character, a number that no double holds.
    expect(refused.filter((says) => !/longer than 1024|surrogate|too long to be kept/.test(says))).toEqual(
      [],
    );
  });
});

/** Adds a comment or an empty line to a text, at a share of its length. */
function addLine(text: string, { at, puts }: { at: number; puts: string }, index: number): string {
  const lines = text.split('\n').slice(0, -1);
  const place = Math.floor(at * lines.length);
  const line = lines[place] ?? '';
  const indent = /^[ ]*/.exec(line)?.[0] ?? '';
  if (puts === 'behind') lines[place] = /[#|>]/.test(line) ? line : `${line} # note ${index}`;
  else lines.splice(place, 0, puts === 'blank' ? '' : `${indent}# note ${index}`);
  return `${lines.join('\n')}\n`;
}

/** The keys of the document and those of its spec, in another order. */
function shuffledTopLevels(text: string, seed: number): string {
  const [head = '', ...sections] = text.split(/^(?=[a-z])/m);
  const turned = sections.map((section) => {
    const [key = '', ...inner] = section.split(/^(?= {2}[a-z])/m);
    return [key, ...turn(inner, seed)].join('');
  });
  return [head, ...turn(turned, seed)].join('');
}

function turn<T>(list: readonly T[], by: number): T[] {
  const at = list.length === 0 ? 0 : by % list.length;
  return [...list.slice(at), ...list.slice(0, at)];
}

function words(text: string): string[] {
  return [...text.matchAll(/# note \d+/g)].map(([one]) => one).toSorted();
}
