import { Composer, type CST, type Document, isScalar, LineCounter, Parser } from 'yaml';

/** The documents of a file, those with nothing in them left out, and the means to name a place in it.
 * A text that is empty as a whole is one empty document. */
export interface YamlDocuments {
  documents: Document.Parsed[];
  /** Line and column, both from 1, of an offset in the text. */
  position(offset: number): { line: number; column: number };
}

/**
 * Parses every document of a file. Faults stand in each document's `errors`. Duplicate keys are not looked for here, because the
 * library compares each key with each other: 40,000 of them take 24 s (measured with yaml 2.9.1). Merge keys (`<<`) are followed
 * on request only: who edits a file has to see them as they are written.
 */
export function parseDocuments(text: string, options: ComposeOptions = {}): YamlDocuments {
  const lines = new LineCounter();
  const tokens = new Parser(lines.addNewLine).parse(text);
  return composeDocuments({ tokens, lines, length: text.length }, options);
}

interface ComposeOptions {
  merge?: boolean;
}

/** The same of a text that was parsed to concrete syntax already: that is three quarters of the work. */
export function composeDocuments(
  { tokens, lines, length }: { tokens: Iterable<CST.Token>; lines: LineCounter; length: number },
  options: ComposeOptions = {},
): YamlDocuments {
  const composer = new Composer({
    uniqueKeys: false,
    version: '1.2',
    schema: 'core',
    merge: options.merge ?? false,
  });
  const all = [...composer.compose(tokens, true, length)];
  const meaningful = all.filter((document) => document.errors.length > 0 || !isEmpty(document));
  return {
    documents: meaningful.length > 0 ? meaningful : all.slice(0, 1),
    position: (offset) => positionOf(lines, offset),
  };
}

function positionOf(lines: LineCounter, offset: number): { line: number; column: number } {
  const { line, col } = lines.linePos(offset);
  return { line: Math.max(line, 1), column: Math.max(col, 1) };
}

/** A trailing `---` opens a document with nothing in it. */
function isEmpty(document: Document.Parsed): boolean {
  const { contents } = document;
  return contents === null || (isScalar(contents) && contents.range[0] === contents.range[1]);
}
