import { Ajv2020 } from 'ajv/dist/2020.js';
import { describe, expect, it } from 'vitest';
import { parse } from 'yaml';
import { printSchema, SCHEMA_NAMES } from '../../src/config/print-schema.ts';
import { sample } from '../domain/document/source-document.ts';

type Schema = Record<string, unknown>;

/** Follows keys, and references where there is one. */
function at(root: Schema, ...path: string[]): Schema {
  let here = root;
  for (const step of path) {
    const next = here[step];
    if (typeof next !== 'object' || next === null)
      throw new Error(`no ${step} in ${JSON.stringify(here).slice(0, 200)}`);
    here = next as Schema;
    const reference = here['$ref'];
    if (typeof reference === 'string')
      here = { ...at(root, ...reference.replace('#/', '').split('/')), ...here };
  }
  return here;
}

describe('the schemas for editors', () => {
  it.each(SCHEMA_NAMES)('are JSON Schema of draft 2020-12: %s', (name) => {
    const schema = JSON.parse(printSchema(name));
    expect(schema).toMatchObject({ $schema: 'https://json-schema.org/draft/2020-12/schema', type: 'object' });
    expect(Object.keys(schema)[1]).toBe('title');
  });

  it.each<[(typeof SCHEMA_NAMES)[number], string, (document: object) => object]>([
    ['config', 'signalbox.yaml', (document) => ({ ...document, instalation: 'acme' })],
    ['catalog', 'catalog.yaml', (document) => ({ ...document, servcies: {} })],
    ['release', 'releases/everything.yaml', (document) => ({ ...document, kind: 'Relese' })],
  ])('allow the sample, and not a slip of the fingers in it: %s', async (name, file, mistyped) => {
    const allows = new Ajv2020({ strict: false, validateFormats: false }).compile(
      JSON.parse(printSchema(name)),
    );
    const document: unknown = parse(await sample(file));
    expect(allows(document), JSON.stringify(allows.errors)).toBe(true);
    expect(allows(mistyped(Object(document)))).toBe(false);
  });

  it('know what may be left out, and with what it is filled up', () => {
    const config = JSON.parse(printSchema('config'));
    expect(config.required).not.toContain('slack');
    const environment = at(config, 'properties', 'environments', 'items');
    expect(at(environment, 'properties', 'onGateFailure')).toMatchObject({ default: 'rollback' });
    expect(
      at(
        config,
        'properties',
        'environments',
        'items',
        'properties',
        'approvals',
        'properties',
        'expiresAfter',
      ),
    ).toMatchObject({ default: '8h' });
  });

  it('let keys of others pass and refuse every other unknown one', () => {
    const manifest = JSON.parse(printSchema('release'));
    expect(manifest).toMatchObject({ additionalProperties: false, patternProperties: { '^x-': true } });
    const gate = at(manifest, 'properties', 'spec', 'properties', 'gates', 'items');
    expect(gate).toMatchObject({
      additionalProperties: false,
      patternProperties: { '^x-': true },
      required: ['type'],
    });
  });
});
