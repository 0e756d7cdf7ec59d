import { describe, expect, it } from 'vitest';
import { createContracts } from '../../../src/adapters/contracts/contracts.ts';
import { UnavailableError } from '../../../src/errors.ts';
import { listen } from '../../servers/listen.ts';
import { type Subjects, startSchemaRegistry } from '../../servers/schema-registry.ts';

const order = (...fields: object[]) =>
  JSON.stringify({ type: 'record', name: 'Order', fields: [{ name: 'id', type: 'string' }, ...fields] });
const NOTE = { name: 'note', type: 'string' };
const OPTIONAL = { ...NOTE, default: '' };

const registry = (more: Partial<Subjects> = {}) =>
  startSchemaRegistry({
    level: 'BACKWARD',
    subjects: { 'orders/v1-value': { versions: [order()] } },
    ...more,
  });

const asking = { subject: 'orders/v1-value', schemaType: 'AVRO' as const };
const contractsAt = (url: string, authorization?: string) =>
  createContracts({ schemaRegistry: { url, authorization, timeoutMs: 2_000 } });

describe('a schema registry', () => {
  it('says whether it would take a schema, with what is wrong and the level in force', async () => {
    await using server = await registry();
    const contracts = contractsAt(server.url);
    expect(await contracts.schema({ ...asking, schema: order(OPTIONAL) })).toEqual({
      kind: 'judged',
      isCompatible: true,
      messages: [],
      level: 'BACKWARD',
      isNew: false,
    });
    const broken = await contracts.schema({ ...asking, schema: order(NOTE) });
    expect(broken).toMatchObject({ isCompatible: false, messages: [expect.stringContaining('note')] });
    server.holds.subjects['orders/v1-value'] = { level: 'FULL_TRANSITIVE', versions: [order(OPTIONAL)] };
    expect(await contracts.schema({ ...asking, schema: order() })).toMatchObject({
      isCompatible: true,
      level: 'FULL_TRANSITIVE',
    });
  });

  it('tells a subject that it has never seen, and a level under which everything passes', async () => {
    await using server = await registry({ level: 'NONE' });
    const contracts = contractsAt(server.url);
    expect(await contracts.schema({ ...asking, schema: order(NOTE) })).toMatchObject({
      isCompatible: true,
      level: 'NONE',
      isNew: false,
    });
    expect(await contracts.schema({ ...asking, subject: 'new', schema: order() })).toMatchObject({
      isNew: true,
    });
  });

  it('refuses a schema that is none, and whoever it does not know', async () => {
    await using server = await registry({ authorization: 'Bearer s3cret' });
    const known = contractsAt(server.url, 'Bearer s3cret');
    expect(await known.schema({ ...asking, schema: 'syntax = "proto3";' })).toEqual({
      kind: 'refused',
      says: '42201 Invalid schema of type AVRO',
    });
    const stranger = await contractsAt(server.url).schema({ ...asking, schema: order() });
    expect(stranger).toEqual({ kind: 'refused', says: '401 Unauthorized' });
  });

  it('that is away, broken, slow or something else is no answer', async () => {
    await using server = await registry({ trouble: 'broken' });
    await using page = await listen(() => ({ status: 200, body: '<html>', contentType: 'text/html' }));
    const ask = (url: string, timeoutMs = 2_000) =>
      createContracts({ schemaRegistry: { url, timeoutMs, authorization: 'Bearer s3cret' } }).schema({
        ...asking,
        schema: order(),
      });
    await expect(ask(server.url)).rejects.toThrow(UnavailableError);
    await expect(ask(page.url)).rejects.toThrow(/something else than its contract says/);
    server.holds.trouble = 'hang';
    const error = await ask(server.url, 50).catch((thrown: unknown) => thrown);
    expect(error).toBeInstanceOf(UnavailableError);
    expect(String(error)).not.toMatch(/s3cret|127\.0\.0\.1/);
  });

  it('that nobody configured is not asked', async () => {
    expect(await createContracts({}).schema({ ...asking, schema: order() })).toEqual({
      kind: 'notConfigured',
    });
  });
});
