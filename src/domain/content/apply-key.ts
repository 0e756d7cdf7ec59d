import { type Document, Scalar } from 'yaml';
import type { OwnedKey } from '../content.ts';
import { isSelector, splitSelector } from './list-item.ts';
import type { OwnedValue } from './scalar-text.ts';
import { findPlace } from './yaml-place.ts';

/** Sets an owned key in parsed documents, where only values count and not how they are written. Does nothing where it cannot. */
export function applyKey(documents: readonly Document.Parsed[], key: OwnedKey): void {
  const place = findPlace(documents, key);
  if (place.kind === 'value') {
    if (key.value === null) place.map.items = place.map.items.filter((pair) => pair !== place.pair);
    else place.pair.value = new Scalar(key.value);
  }
  if (place.kind !== 'gap' || key.value === null) return;
  const { document, gap, rest } = place;
  switch (gap.kind) {
    case 'map':
      gap.map.set(rest[0], document.createNode(nested(rest.slice(1), key.value)));
      break;
    case 'list':
      gap.list.add(document.createNode(itemOf(rest, key.value)));
      break;
    case 'key':
      gap.pair.value = document.createNode(nested(rest, key.value));
      break;
    case 'document':
      document.contents = document.createNode(nested(rest, key.value)) as Document.Parsed['contents'];
      break;
  }
}

function nested([step, ...rest]: readonly string[], value: OwnedValue): unknown {
  if (step === undefined) return value;
  return isSelector(step) ? [itemOf([step, ...rest], value)] : { [step]: nested(rest, value) };
}

function itemOf([selector = '', ...rest]: readonly string[], value: OwnedValue): Record<string, unknown> {
  const [key, name] = splitSelector(selector);
  const [last = ''] = rest;
  return { [key]: name, [last]: nested(rest.slice(1), value) };
}
