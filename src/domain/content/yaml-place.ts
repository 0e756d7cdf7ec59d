import {
  type Document,
  isAlias,
  isMap,
  isScalar,
  isSeq,
  type Pair,
  type Scalar,
  visit,
  type YAMLMap,
  type YAMLSeq,
} from 'yaml';
import type { OwnedKey } from '../content.ts';
import { isKustomizeImage, isSelector, listKeyFor, pickItem } from './list-item.ts';
import type { OwnedValue } from './scalar-text.ts';

/** The deepest thing that exists on the way to a value that does not. */
export type Gap =
  | { kind: 'map'; map: YAMLMap }
  | { kind: 'list'; list: YAMLSeq }
  /** A key without a value, such as `image:`. */
  | { kind: 'key'; map: YAMLMap; pair: Pair; value: Scalar }
  /** A document with nothing in it. */
  | { kind: 'document' };

/** Where a path leads. Offsets count from the start of the text. */
export type Place =
  | { kind: 'value'; document: Document.Parsed; map: YAMLMap; pair: Pair; value: OwnedValue }
  /** Absent, and can be made: `rest` is what is missing, the value's own key last. */
  | { kind: 'gap'; document: Document.Parsed; gap: Gap; rest: readonly string[] }
  | { kind: 'refused'; message: string; offset: number };

interface Walk {
  document: Document.Parsed;
  /** Anchors that an alias of the document refers to. */
  shared: ReadonlySet<string>;
  /** Whether an item that is not in its list may be made. */
  mayMakeItem: boolean;
}

/**
 * Follows the path of an owned key through the documents of a file. Refused are paths through anything but maps and named list
 * items, and values that an anchor shares with other places: a release owns one value, not all that repeat it.
 */
export function findPlace(
  documents: readonly Document.Parsed[],
  { file, path }: Pick<OwnedKey, 'file' | 'path'>,
): Place {
  const named = path[0]?.startsWith('#') ? path[0].slice(1) : undefined;
  const candidates = named === undefined ? documents : documents.filter((one) => nameOf(one) === named);
  const [document] = candidates;
  if (document === undefined) return refused(`there is no ${named} in this file`);
  if (candidates.length > 1) {
    return refused(
      named
        ? `${named} is in this file twice`
        : 'this file holds several documents: say which, as #Kind/name',
    );
  }
  const rest = named === undefined ? path : path.slice(1);
  const walk: Walk = { document, shared: sharedAnchors(document), mayMakeItem: isKustomizeImage(file, rest) };
  if (isNothing(document.contents)) return missing(walk, { kind: 'document' }, rest);
  return follow(walk, document.contents, rest);
}

/** The value at a place; null where there is none. */
export function valueIn(place: Place): OwnedValue {
  return place.kind === 'value' ? place.value : null;
}

function follow(walk: Walk, node: unknown, path: readonly string[]): Place {
  const obstacle = sharedWith(walk, node);
  if (obstacle) return obstacle;
  const [step, ...rest] = path;
  if (step === undefined) return refused('the path ends at a list item or a document, not at a value', node);
  if (isMap(node)) return followMap(walk, node, path);
  if (isSeq(node) && isSelector(step)) {
    const picked = pickItem(node.items.filter(isMap), step, walk.mayMakeItem);
    if (picked.kind === 'several') return refused(`the list holds ${step} twice`, node);
    if (picked.kind === 'none') return missing(walk, { kind: 'list', list: node }, path, node);
    return follow(walk, picked.item, rest);
  }
  return refused(`there is no map with the key ${step} here`, node);
}

function followMap(walk: Walk, map: YAMLMap, path: readonly string[]): Place {
  const key = listKeyFor(map, path);
  const pair = map.items.find((item) => String(isScalar(item.key) ? item.key.value : item.key) === key);
  if (pair === undefined) return missing(walk, { kind: 'map', map }, path, map);
  const rest = path.slice(1);
  if (rest.length === 0) return valueAt(walk, map, pair);
  if (isScalar(pair.value) && isNothing(pair.value)) {
    return missing(walk, { kind: 'key', map, pair, value: pair.value }, rest, pair.key);
  }
  return follow(walk, pair.value, rest);
}

function valueAt(walk: Walk, map: YAMLMap, pair: Pair): Place {
  const node = isAlias(pair.value) ? pair.value.resolve(walk.document) : pair.value;
  const found = { kind: 'value', document: walk.document, map, pair } as const;
  if (node === null || node === undefined) return { ...found, value: null };
  if (!isScalar(node)) return refused('there is a map or a list where a single value is expected', pair.key);
  const { value } = node;
  if (typeof value === 'number' && !isExact(value)) {
    return refused('this number is too long to be kept exactly: quote it', node);
  }
  if (
    value !== null &&
    typeof value !== 'string' &&
    typeof value !== 'number' &&
    typeof value !== 'boolean'
  ) {
    return refused('this is not text, a number, true or false', node);
  }
  const obstacle = node === pair.value ? sharedWith(walk, node) : undefined;
  return obstacle ?? { ...found, value };
}

/** An integer beyond this loses digits in a double, and a rollback would write another one back. */
function isExact(value: number): boolean {
  return Number.isFinite(value) && (!Number.isInteger(value) || Number.isSafeInteger(value));
}

function missing(walk: Walk, gap: Gap, rest: readonly string[], node?: unknown): Place {
  const selector = rest.find(isSelector);
  if (selector !== undefined && !walk.mayMakeItem) return refused(`no list item has ${selector}`, node);
  return { kind: 'gap', document: walk.document, gap, rest };
}

function sharedWith(walk: Walk, node: unknown): Place | undefined {
  if (isAlias(node)) return refused(`this is shared by the anchor &${node.source}: write it out first`, node);
  if ((isMap(node) || isSeq(node) || isScalar(node)) && node.anchor && walk.shared.has(node.anchor)) {
    return refused(`this is shared by the anchor &${node.anchor}: write it out first`, node);
  }
  return undefined;
}

function sharedAnchors(document: Document.Parsed): Set<string> {
  const anchors = new Set<string>();
  visit(document, { Alias: (_, alias) => void anchors.add(alias.source) });
  return anchors;
}

function nameOf(document: Document.Parsed): string | undefined {
  if (!isMap(document.contents)) return undefined;
  return `${document.get('kind')}/${document.getIn(['metadata', 'name'])}`;
}

function isNothing(node: unknown): boolean {
  return node === null || node === undefined || (isScalar(node) && node.value === null);
}

function refused(message: string, node?: unknown): Place {
  const range = isAlias(node) || isMap(node) || isSeq(node) || isScalar(node) ? node.range : undefined;
  return { kind: 'refused', message, offset: range?.[0] ?? 0 };
}
