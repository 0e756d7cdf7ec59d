import { z } from 'zod';
import { alternatives, asSchema, type JsonSchema } from './json-schema.ts';
import { own } from './own.ts';

/** In which order the keys of a document stand: that of its schema, which is the order people explain it in. */
export interface KeyOrder {
  /** Known keys of the map; the others stay where they are. Absent: no map, or one whose keys people choose. */
  keys?: readonly string[];
  /** The order inside of known keys. */
  inside?: Readonly<Record<string, KeyOrder>>;
  /** The order inside of every other key, or of every entry of a list. */
  each?: KeyOrder;
}

/** The order of the keys of documents of a schema. */
export function keyOrder(schema: z.ZodType): KeyOrder {
  return orderOf(z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' })) ?? {};
}

/** The order inside a value that stands under a key, or in a list. */
export function orderAt(order: KeyOrder | undefined, key: string | undefined): KeyOrder | undefined {
  const known = key === undefined ? undefined : own(order?.inside ?? {}, key);
  return known ?? order?.each;
}

/** Absent where nothing has an order. */
function orderOf(schema: JsonSchema): KeyOrder | undefined {
  const all = alternatives(schema);
  const properties = all.flatMap((one) => Object.entries(asSchema(one['properties']) ?? {}));
  const keys = [...new Set(properties.map(([key]) => key))];
  const inside = properties.flatMap(([key, one]): [string, KeyOrder][] => {
    const order = orderOf(asSchema(one) ?? {});
    return order ? [[key, order]] : [];
  });
  const each = all
    .flatMap((one) => [asSchema(one['items']), asSchema(one['additionalProperties'])])
    .flatMap((one) => (one && orderOf(one)) ?? [])[0];
  if (keys.length === 0 && each === undefined) return undefined;
  return {
    ...(keys.length > 0 && { keys }),
    ...(inside.length > 0 && { inside: Object.fromEntries(inside) }),
    ...(each && { each }),
  };
}
