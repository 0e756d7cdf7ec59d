import { describe, expect, it } from 'vitest';
import { printSchema, SCHEMA_NAMES } from '../../src/config/print-schema.ts';

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
