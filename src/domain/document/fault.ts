import { printable } from './shown.ts';

/** Where something stands in a text; both count from 1. */
export interface Place {
  line: number;
  column: number;
}

/** A value's path in its document: map keys and list indexes. */
export type Path = readonly (string | number)[];

/** Finds the place of a value by its path; absent when there is nothing at that path. */
export type Locate = (path: Path) => Place | undefined;

/** A document as it was read from a file, before anything is known about its shape. */
export interface SourceDocument {
  /** As people know it: `signalbox.yaml`, `catalog.yaml`, `releases/prod/release.yaml`. */
  file: string;
  value: unknown;
  locate: Locate;
}

/** Something wrong with a document, said so that a person can go there and mend it. */
export interface Fault {
  file: string;
  /** Path in words: `environments[0].channel`; empty for the document itself. */
  path: string;
  /** What is wrong, and what would be right. */
  says: string;
  /** Absent when the document's text is not at hand. */
  place?: Place;
  /** Id of the rule that asks for it; absent where the form alone does. */
  rule?: string;
}

/** A fault at a path. What is not there yet is shown at its nearest parent that is. */
export function faultAt(document: Pick<SourceDocument, 'file' | 'locate'>, path: Path, says: string): Fault {
  const place = nearestPlace(document.locate, path);
  return { file: document.file, path: pathInWords(path), says, ...(place && { place }) };
}

/** One line, in the form editors and terminals make a link of: `signalbox.yaml:12:5 environments[0].channel: is missing`. */
export function faultLine(fault: Fault): string {
  const place = fault.place ? `:${fault.place.line}:${fault.place.column}` : '';
  const path = fault.path ? ` ${fault.path}:` : '';
  return `${fault.file}${place}${path} ${fault.says}`;
}

/** How much of a key a path shows: names that documents may have are shorter. */
const MOST_OF_A_KEY = 80;

/** Keys joined by dots, indexes in brackets, keys that are no plain words in quotes and shortened where they are no names at all. */
export function pathInWords(path: Path): string {
  const words = path.map((step) => {
    if (typeof step === 'number') return `[${step}]`;
    const isPlain = step.length <= MOST_OF_A_KEY && /^[\w-]+$/.test(step);
    return isPlain ? `.${step}` : `["${printable(step, MOST_OF_A_KEY)}"]`;
  });
  return words.join('').replace(/^\./, '');
}

/** In the order of the file, so that a reader walks down once. */
export function inFileOrder(faults: readonly Fault[]): Fault[] {
  return faults.toSorted(
    (a, b) =>
      (a.place?.line ?? 0) - (b.place?.line ?? 0) ||
      (a.place?.column ?? 0) - (b.place?.column ?? 0) ||
      a.path.localeCompare(b.path, 'en'),
  );
}

function nearestPlace(locate: Locate, path: Path): Place | undefined {
  for (let length = path.length; length >= 0; length -= 1) {
    const place = locate(path.slice(0, length));
    if (place) return place;
  }
  return undefined;
}
