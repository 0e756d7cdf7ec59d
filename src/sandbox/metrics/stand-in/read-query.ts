import { parseDuration } from '../../../domain/gate/duration.ts';
import { TerminalError } from '../../../errors.ts';
import type { Matcher, Query, Selector } from './query.ts';
import { type Token, tokens } from './tokens.ts';

/** What is known here, for whoever asked something else. */
const KNOWN =
  'the stand-in for Prometheus knows only what the gates of the sandbox ask (selectors, rate, sum, sum by, / and histogram_quantile); install prometheus to ask anything else';

/** Reads a query. Throws `TerminalError` for everything that is not known here: a wrong number would be worse than none. */
export function readQuery(text: string): Query {
  try {
    const reader = readerOf(tokens(text));
    const query = readQuotient(reader);
    reader.end();
    return query;
  } catch (error) {
    if (error instanceof TerminalError) throw new TerminalError(`${error.message}: ${KNOWN}`);
    throw error;
  }
}

interface Reader {
  peek(): Token | undefined;
  /** The next token, which has to be of this kind and, when given, this text. */
  take(kind: Token['kind'], text?: string): string;
  /** Whether the next token is this, which is then taken. */
  takeIf(text: string): boolean;
  end(): void;
}

function readerOf(all: readonly Token[]): Reader {
  let next = 0;
  const unexpected = (token: Token | undefined) =>
    new TerminalError(token ? `${token.text} at character ${token.at + 1}` : 'the end of the query');
  return {
    peek: () => all[next],
    take(kind, text) {
      const token = all[next];
      if (token?.kind !== kind || (text !== undefined && token.text !== text)) throw unexpected(token);
      next += 1;
      return token.text;
    },
    takeIf(text) {
      const token = all[next];
      const found = token?.text === text && token.kind !== 'text';
      if (found) next += 1;
      return found;
    },
    end() {
      if (next < all.length) throw unexpected(all[next]);
    },
  };
}

function readQuotient(reader: Reader): Query {
  let query = readTerm(reader);
  while (reader.takeIf('/')) query = { kind: 'divide', dividend: query, divisor: readTerm(reader) };
  return query;
}

function readTerm(reader: Reader): Query {
  if (reader.takeIf('(')) {
    const query = readQuotient(reader);
    reader.take('sign', ')');
    return query;
  }
  const name = reader.take('word');
  // Numbers that are written as words.
  if (/^(inf|nan)$/i.test(name)) throw new TerminalError(name);
  const follows = reader.peek()?.text;
  const called = follows === '(' || (name === 'sum' && follows === 'by');
  if (!called) return { kind: 'selector', selector: readSelector(reader, name) };
  switch (name) {
    case 'sum':
      return readSum(reader);
    case 'rate':
      return readRate(reader);
    case 'histogram_quantile':
      return readQuantile(reader);
    default:
      throw new TerminalError(`${name}()`);
  }
}

/** `sum(…)`, `sum by (a, b) (…)` or `sum(…) by (a, b)`. */
function readSum(reader: Reader): Query {
  const before = reader.takeIf('by') ? readLabels(reader) : undefined;
  reader.take('sign', '(');
  const of = readQuotient(reader);
  reader.take('sign', ')');
  const by = before ?? (reader.takeIf('by') ? readLabels(reader) : []);
  return { kind: 'sum', by, of };
}

function readLabels(reader: Reader): string[] {
  reader.take('sign', '(');
  const labels: string[] = [];
  while (!reader.takeIf(')')) {
    labels.push(reader.take('word'));
    if (reader.peek()?.text !== ')') reader.take('sign', ',');
  }
  return labels;
}

function readRate(reader: Reader): Query {
  reader.take('sign', '(');
  const selector = readSelector(reader, reader.take('word'));
  reader.take('sign', '[');
  const range = reader.take('duration');
  const rangeMs = parseDuration(range);
  if (!rangeMs) throw new TerminalError(`the range ${range}`);
  reader.take('sign', ']');
  reader.take('sign', ')');
  return { kind: 'rate', selector, rangeMs };
}

function readQuantile(reader: Reader): Query {
  reader.take('sign', '(');
  const q = Number(reader.take('number'));
  reader.take('sign', ',');
  const of = readQuotient(reader);
  reader.take('sign', ')');
  return { kind: 'quantile', q, of };
}

function readSelector(reader: Reader, name: string): Selector {
  const matchers: Matcher[] = [];
  if (!reader.takeIf('{')) return { name, matchers };
  while (!reader.takeIf('}')) {
    const label = reader.take('word');
    matchers.push(matcher(label, { sign: reader.take('sign'), operand: reader.take('text') }));
    if (reader.peek()?.text !== '}') reader.take('sign', ',');
  }
  return { name, matchers };
}

function matcher(label: string, { sign, operand }: { sign: string; operand: string }): Matcher {
  switch (sign) {
    case '=':
      return { label, holds: (value) => value === operand };
    case '!=':
      return { label, holds: (value) => value !== operand };
    case '=~':
    case '!~': {
      const pattern = wholePattern(operand);
      return { label, holds: (value) => pattern.test(value) === (sign === '=~') };
    }
    default:
      throw new TerminalError(`${sign} behind ${label}`);
  }
}

/** Matchers of Prometheus match whole values. */
function wholePattern(operand: string): RegExp {
  try {
    return new RegExp(`^(?:${operand})$`, 's');
  } catch {
    throw new TerminalError(`the pattern ${operand}`);
  }
}
