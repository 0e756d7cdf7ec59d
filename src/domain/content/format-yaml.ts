import {
  type Document,
  isMap,
  isScalar,
  isSeq,
  type Pair,
  Parser,
  Scalar,
  type YAMLMap,
  type YAMLSeq,
} from 'yaml';
import { canonicalHash } from '../document/canonical-hash.ts';
import { type KeyOrder, orderAt } from '../document/key-order.ts';
import { parseDocuments } from './yaml-documents.ts';

/** What formatting came to. Lines and columns count from 1. */
export type Formatted =
  | { kind: 'formatted'; text: string }
  | { kind: 'refused'; faults: { message: string; line: number; column: number }[] };

/** Characters of a line of folded text, as in the editors' usual guide. */
const FOLD_AT = 100;

/** Rounds until nothing moves any more: a comment can end up where the next reading takes it for another line's. */
const MOST_ROUNDS = 4;

/**
 * One document in one order and layout: known keys in the order given, two spaces a level, double quotes where quotes are needed, one
 * empty line where there were several, brackets around lists and maps only where they stand on one line. Every comment goes with what
 * it stands before. The result is read again: where it would say something else, or miss a comment, nothing is changed. The text has
 * been found free of faults.
 */
export function formatYaml(text: string, order: KeyOrder): Formatted {
  let current = text;
  for (let round = 0; round < MOST_ROUNDS; round += 1) {
    const next = written(current, order);
    if (next === current) return saysTheSame(text, next) ? { kind: 'formatted', text: next } : refused();
    current = next;
  }
  return refused();
}

function written(text: string, order: KeyOrder): string {
  const [document] = parseDocuments(text).documents;
  if (document === undefined || document.contents === null || isEmptyScalar(document.contents)) return text;
  if (document.directives) document.directives.docStart = null;
  foldTexts(document);
  headOfFile(document.contents);
  arrange(document.contents, order, text);
  return document.toString({ indent: 2, lineWidth: 0 });
}

/** Only what people fold (`>`) is folded: the library has one line width for everything, and would break queries. */
function foldTexts({ schema }: Document): void {
  schema.tags = schema.tags.map((tag) => {
    const write = tag.stringify;
    if (tag.tag !== 'tag:yaml.org,2002:str' || write === undefined) return tag;
    const stringify: typeof write = (item, context, ...rest) => {
      const isFolded = item.type === Scalar.BLOCK_FOLDED;
      const options = isFolded ? { ...context.options, lineWidth: FOLD_AT } : context.options;
      return write(item, { ...context, options }, ...rest);
    };
    return { ...tag, stringify };
  });
}

/** What is not written at all: it would be written as a null. */
function isEmptyScalar(node: unknown): boolean {
  return isScalar(node) && node.range?.[0] === node.range?.[1];
}

/** A comment at the head of a file is about the file, not about the key that happens to come first. */
function headOfFile(root: unknown): void {
  const key = isMap(root) ? root.items[0]?.key : undefined;
  if (!isMap(root) || !isScalar(key) || !key.commentBefore) return;
  root.commentBefore = key.commentBefore;
  key.commentBefore = null;
}

function refused(): Formatted {
  const message =
    'is written in a way that cannot be formatted without changing it: put comments on lines of their own';
  return { kind: 'refused', faults: [{ message, line: 1, column: 1 }] };
}

/** Formatting is for people: it must never decide anything. */
function saysTheSame(before: string, after: string): boolean {
  const [one, other] = [before, after].map(saidBy);
  return one !== undefined && one === other && commentsOf(before).join('\n') === commentsOf(after).join('\n');
}

function saidBy(text: string): string | undefined {
  const [document] = parseDocuments(text).documents;
  return document === undefined || document.errors.length > 0
    ? undefined
    : canonicalHash({ value: document.toJS({ maxAliasCount: 0 }) });
}

/** Every comment of a text, in an order that does not depend on where it stands. */
function commentsOf(text: string): string[] {
  const found: string[] = [];
  const collect = (token: unknown): void => {
    if (typeof token !== 'object' || token === null) return;
    if ('type' in token && token.type === 'comment' && 'source' in token)
      found.push(String(token.source).trim());
    for (const inner of Object.values(token)) collect(inner);
  };
  for (const token of new Parser().parse(text)) collect(token);
  return found.toSorted();
}

/** Puts a value in order, from the outside in: how deep it may be was measured before. */
function arrange(node: unknown, order: KeyOrder | undefined, text: string): void {
  if ((isMap(node) || isSeq(node)) && node.flow && node.items.length > 0) openUp(node, text);
  if (isScalar(node)) plainQuotes(node);
  if (isSeq(node)) {
    padded(node, '');
    for (const item of node.items) {
      if (isMap(item)) commentToFirst(item);
      arrange(item, orderAt(order, undefined), text);
    }
  }
  if (isMap(node)) arrangeMap(node, order, text);
}

function arrangeMap(map: YAMLMap, order: KeyOrder | undefined, text: string): void {
  padded(map, ' ');
  for (const pair of map.items) commentsToKeys(pair, text);
  const first = map.items[0];
  sortKnown(map, order?.keys ?? []);
  const moved = map.items[0];
  if (isScalar(moved?.key) && moved !== first) moved.key.spaceBefore = false;
  for (const { key, value } of map.items) {
    plainQuotes(key);
    arrange(value, orderAt(order, nameOf(key)), text);
  }
}

/**
 * The library takes every comment between a key and the map or list below it for one of the value. What stands on the key's own line
 * is about the key, and goes above it; what stands on the next lines is about the first thing there.
 */
function commentsToKeys({ key, value }: Pair, text: string): void {
  if (!isScalar(key) || !(isMap(value) || isSeq(value)) || value.flow) return;
  value.spaceBefore = false;
  const end = key.range?.[1] ?? 0;
  const newline = text.indexOf('\n', end);
  const restOfLine = text.slice(end, newline < 0 ? undefined : newline);
  if (value.commentBefore && restOfLine.includes('#')) {
    const [own = '', ...below] = value.commentBefore.split('\n');
    key.commentBefore = joined(key.commentBefore, own);
    value.commentBefore = below.length > 0 ? below.join('\n') : null;
  }
  if (isMap(value)) commentToFirst(value);
}

/** What stands before the first key of a map goes along with the key. */
function commentToFirst(map: YAMLMap): void {
  const key = map.items[0]?.key;
  if (!map.commentBefore || map.flow || !isScalar(key)) return;
  key.commentBefore = joined(map.commentBefore, key.commentBefore);
  map.commentBefore = null;
}

function joined(...comments: (string | null | undefined)[]): string {
  return comments.filter((one) => typeof one === 'string').join('\n');
}

/** A map or list in brackets over several lines is written without them: it would become one long line. */
function openUp(node: YAMLMap | YAMLSeq, text: string): void {
  const [start = 0, end = 0] = node.range ?? [];
  if (text.slice(start, end).includes('\n')) node.flow = false;
}

/** `{ a: 1 }` and `[1]`, as most people write them: the library has one setting for both. */
function padded(node: YAMLMap | YAMLSeq, padding: string): void {
  const write = node.toString.bind(node);
  node.toString = (context, ...rest) =>
    context === undefined ? write() : write({ ...context, flowCollectionPadding: padding }, ...rest);
}

/** Known keys in their order. A key that is not known stays with the known one it stands before; behind the last, it stays last. */
function sortKnown(map: YAMLMap, keys: readonly string[]): void {
  const rank = new Map(keys.map((key, at) => [key, at]));
  const groups: { at: number; pairs: Pair[] }[] = [];
  let waiting: Pair[] = [];
  for (const pair of map.items) {
    waiting.push(pair);
    const at = rank.get(nameOf(pair.key) ?? '');
    if (at === undefined) continue;
    groups.push({ at, pairs: waiting });
    waiting = [];
  }
  const sorted = groups.toSorted((a, b) => a.at - b.at).flatMap(({ pairs }) => pairs);
  map.items = [...sorted, ...waiting];
}

function plainQuotes(node: unknown): void {
  if (!isScalar(node) || node.type !== Scalar.QUOTE_SINGLE) return;
  // Queries and patterns read better without backslashes.
  if (!/["\\]/.test(String(node.value))) node.type = Scalar.QUOTE_DOUBLE;
}

function nameOf(key: unknown): string | undefined {
  return isScalar(key) ? String(key.value) : undefined;
}
