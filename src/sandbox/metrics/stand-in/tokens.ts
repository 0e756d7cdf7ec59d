import { TerminalError } from '../../../errors.ts';

/** A piece of a query, and where it stands (characters from the beginning, from 0). */
export interface Token {
  kind: 'word' | 'number' | 'duration' | 'text' | 'sign';
  /** As written; of a text what is between its quotes, read. */
  text: string;
  at: number;
}

/** Source: https://prometheus.io/docs/prometheus/latest/querying/basics/#string-literals and #float-literals-and-time-durations */
const PATTERN =
  /(?<space>\s+)|(?<text>"(?:[^"\\\n]|\\.)*"|'(?:[^'\\\n]|\\.)*'|`[^`]*`)|(?<duration>(?:\d+(?:ms|[smhdwy]))+\b)|(?<number>\d+(?:\.\d+)?\b)|(?<word>[a-zA-Z_:][a-zA-Z0-9_:]*)|(?<sign>=~|!~|!=|[(){}[\],=/])/y;

/** Cuts a query into pieces. Throws `TerminalError` at the first that is none of those known here. */
export function tokens(query: string): Token[] {
  const found: Token[] = [];
  const pattern = new RegExp(PATTERN);
  while (pattern.lastIndex < query.length) {
    const at = pattern.lastIndex;
    const groups = pattern.exec(query)?.groups;
    if (groups === undefined) throw new TerminalError(`${query.slice(at, at + 1)} at character ${at + 1}`);
    for (const kind of ['text', 'duration', 'number', 'word', 'sign'] as const) {
      const text = groups[kind];
      if (text !== undefined) found.push({ kind, text: kind === 'text' ? unquote(text) : text, at });
    }
  }
  return found;
}

const ESCAPES: Readonly<Record<string, string>> = {
  n: '\n',
  t: '\t',
  r: '\r',
  '\\': '\\',
  '"': '"',
  "'": "'",
};

/** Of Go's escapes the common ones; others are refused rather than read as something else. */
function unquote(text: string): string {
  const inner = text.slice(1, -1);
  if (text.startsWith('`')) return inner;
  return inner.replace(/\\(.)/g, (whole, escaped: string) => {
    const meant = ESCAPES[escaped];
    if (meant === undefined) throw new TerminalError(`the escape ${whole}`);
    return meant;
  });
}
