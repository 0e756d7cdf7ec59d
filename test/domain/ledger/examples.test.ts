import { readdirSync, readFileSync } from 'node:fs';
import { describe, expect, it } from 'vitest';
import { lineOfFact, NO_HEAD, nextLink } from '../../../src/domain/ledger/chain.ts';
import { FactEnvelope, factKinds } from '../../../src/domain/ledger/fact.ts';
import { readFact } from '../../../src/domain/ledger/read-facts.ts';
import { checkedData } from '../../../src/domain/ledger/write-facts.ts';

const folder = new URL('examples/', import.meta.url);
const files = readdirSync(folder).sort();

/**
 * One fact of every kind and version that was ever written, as it stands in stores and in Git. They are never edited: a program
 * that cannot read one of them cannot read its own past.
 */
describe('every fact that was ever written', () => {
  it.each(files)('is still read: %s', (file) => {
    const line = readFileSync(new URL(file, folder), 'utf8').trimEnd();
    const link = nextLink(line, { version: 0, head: NO_HEAD });
    if (link.kind === 'broken') throw new Error(link.says);
    expect(FactEnvelope.parse(link.fact)).toEqual(link.fact);
    expect(lineOfFact(link.fact)).toBe(line);
    const read = readFact(link.fact);
    if (read.kind === 'unknown') throw new Error(read.says);
    expect(checkedData(read.fact.stream, read.fact)).toEqual(read.fact.data);
  });

  it('has an example for every kind that is written now', () => {
    const wanted = Object.entries(factKinds).flatMap(([stream, kinds]) =>
      Object.keys(kinds).map((kind) => `${stream}.${kind}`),
    );
    const found = new Set(files.map((file) => file.replace(/\.v\d+\.jsonl$/, '')));
    expect(wanted.filter((kind) => !found.has(kind))).toEqual([]);
  });
});
