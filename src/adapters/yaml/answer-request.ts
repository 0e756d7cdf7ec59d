import { isMap, isScalar, isSeq } from 'yaml';
import { editYaml } from '../../domain/content/edit-yaml.ts';
import { formatYaml } from '../../domain/content/format-yaml.ts';
import { composeDocuments, type YamlDocuments } from '../../domain/content/yaml-documents.ts';
import type { OwnedKey } from '../../domain/content.ts';
import type { KeyOrder } from '../../domain/document/key-order.ts';
import type { YamlEdited, YamlFault, YamlFormatted } from '../../ports/yaml.ts';
import { checkNodes } from './check-nodes.ts';
import { guardTokens, type TextKind } from './guard-tokens.ts';
import { MAX_ALIASES, MAX_BYTES, MAX_FAULTS } from './limits.ts';

/** What is asked of the reading process. */
export type YamlRequest =
  | { ask: 'read'; text: string }
  | { ask: 'readAll'; text: string }
  | { ask: 'edit'; text: string; keys: readonly OwnedKey[] }
  | { ask: 'format'; text: string; order: KeyOrder };

/**
 * Line and column, from 1, of every value, in the order in which `Object.keys` goes through them: a map or list, then what is in
 * it. A flat list, because it is as long as the text and passes from process to process.
 */
export type Places = readonly number[];

export type YamlAnswer =
  | { kind: 'read'; value: unknown; places: Places }
  | { kind: 'readAll'; values: unknown[] }
  | YamlEdited
  | YamlFormatted;

/** Answers a request from its text alone. May take long or exhaust memory on a hostile text: it runs in a process that may die. */
export function answerRequest(request: YamlRequest): YamlAnswer {
  if (Buffer.byteLength(request.text) > MAX_BYTES) return refused([tooLong()]);
  try {
    return answer(request);
  } catch (error) {
    const message = error instanceof Error ? oneLine(error.message) : String(error);
    return refused([{ message: `cannot be read: ${message}`, line: 1, column: 1 }]);
  }
}

function answer(request: YamlRequest): YamlAnswer {
  switch (request.ask) {
    case 'read':
      return read(request.text);
    case 'readAll':
      return readAll(request.text);
    case 'edit':
      return edit(request.text, request.keys);
    case 'format':
      return format(request.text, request.order);
  }
}

/** The fault of a text beyond the limit. */
export function tooLong(): YamlFault {
  return { message: `longer than ${MAX_BYTES / 1024} KiB`, line: 1, column: 1 };
}

function read(text: string): YamlAnswer {
  const opened = open(text, 'document');
  if (opened.kind === 'refused') return opened;
  const [document] = opened.file.documents;
  if (document === undefined) return { kind: 'read', value: null, places: [1, 1] };
  const warnings = document.warnings.map((warning) => ({
    message: oneLine(warning.message),
    ...opened.file.position(warning.pos[0]),
  }));
  if (warnings.length > 0) return refused(warnings);
  const value: unknown = document.toJS({ maxAliasCount: 0 });
  const places: number[] = [];
  tellPlaces(places, opened.file, { node: document.contents, value });
  return { kind: 'read', value, places };
}

function readAll(text: string): YamlAnswer {
  const opened = open(text, 'kept', { merge: true });
  if (opened.kind === 'refused') return opened;
  const values = opened.file.documents.map((document) => document.toJS({ maxAliasCount: MAX_ALIASES }));
  return { kind: 'readAll', values };
}

function edit(text: string, keys: readonly OwnedKey[]): YamlAnswer {
  const opened = open(text, 'kept');
  return opened.kind === 'refused' ? opened : editYaml(text, keys, opened.file);
}

function format(text: string, order: KeyOrder): YamlAnswer {
  const opened = open(text, 'document');
  return opened.kind === 'refused' ? opened : formatYaml(text, order);
}

type Opened = { kind: 'open'; file: YamlDocuments } | { kind: 'refused'; faults: YamlFault[] };

function open(text: string, kind: TextKind, options: { merge?: boolean } = {}): Opened {
  const guarded = guardTokens(text, kind);
  if (guarded.faults.length > 0) return refused(guarded.faults);
  const file = composeDocuments({ ...guarded, length: text.length }, options);
  const faults = file.documents.flatMap((document) => [
    ...document.errors.map((error) => ({ message: oneLine(error.message), ...file.position(error.pos[0]) })),
    ...checkNodes(document).map(({ message, offset }) => ({ message, ...file.position(offset) })),
  ]);
  return faults.length > 0 ? refused(faults) : { kind: 'open', file };
}

/** What stands behind a key stands where the key does. */
function tellPlaces(
  places: number[],
  file: YamlDocuments,
  { node, value, at = node }: { node: unknown; value: unknown; at?: unknown },
): void {
  const { line, column } = file.position(offsetOf(at));
  places.push(line, column);
  if (isSeq(node)) {
    for (const [index, item] of node.items.entries())
      tellPlaces(places, file, { node: item, value: (value as unknown[])[index] });
  } else if (isMap(node)) {
    const pairs = new Map(node.items.map((pair) => [nameOf(pair.key), pair]));
    for (const [name, inner] of Object.entries(value as object)) {
      const pair = pairs.get(name);
      tellPlaces(places, file, { node: pair?.value, value: inner, at: pair?.key });
    }
  }
}

function offsetOf(node: unknown): number {
  return ((isMap(node) || isSeq(node) || isScalar(node)) && node.range?.[0]) || 0;
}

function nameOf(key: unknown): string {
  return String(isScalar(key) ? key.value : key);
}

function refused(faults: YamlFault[]): { kind: 'refused'; faults: YamlFault[] } {
  return { kind: 'refused', faults: faults.slice(0, MAX_FAULTS) };
}

/** The library adds the place and a drawing of the line; the place is told beside the message. */
function oneLine(message: string): string {
  return (message.split('\n')[0] ?? message).replace(/ at line \d+, column \d+:?$/, '');
}
