import { readFile } from 'node:fs/promises';
import { describe, expect, it } from 'vitest';
import { z } from 'zod';
import { printSchema } from '../../src/config/print-schema.ts';
import { SECRETS } from '../../src/config/secrets.ts';

/** As much of JSON Schema as the printed one uses. */
interface Schema {
  $ref?: string | undefined;
  anyOf?: Schema[] | undefined;
  oneOf?: Schema[] | undefined;
  allOf?: Schema[] | undefined;
  properties?: Record<string, Schema> | undefined;
  items?: Schema | undefined;
  additionalProperties?: Schema | boolean | undefined;
}
const Schema: z.ZodType<Schema> = z.looseObject({
  $ref: z.string().optional(),
  anyOf: z.array(z.lazy(() => Schema)).optional(),
  oneOf: z.array(z.lazy(() => Schema)).optional(),
  allOf: z.array(z.lazy(() => Schema)).optional(),
  properties: z
    .record(
      z.string(),
      z.lazy(() => Schema),
    )
    .optional(),
  items: z.lazy(() => Schema).optional(),
  additionalProperties: z.union([z.boolean(), z.lazy(() => Schema)]).optional(),
});
const Printed = Schema.and(z.object({ $defs: z.record(z.string(), Schema).default({}) }));

const ROOT = 'the file itself';
/** Its keys are those of gates in release documents. */
const ELSEWHERE = 'gatePresets.<name>';

/** Every key that may stand in `signalbox.yaml`, by the place it stands in. */
function keysByPlace(): Map<string, Set<string>> {
  const printed = Printed.parse(JSON.parse(printSchema('config')));
  const found = new Map<string, Set<string>>();
  const walk = (schema: Schema, place: string): void => {
    if (place.startsWith(ELSEWHERE)) return;
    const named = schema.$ref?.split('/').at(-1);
    if (named !== undefined) walk(printed.$defs[named] ?? {}, place);
    for (const part of [...(schema.anyOf ?? []), ...(schema.oneOf ?? []), ...(schema.allOf ?? [])]) {
      walk(part, place);
    }
    for (const [key, value] of Object.entries(schema.properties ?? {})) {
      found.set(place, (found.get(place) ?? new Set()).add(key));
      walk(value, place === ROOT ? key : `${place}.${key}`);
    }
    if (schema.items) walk(schema.items, `${place}[]`);
    const { additionalProperties: any } = schema;
    if (typeof any === 'object') walk(any, `${place}.<name>`);
  };
  walk(printed, ROOT);
  return found;
}

const readme = await readFile(new URL('../../README.md', import.meta.url), 'utf8');

/** The rows of the table of settings: place to what is said of it. */
function rows(): Map<string, string> {
  const [, section = ''] = /^## Settings\n([\s\S]*?)^## /m.exec(readme) ?? [];
  const table = [...section.matchAll(/^\| (.+?) \| (.+) \|$/gm)].slice(1);
  return new Map(table.map(([, place = '', keys = '']) => [/^`([^`]+)`/.exec(place)?.[1] ?? place, keys]));
}

const isSaid = (text: string, key: string): boolean => text.includes(`\`${key}\``);

describe('the settings in the README', () => {
  const known = keysByPlace();

  it('name every key of signalbox.yaml where it stands', () => {
    const table = rows();
    const missing = [...known].flatMap(([place, keys]) =>
      [...keys].filter((key) => !isSaid(table.get(place) ?? '', key)).map((key) => `${place}: ${key}`),
    );
    expect(missing).toEqual([]);
    expect(known.size).toBeGreaterThan(15);
  });

  it('name no place that signalbox.yaml does not have', () => {
    expect([...rows().keys()].filter((place) => place !== ELSEWHERE && !known.has(place))).toEqual([]);
  });

  it('name every secret with a name of its own', () => {
    expect(SECRETS.map(({ name }) => name).filter((name) => !isSaid(readme, name))).toEqual([]);
  });
});
