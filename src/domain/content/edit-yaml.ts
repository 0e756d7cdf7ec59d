import { type Document, Scalar, visit } from 'yaml';
import type { OwnedKey } from '../content.ts';
import { applyKey } from './apply-key.ts';
import { isSelector } from './list-item.ts';
import type { OwnedValue } from './scalar-text.ts';
import { applySplices, insertValue, removePair, replaceValue, type Splice } from './splice-yaml.ts';
import { parseDocuments, type YamlDocuments } from './yaml-documents.ts';
import { findPlace, type Place, valueIn } from './yaml-place.ts';

/** What an edit came to. Lines and columns count from 1. */
export type Edited =
  | { kind: 'edited'; text: string; before: OwnedKey[] }
  | { kind: 'refused'; faults: { message: string; line: number; column: number }[] };

/**
 * Sets owned keys in the text of a file and tells what was there, in the same order. Nothing but the values moves: the text is
 * cut and joined around them, so comments, order, quotes and blank lines stay as people wrote them, and a diff shows what changed.
 * The result is read again and compared with the same change made on the values; where the two differ, nothing is written.
 * `parsed` is the text's parse where the caller has it already; it is changed on the way.
 */
export function editYaml(text: string, keys: readonly OwnedKey[], parsed?: YamlDocuments): Edited {
  const file = parsed ?? parseDocuments(text);
  const faults = [...syntaxFaults(file), ...pathFaults(file, keys)];
  if (faults.length > 0) return { kind: 'refused', faults };
  const before = keys.map((key) => ({ ...key, value: valueIn(findPlace(file.documents, key)) }));
  const changes = keys.filter((key, index) => key.value !== before[index]?.value);
  if (changes.length === 0) return { kind: 'edited', text, before };
  const edited = rewrite(text, changes, file);
  for (const key of changes) applyKey(file.documents, key);
  if (edited !== undefined && isSameValue(edited, file.documents))
    return { kind: 'edited', text: edited, before };
  const message = `this file is written in a way that cannot be edited safely: write ${pathText(changes[0])} in plain block style`;
  return { kind: 'refused', faults: [{ message, line: 1, column: 1 }] };
}

/** A path for people: `spec.template` and list items in brackets. */
export function pathText(key: Pick<OwnedKey, 'path'> | undefined): string {
  return (key?.path ?? []).reduce(
    (out, step) => (isSelector(step) ? `${out}[${step}]` : out ? `${out}.${step}` : step),
    '',
  );
}

function syntaxFaults({ documents, position }: YamlDocuments) {
  return documents.flatMap((document) =>
    document.errors.map((error) => ({ message: firstLine(error.message), ...position(error.pos[0]) })),
  );
}

function pathFaults({ documents, position }: YamlDocuments, keys: readonly OwnedKey[]) {
  return keys.flatMap((key) => {
    const place = findPlace(documents, key);
    if (place.kind === 'refused')
      return [{ message: `${pathText(key)}: ${place.message}`, ...position(place.offset) }];
    const other = keys.find((one) => one.value !== key.value && samePath(one, key));
    return other
      ? [{ message: `${pathText(key)} would have to be two things at once`, line: 1, column: 1 }]
      : [];
  });
}

/**
 * Rounds of cuts that don't touch each other, each on the text of the round before. First what is set, then what is removed, so
 * that no map is ever empty on the way.
 */
function rewrite(text: string, keys: readonly OwnedKey[], parsed: YamlDocuments): string | undefined {
  let current: string | undefined = text;
  let file: YamlDocuments | undefined = parsed;
  for (const wanted of [keys.filter((key) => key.value !== null), keys.filter((key) => key.value === null)]) {
    let left: readonly OwnedKey[] = wanted;
    while (left.length > 0 && current !== undefined) {
      const round = planRound(current, left, file ?? parseDocuments(current));
      current = round && applySplices(current, round.splices);
      file = undefined;
      left = round?.later ?? [];
    }
  }
  return current;
}

function planRound(
  text: string,
  keys: readonly OwnedKey[],
  { documents }: YamlDocuments,
): { splices: Splice[]; later: OwnedKey[] } | undefined {
  const splices: Splice[] = [];
  const later: OwnedKey[] = [];
  const taken = new Map<unknown, unknown>();
  for (const key of keys) {
    const place = findPlace(documents, key);
    if (place.kind === 'refused') return undefined;
    if (valueIn(place) === key.value) continue;
    const splice = spliceFor(text, place, key.value);
    if (splice === undefined) return undefined;
    const [mark, owner] = markOf(place, key);
    if ((taken.get(splice.from) ?? owner) !== owner || taken.has(mark)) {
      later.push(key);
      continue;
    }
    taken.set(splice.from, owner).set(mark, owner);
    splices.push(splice);
  }
  return { splices, later };
}

/**
 * What a cut changes besides its own characters, and whose it is. Two cuts with one mark go in different rounds, and so do cuts at
 * one place that belong to different collections: the inner one comes first.
 */
function markOf(place: Exclude<Place, { kind: 'refused' }>, key: OwnedKey): [mark: unknown, owner: unknown] {
  if (place.kind === 'value') return [key.value === null ? place.map : place.pair, place.map];
  const missing = key.path.slice(0, key.path.length - place.rest.length + 1).join('\0');
  const collection =
    place.gap.kind === 'map' ? place.gap.map : place.gap.kind === 'list' ? place.gap.list : undefined;
  const isBlock = collection !== undefined && !collection.flow && collection.items.length > 0;
  return [missing, isBlock ? collection : missing];
}

function spliceFor(
  text: string,
  place: Exclude<Place, { kind: 'refused' }>,
  value: OwnedValue,
): Splice | undefined {
  if (place.kind === 'gap') return insertValue(text, { gap: place.gap, rest: place.rest, value });
  return value === null ? removePair(text, place.map, place.pair) : replaceValue(text, place.pair, value);
}

/** Aliases are compared by name, unexpanded: a file that repeats itself a million times is no larger than it looks. */
function isSameValue(text: string, documents: readonly Document.Parsed[]): boolean {
  return (
    JSON.stringify(parseDocuments(text).documents.map(plainValue)) ===
    JSON.stringify(documents.map(plainValue))
  );
}

function plainValue(document: Document.Parsed): unknown {
  visit(document, { Alias: (_, alias) => new Scalar(`*${alias.source}`) });
  return document.toJS();
}

function firstLine(text: string): string {
  return text.split('\n')[0]?.replace(/ at line \d+, column \d+:$/, '') ?? text;
}

function samePath(a: OwnedKey, b: OwnedKey): boolean {
  return a.path.length === b.path.length && a.path.every((step, index) => step === b.path[index]);
}
