import { Ajv2020 } from 'ajv/dist/2020.js';
import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { parse, stringify } from 'yaml';
import { printSchema } from '../../../src/config/print-schema.ts';
import { MOST_FAULTS } from '../../../src/domain/document/check-shape.ts';
import { type Fault, faultLine } from '../../../src/domain/document/fault.ts';
import { BEYOND_SCHEMA, readManifest } from '../../../src/domain/manifest/manifest.ts';
import type { YamlRead } from '../../../src/ports/yaml.ts';
import { memoryYaml } from '../../simulation/ports/memory-yaml.ts';
import { sample } from '../document/source-document.ts';
import { mutationsOf, TEXT_MUTATIONS } from './mutations.ts';

/** Each run reads YAML twice over, on a machine that may have other work. */
const TEST_MS = 120_000;

/** What a message must not hold: what turns, hides or commands whatever shows it. */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Cs}]/u;

const allows = new Ajv2020({ strict: false, allErrors: true }).compile(JSON.parse(printSchema('release')));
const yaml = memoryYaml();

const SAMPLES = ['seed-article', 'everything', 'checkout'] as const;
const texts = await Promise.all(SAMPLES.map((name) => sample(`releases/${name}.yaml`)));
const documents: unknown[] = texts.map((text) => parse(text));

/** What a person is told of a text; nothing when it is a release document. */
function faultsOf(read: Extract<YamlRead, { kind: 'read' }>): Fault[] {
  const told = readManifest({ file: 'release.yaml', ...read });
  return told.kind === 'faulty' ? told.faults : [];
}

/** That every fault can be found and read, and that the schema for editors says the same. */
async function judge(text: string): Promise<'refused' | 'faulty' | 'valid'> {
  const read = await yaml.read(text);
  const lines = text.split('\n').length;
  if (read.kind === 'refused') {
    expect(read.faults.length).toBeGreaterThan(0);
    for (const { message, line, column } of read.faults) {
      expect(message).not.toBe('');
      expect(line).toBeGreaterThanOrEqual(1);
      expect(line).toBeLessThanOrEqual(lines);
      expect(column).toBeGreaterThanOrEqual(1);
    }
    return 'refused';
  }
  const faults = faultsOf(read);
  expect(faults.length).toBeLessThanOrEqual(MOST_FAULTS + 1);
  for (const fault of faults) {
    expect(fault.place?.line).toBeLessThanOrEqual(lines);
    expect(fault.says).not.toBe('');
    expect(faultLine(fault).length).toBeLessThan(1_500);
    expect(faultLine(fault)).not.toMatch(UNSEEN);
  }
  const beyond =
    faults.length > 0 && faults.every(({ rule }) => rule !== undefined && Object.hasOwn(BEYOND_SCHEMA, rule));
  const here = faults.map(faultLine).join('\n');
  // A fault beyond the schema can hide others: what is found then says nothing about the schema.
  if (!beyond) expect({ valid: allows(read.value), here }).toEqual({ valid: faults.length === 0, here });
  return faults.length === 0 ? 'valid' : 'faulty';
}

describe('the schema of release documents for editors', { timeout: TEST_MS }, () => {
  it.each(SAMPLES)('allows the sample %s', (name) => {
    expect(allows(documents[SAMPLES.indexOf(name)]), JSON.stringify(allows.errors)).toBe(true);
  });

  it('describes every field, and refuses those there are not', () => {
    const nameless: string[] = [];
    const walk = (schema: unknown, path: string): void => {
      if (typeof schema !== 'object' || schema === null) return;
      const { properties, description, $ref } = schema as Record<string, unknown>;
      if (/\.properties\.[^.]+$/.test(path) && description === undefined && $ref === undefined)
        nameless.push(path);
      if (typeof properties === 'object') expect(schema).toMatchObject({ additionalProperties: false });
      for (const [key, inner] of Object.entries(schema)) walk(inner, `${path}.${key}`);
    };
    walk(JSON.parse(printSchema('release')), '');
    expect(nameless).toEqual([]);
  });

  it('agrees with the reader on documents that were changed at any place', async () => {
    const seen = { refused: 0, faulty: 0, valid: 0 };
    const changed = fc
      .constantFrom(...documents)
      .chain((document) =>
        fc.tuple(fc.constant(document), fc.array(mutationsOf(document), { minLength: 1, maxLength: 2 })),
      );
    await fc.assert(
      fc.asyncProperty(changed, async ([document, mutations]) => {
        const value = mutations.reduce<unknown>((at, { apply }) => apply(at), document);
        seen[await judge(stringify(value, { aliasDuplicateObjects: false }))] += 1;
      }),
      { numRuns: 600 },
    );
    // Each end was met often enough for the agreement to say something.
    expect(Math.min(seen.faulty, seen.valid)).toBeGreaterThan(50);
  });

  it.each(Object.entries(TEXT_MUTATIONS))('agrees with the reader on a text with %s', async (_, change) => {
    for (const text of texts) await judge(change(text));
    const plain = stringify(documents[0]);
    expect(change(plain)).not.toBe(plain);
    expect(await judge(change(plain))).not.toBe('valid');
  });

  it.each<[keyof typeof BEYOND_SCHEMA, string]>([
    [
      'calendar-day',
      'exemptions: [{ rule: a, reason: because of it, approvedBy: b, expires: "2026-02-30" }]',
    ],
    ['longest-duration', 'sequencing: { soak: 99999w }'],
    ['no-proto-key', 'x-a: { __proto__: 1 }'],
    ['whole-characters', 'description: "\\ud800"'],
  ])('cannot say %s, which the reader does', async (rule, line) => {
    const text = `${texts[0]?.trimEnd()}\n  ${line}\n`;
    const read = await yaml.read(text);
    if (read.kind === 'refused') throw new Error(JSON.stringify(read.faults));
    expect(faultsOf(read).map((fault) => fault.rule)).toEqual([rule]);
    expect(allows(read.value)).toBe(true);
  });

  it('is beyond nothing else', () => {
    expect(Object.keys(BEYOND_SCHEMA)).toEqual([
      'calendar-day',
      'longest-duration',
      'no-proto-key',
      'whole-characters',
    ]);
  });
});
