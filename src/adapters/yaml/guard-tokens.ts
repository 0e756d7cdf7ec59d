import { type CST, Lexer, LineCounter, Parser } from 'yaml';
import type { YamlFault } from '../../ports/yaml.ts';
import { MAX_ALIASES, MAX_DEPTH, MAX_ENTRIES, MAX_FAULTS, MAX_KEYS, MAX_VALUES } from './limits.ts';

/**
 * What a text is to be: a `document` that this program gives a meaning to (a manifest, a configuration) has only what reads the same
 * for everybody; a `kept` file belongs to people and other programs, and may repeat itself with anchors and hold several documents.
 */
export type TextKind = 'document' | 'kept';

/** A text as concrete syntax, to be composed when there is no fault, and the means to name a place in it. */
export interface GuardedTokens {
  faults: YamlFault[];
  /** All of them when there is no fault. */
  tokens: CST.Token[];
  lines: LineCounter;
}

/**
 * Measures a text before anything is built from it: depth, keys, and what its kind does not allow. Only the library's lexer and its
 * parser of concrete syntax have run by then, which keep no stack of their own; composing nodes is recursive.
 */
export function guardTokens(text: string, kind: TextKind): GuardedTokens {
  const lines = new LineCounter();
  const faults: YamlFault[] = [];
  const tokens: CST.Token[] = [];
  const walk: Walk = {
    kind,
    documents: 0,
    aliases: 0,
    values: 0,
    fault: (message, offset) => {
      const { line, col } = lines.linePos(offset);
      faults.push({ message, line: Math.max(line, 1), column: Math.max(col, 1) });
    },
  };
  for (const token of tokensOf(text, lines, walk)) {
    tokens.push(token);
    guardTopLevel(walk, token);
    if (token.type === 'document' && token.value)
      guardValue(walk, token.value, () => faults.length >= MAX_FAULTS);
    if (faults.length >= MAX_FAULTS) break;
  }
  return { faults: faults.slice(0, MAX_FAULTS), tokens, lines };
}

/** Stops in the middle of a text that opens level after level: the parser takes seconds to close a million of them. */
function* tokensOf(text: string, lines: LineCounter, walk: Walk): Generator<CST.Token, void> {
  const parser = new Parser(lines.addNewLine);
  lines.addNewLine(0);
  for (const lexeme of new Lexer().lex(text)) {
    yield* parser.next(lexeme);
    if (parser.stack.length > 2 * MAX_DEPTH) return walk.fault(TOO_DEEP, parser.offset);
  }
  yield* parser.end();
}

const TOO_DEEP = `more than ${MAX_DEPTH} levels of maps and lists`;

interface Walk {
  kind: TextKind;
  documents: number;
  aliases: number;
  values: number;
  fault(message: string, offset: number): void;
}

function guardTopLevel(walk: Walk, token: CST.Token): void {
  if (token.type === 'directive')
    walk.fault('directives are not allowed: this program reads YAML 1.2', token.offset);
  if (token.type !== 'document') return;
  walk.documents += 1;
  if (walk.kind === 'document' && walk.documents === 2)
    walk.fault('one document is expected, not several', token.offset);
  guardProps(walk, token.start);
}

/** A stack of our own: the text decides how deep it gets. */
function guardValue(walk: Walk, root: CST.Token, enough: () => boolean): void {
  const open: { token: CST.Token; depth: number }[] = [{ token: root, depth: 1 }];
  for (let next = open.pop(); next !== undefined && !enough(); next = open.pop()) {
    const { token, depth } = next;
    if (token.type === 'alias') guardAlias(walk, token.offset);
    if (token.type !== 'block-map' && token.type !== 'block-seq' && token.type !== 'flow-collection')
      continue;
    if (depth > MAX_DEPTH) {
      walk.fault(TOO_DEEP, token.offset);
      continue;
    }
    const isMap =
      token.type === 'block-map' || (token.type === 'flow-collection' && token.start.source === '{');
    if (isMap && token.items.length > MAX_KEYS)
      walk.fault(`a map of more than ${MAX_KEYS} keys`, token.offset);
    guardCount(walk, token, isMap ? 2 : 1);
    for (const item of token.items.toReversed()) {
      guardProps(walk, item.start);
      guardProps(walk, item.sep);
      if (item.key) guardKey(walk, item.key);
      if (item.value) open.push({ token: item.value, depth: depth + 1 });
      if (item.key) open.push({ token: item.key, depth: depth + 1 });
    }
  }
}

/** Says each once: a list that is too long, and the place where the document becomes too large. */
function guardCount(walk: Walk, token: { items: readonly unknown[]; offset: number }, perItem: number): void {
  if (walk.kind !== 'document') return;
  if (perItem === 1 && token.items.length > MAX_ENTRIES)
    walk.fault(`a list of more than ${MAX_ENTRIES} entries`, token.offset);
  const before = walk.values;
  walk.values += perItem * token.items.length;
  if (before <= MAX_VALUES && walk.values > MAX_VALUES)
    walk.fault(`more than ${MAX_VALUES} keys and values in one document`, token.offset);
}

function guardKey(walk: Walk, key: CST.Token): void {
  if (walk.kind === 'document' && key.type === 'scalar' && key.source === '<<') {
    walk.fault('merge keys are not allowed here: write the values out', key.offset);
  }
}

function guardProps(walk: Walk, tokens: readonly CST.SourceToken[] | undefined): void {
  if (walk.kind === 'kept') return;
  for (const { type, offset } of tokens ?? []) {
    if (type === 'anchor')
      walk.fault('anchors are not allowed here: write the value out where it is needed', offset);
    if (type === 'tag') walk.fault('tags are not allowed here: quote what shall be text', offset);
  }
}

function guardAlias(walk: Walk, offset: number): void {
  walk.aliases += 1;
  if (walk.kind === 'document') walk.fault('aliases are not allowed here: write the value out', offset);
  else if (walk.aliases === MAX_ALIASES + 1)
    walk.fault(`more than ${MAX_ALIASES} aliases in one file`, offset);
}
