import { isMap, isNode, isPair, isScalar, isSeq, type Pair, Scalar, type YAMLMap, type YAMLSeq } from 'yaml';
import { splitSelector } from './list-item.ts';
import { type OwnedValue, type ScalarStyle, scalarText } from './scalar-text.ts';
import type { Gap } from './yaml-place.ts';

/** A piece of a text to put in the place of another; `from` and `to` count characters from the start. */
export interface Splice {
  from: number;
  to: number;
  text: string;
}

/** How far a new level is indented, in spaces: what kustomize and Helm write. */
const STEP = 2;

/** A value to make: what of its path is missing, and what it shall be. */
interface Missing {
  rest: readonly string[];
  value: OwnedValue;
}

/** Applies splices that do not overlap; those at the same place in the order given. */
export function applySplices(text: string, splices: readonly Splice[]): string {
  const backwards = splices.map((splice, index) => ({ ...splice, index }));
  backwards.sort((a, b) => b.from - a.from || b.index - a.index);
  return backwards.reduce(
    (out, { from, to, text: piece }) => out.slice(0, from) + piece + out.slice(to),
    text,
  );
}

/** Puts another value where one stands, in the style of the old one; all else on the line stays. */
export function replaceValue(text: string, pair: Pair, value: OwnedValue): Splice | undefined {
  const node = pair.value;
  const range = rangeOf(node);
  if (range === undefined) return undefined;
  const [from, to] = range;
  const isBlock = isScalar(node) && (node.type === 'BLOCK_FOLDED' || node.type === 'BLOCK_LITERAL');
  const before = from === to && text[from - 1] === ':' ? ' ' : '';
  const after = isBlock ? eolOf(text) : from === to && text[to] === '#' ? ' ' : '';
  return { from, to, text: before + scalarText(value, styleOf(node)) + after };
}

/** Takes a pair out, with its line where it has one of its own; a map that loses its last pair becomes `{}`. */
export function removePair(text: string, map: YAMLMap, pair: Pair): Splice | undefined {
  const from = rangeOf(pair.key)?.[0];
  const to = endOf(pair);
  if (from === undefined || to === undefined) return undefined;
  const index = map.items.indexOf(pair);
  const next = rangeOf(map.items[index + 1]?.key)?.[0];
  const previous = index > 0 ? endOf(map.items[index - 1]) : undefined;
  if (map.items.length === 1) return { from, to: lineContentEnd(text, to), text: map.flow ? '' : '{}' };
  if (map.flow)
    return next === undefined ? { from: previous ?? from, to, text: '' } : { from, to: next, text: '' };
  const lineStart = text.lastIndexOf('\n', from - 1) + 1;
  if (text.slice(lineStart, from).trim() === '') return { from: lineStart, to: lineEnd(text, to), text: '' };
  return next === undefined ? undefined : { from, to: next, text: '' };
}

/** Makes a value that is absent, with the maps and the list item on the way to it. */
export function insertValue(text: string, { gap, rest, value }: Missing & { gap: Gap }): Splice | undefined {
  switch (gap.kind) {
    case 'map':
      return insertIntoMap(text, gap.map, { rest, value });
    case 'list':
      return insertIntoList(text, gap.list, { rest, value });
    case 'key':
      return insertUnderKey(text, gap, { rest, value });
    case 'document':
      return insertLines(text, text.length, blockLines(rest, value));
  }
}

function insertIntoMap(text: string, map: YAMLMap, missing: Missing): Splice | undefined {
  const last = map.items.at(-1);
  if (map.flow || last === undefined) return insertIntoFlow(map, flowText(missing));
  const column = columnOf(text, map.items[0]?.key);
  const end = endOf(last);
  if (column === undefined || end === undefined) return undefined;
  return insertLines(text, end, indented(blockLines(missing.rest, missing.value), column));
}

function insertIntoList(text: string, list: YAMLSeq, missing: Missing): Splice | undefined {
  const last = list.items.at(-1);
  if (list.flow || last === undefined) return insertIntoFlow(list, `{${flowText(missing)}}`);
  const end = endOf(last);
  const start = list.range?.[0];
  if (end === undefined || start === undefined) return undefined;
  return insertLines(text, end, indented(blockLines(missing.rest, missing.value), columnAt(text, start)));
}

function insertUnderKey(
  text: string,
  gap: Extract<Gap, { kind: 'key' }>,
  missing: Missing,
): Splice | undefined {
  const range = gap.value.range;
  const column = columnOf(text, gap.pair.key);
  if (!range || column === undefined) return undefined;
  const isWritten = range[0] !== range[1];
  if (gap.map.flow || isWritten) {
    return { from: range[0], to: range[1], text: `${isWritten ? '' : ' '}{${flowText(missing)}}` };
  }
  return insertLines(text, range[1], indented(blockLines(missing.rest, missing.value), column + STEP));
}

function insertIntoFlow(collection: YAMLMap | YAMLSeq, piece: string): Splice | undefined {
  const range = collection.range;
  if (!range) return undefined;
  const last = collection.items.at(-1);
  if (last === undefined) return { from: range[1] - 1, to: range[1] - 1, text: piece };
  const end = endOf(last);
  return end === undefined ? undefined : { from: end, to: end, text: `, ${piece}` };
}

/** `a.b = v` as `a:` and, deeper, `b: v`; a selector as a list item that holds its pair first. */
function blockLines([step = '', ...rest]: readonly string[], value: OwnedValue): string[] {
  if (rest.length === 0) return [`${scalarText(step)}: ${scalarText(value)}`];
  const inner = blockLines(rest, value);
  if (!step.includes('=')) return [`${scalarText(step)}:`, ...indented(inner, STEP)];
  const [key, name] = splitSelector(step);
  return [`- ${scalarText(key)}: ${scalarText(name)}`, ...indented(inner, STEP)];
}

function flowText({ rest: [step = '', ...rest], value }: Missing): string {
  if (rest.length === 0) return `${scalarText(step)}: ${scalarText(value)}`;
  const inner = flowText({ rest, value });
  if (!step.includes('='))
    return `${scalarText(step)}: ${rest[0]?.includes('=') ? `[{${inner}}]` : `{${inner}}`}`;
  const [key, name] = splitSelector(step);
  return `${scalarText(key)}: ${scalarText(name)}, ${inner}`;
}

function insertLines(text: string, end: number, lines: readonly string[]): Splice {
  const at = lineEnd(text, end);
  const eol = eolOf(text);
  const opensLine = at > 0 && text[at - 1] !== '\n' ? eol : '';
  return { from: at, to: at, text: opensLine + lines.map((line) => line + eol).join('') };
}

function indented(lines: readonly string[], columns: number): string[] {
  return lines.map((line) => ' '.repeat(columns) + line);
}

/** Just after the line that `offset` stands on; `offset` itself when a line has just ended there. */
function lineEnd(text: string, offset: number): number {
  if (offset > 0 && text[offset - 1] === '\n') return offset;
  const end = text.indexOf('\n', offset);
  return end === -1 ? text.length : end + 1;
}

/** Without the line break that a block scalar's range takes in. */
function lineContentEnd(text: string, offset: number): number {
  return offset - (text.slice(0, offset).match(/\r?\n$/)?.[0].length ?? 0);
}

function columnOf(text: string, node: unknown): number | undefined {
  const start = rangeOf(node)?.[0];
  return start === undefined ? undefined : columnAt(text, start);
}

function columnAt(text: string, offset: number): number {
  return offset - (text.lastIndexOf('\n', offset - 1) + 1);
}

/** Where the last character of a value or of a pair stands. A block collection's own range may reach into the next line. */
function endOf(node: unknown): number | undefined {
  if (isPair(node)) return endOf(node.value) ?? rangeOf(node.key)?.[1];
  const last = (isMap(node) || isSeq(node)) && !node.flow ? node.items.at(-1) : undefined;
  return last === undefined ? rangeOf(node)?.[1] : endOf(last);
}

function rangeOf(node: unknown): readonly [number, number, number] | undefined {
  return (isNode(node) && node.range) || undefined;
}

function styleOf(node: unknown): ScalarStyle {
  if (!isScalar(node)) return 'plain';
  if (node.type === Scalar.QUOTE_SINGLE) return 'single';
  return node.type === Scalar.QUOTE_DOUBLE ? 'double' : 'plain';
}

function eolOf(text: string): string {
  return /\r\n/.test(text) ? '\r\n' : '\n';
}
