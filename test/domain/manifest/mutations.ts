import fc from 'fast-check';

/** A document as plain data, changed at one place so that it may no longer be one. */
export interface Mutation {
  /** What was done, for whoever reads a failure. */
  says: string;
  apply(document: unknown): unknown;
}

/** Values that nobody expects where they stand: other types, numbers at their ends, texts that hide something, huge ones. */
const STRANGE: readonly unknown[] = [
  null,
  true,
  [],
  {},
  [[]],
  { a: 1 },
  '',
  ' ',
  'none',
  '[]',
  -1,
  0,
  0.5,
  7,
  101,
  1e21,
  -9_007_199_254_740_991,
  Number.MAX_SAFE_INTEGER,
  3.1,
  'orders‮ipa-',
  'a​b\u{feff}',
  '\u001b[31mred\u001b[0m',
  'line\nline',
  '\ud800',
  '👩‍🚀'.repeat(40),
  '👍'.repeat(80),
  '👍'.repeat(81),
  'x'.repeat(1_025),
  '🙂'.repeat(1_024),
  '99999w',
  '1h30m',
  '< 2%',
  '2026-02-30',
  '2026-12-31',
  'a@sha512:00',
  'a/b@sha256:2f3c...',
  '__proto__',
];

/** Keys that people mistype, that belong to others, and that every object has anyway. */
const KEYS: readonly string[] = [
  'x-note',
  'X-note',
  'constructor',
  '__proto__',
  'toString',
  'hasOwnProperty',
  'treshold',
  'servcies',
  'imgae',
  'type',
  'a\u202eb',
  '',
  'k'.repeat(300),
];

type Path = readonly (string | number)[];

/** Every place of a document: its maps, lists and values. */
function placesOf(value: unknown, path: Path = []): Path[] {
  if (typeof value !== 'object' || value === null) return [path];
  const inside = Array.isArray(value) ? value.map((one, at) => [at, one] as const) : Object.entries(value);
  return [path, ...inside.flatMap(([step, one]) => placesOf(one, [...path, step]))];
}

/** Changes of a document, any place of it. */
export function mutationsOf(document: unknown): fc.Arbitrary<Mutation> {
  const place = fc.constantFrom(...placesOf(document).slice(1));
  const swap = fc.tuple(place, fc.constantFrom(...STRANGE)).map(([path, value]) => ({
    says: `${path.join('.')} = ${JSON.stringify(value)}`,
    apply: replace(path, () => value),
  }));
  const large = fc.tuple(place, fc.constantFrom('x', 'é', '"', '\n')).map(([path, letter]) => ({
    says: `${path.join('.')} is huge`,
    apply: replace(path, () => letter.repeat(600_000)),
  }));
  const drop = place.map((path) => ({ says: `no ${path.join('.')}`, apply: replace(path, () => GONE) }));
  const add = fc
    .tuple(place, fc.constantFrom(...KEYS), fc.constantFrom(...STRANGE))
    .map(([path, key, value]) => ({
      says: `${path.join('.')} has ${JSON.stringify(key)}: ${JSON.stringify(value)}`,
      apply: replace(path, (old) => withKey(old, key, value)),
    }));
  const rename = fc.tuple(place, fc.constantFrom(...KEYS)).map(([path, key]) => ({
    says: `${path.join('.')} is called ${key}`,
    apply: (value: unknown) => renamed(value, path, key),
  }));
  return fc.oneof(
    { weight: 8, arbitrary: swap },
    { weight: 3, arbitrary: drop },
    { weight: 4, arbitrary: add },
    { weight: 4, arbitrary: rename },
    { weight: 1, arbitrary: large },
  );
}

/** Changes of a text that no value shows: keys twice, anchors, aliases, tags, merge keys, half a text, numbers for versions. */
export const TEXT_MUTATIONS: Readonly<Record<string, (text: string) => string>> = {
  'a key twice': (text) => text.replace(/^kind: Release$/m, 'kind: Release\nkind: Release'),
  'a service twice': (text) => text.replace(/^( {4})([a-z-]+):$/m, '$1$2: { image: a/b }\n$1$2:'),
  'an anchor': (text) => text.replace(/^kind: Release$/m, 'kind: &kind Release'),
  'an alias': (text) => text.replace(/^( {2}environment: ).*$/m, '$1*kind'),
  'a merge key': (text) => text.replace(/^spec:$/m, 'spec:\n  <<: { environment: dev }'),
  'a tag': (text) => text.replace(/^( {2}environment: )/m, '$1!!binary '),
  'a version without quotes': (text) => text.replace(/^(\s+image: .*)$/m, '$1\n      chartVersion: 3.10'),
  'half of it': (text) => text.slice(0, text.length / 2),
  'a tab': (text) => text.replace(/^ {4}/m, '\t'),
  'two documents': (text) => `${text}---\n${text}`,
  'a NUL': (text) => text.replace('environment: ', 'environment: \0'),
  'no end of a number': (text) => `${text}\nx-a: .inf\n`,
  'a number too long': (text) => `${text}\nx-a: 123456789012345678901\n`,
};

const GONE = Symbol('gone');

function replace(path: Path, change: (old: unknown) => unknown): (value: unknown) => unknown {
  return (value) => {
    const [step, ...rest] = path;
    if (step === undefined) return change(value);
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, step)) return value;
    const inner = replace(rest, change)((value as Record<string, unknown>)[step]);
    const entries = Array.isArray(value) ? value.map((one, at) => [at, one] as const) : Object.entries(value);
    const kept = entries
      .map(([key, one]) => [key, String(key) === String(step) ? inner : one] as const)
      .filter(([, one]) => one !== GONE);
    return Array.isArray(value) ? kept.map(([, one]) => one) : Object.fromEntries(kept);
  };
}

function withKey(value: unknown, key: string, added: unknown): unknown {
  if (typeof value !== 'object' || value === null || Array.isArray(value)) return value;
  return Object.fromEntries([...Object.entries(value), [key, added]]);
}

function renamed(value: unknown, path: Path, to: string): unknown {
  const last = path.at(-1);
  return replace(path.slice(0, -1), (map) => {
    if (typeof map !== 'object' || map === null || Array.isArray(map)) return map;
    return Object.fromEntries(Object.entries(map).map(([key, one]) => [key === last ? to : key, one]));
  })(value);
}
