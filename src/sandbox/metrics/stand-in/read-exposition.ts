import type { Labels } from './sample-store.ts';

/** A line of an exposition. */
export interface Exposed {
  labels: Labels;
  value: number;
  /** Milliseconds since 1970; absent: when it was scraped. */
  at?: number;
}

const NAME = '[a-zA-Z_:][a-zA-Z0-9_:]*';
const LABEL = '[a-zA-Z_][a-zA-Z0-9_]*\\s*=\\s*"(?:[^"\\\\]|\\\\.)*"';
const LINE = new RegExp(
  `^\\s*(?<name>${NAME})\\s*(?:\\{\\s*(?<labels>(?:${LABEL}\\s*(?:,\\s*|(?=\\})))*)\\})?\\s*(?<value>\\S+)(?:\\s+(?<at>-?\\d+))?\\s*$`,
);
const EACH_LABEL = /([a-zA-Z_][a-zA-Z0-9_]*)\s*=\s*"((?:[^"\\]|\\.)*)"/g;

/**
 * Reads Prometheus's text format, version 0.0.4; absent when a line is none of it, for then nothing of the rest can be trusted.
 * Source: https://prometheus.io/docs/instrumenting/exposition_formats/#text-based-format
 */
export function readExposition(text: string): Exposed[] | undefined {
  const exposed: Exposed[] = [];
  for (const line of text.split('\n')) {
    if (/^\s*(#|$)/.test(line)) continue;
    const { name = '', labels = '', value = '', at } = LINE.exec(line)?.groups ?? {};
    const number = readNumber(value);
    if (name === '' || number === undefined) return undefined;
    exposed.push({
      labels: { __name__: name, ...readLabels(labels) },
      value: number,
      ...(at !== undefined && { at: Number(at) }),
    });
  }
  return exposed;
}

/** An empty label is the same as none. */
function readLabels(text: string): Record<string, string> {
  const pairs = [...text.matchAll(EACH_LABEL)].map(([, name = '', value = '']): [string, string] => [
    name,
    value.replace(/\\(.)/g, (_, escaped: string) => (escaped === 'n' ? '\n' : escaped)),
  ]);
  return Object.fromEntries(pairs.filter(([, value]) => value !== ''));
}

function readNumber(text: string): number | undefined {
  const [, sign, word] = /^([+-]?)(inf|nan)$/i.exec(text) ?? [];
  if (word !== undefined && /nan/i.test(word)) return Number.NaN;
  if (word !== undefined) return sign === '-' ? Number.NEGATIVE_INFINITY : Number.POSITIVE_INFINITY;
  return /^[+-]?(\d+\.?\d*|\.\d+)(e[+-]?\d+)?$/i.test(text) ? Number(text) : undefined;
}
