import { isMap, isScalar, stringify } from 'yaml';
import { parseDocuments } from '../content/yaml-documents.ts';
import type { ServiceName } from '../ids.ts';

/** A new entry as it is written; whether it is one, the catalog's own reader says. */
export type NewEntry = Readonly<Record<string, unknown>>;

export type EntryAdded = { kind: 'added'; text: string } | { kind: 'refused'; says: string };

/** Puts an entry behind the last one of a catalog. Every other character of the text stays as it is, comments too. */
export function addEntry(text: string, name: ServiceName, entry: NewEntry): EntryAdded {
  const [document] = parseDocuments(text).documents;
  if (document === undefined || document.errors.length > 0)
    return { kind: 'refused', says: 'it cannot be read: signalbox validate says where' };
  const services = document.get('services', true);
  if (!isMap(services) || !services.range)
    return { kind: 'refused', says: 'it has no services: it needs a line "services:" with entries below' };
  if (services.has(name)) return { kind: 'refused', says: `it has ${name} already` };
  const [start, end] = services.range;
  if (services.items.length === 0) {
    const block = `\n${entryText(name, entry, 2)}`.trimEnd();
    return { kind: 'added', text: `${text.slice(0, start).trimEnd()}${block}${text.slice(end)}` };
  }
  if (services.flow)
    return { kind: 'refused', says: 'its services stand in braces: put each on lines of its own' };
  const [first] = services.items;
  const offset = isScalar(first?.key) ? (first.key.range?.[0] ?? start) : start;
  const indent = offset - (text.lastIndexOf('\n', offset - 1) + 1);
  const at = endOfLine(text, end);
  const before = text.slice(0, at);
  const glue = before.endsWith('\n') ? '' : '\n';
  return { kind: 'added', text: `${before}${glue}${entryText(name, entry, indent)}${text.slice(at)}` };
}

/** A comment behind the last value belongs to its line. */
function endOfLine(text: string, end: number): number {
  if (text[end - 1] === '\n') return end;
  const next = text.indexOf('\n', end);
  return next < 0 ? text.length : next + 1;
}

function entryText(name: ServiceName, entry: NewEntry, indent: number): string {
  const lines = stringify({ [name]: entry }, { aliasDuplicateObjects: false, lineWidth: 0 })
    .trimEnd()
    .split('\n');
  return `${lines.map((line) => `${' '.repeat(indent)}${line}`).join('\n')}\n`;
}
