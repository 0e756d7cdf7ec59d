import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { readJsonLines } from '../../../src/adapters/kubernetes/json-lines.ts';

async function read(chunks: Uint8Array[], maxBytes = 1_000): Promise<unknown[]> {
  async function* stream() {
    yield* chunks;
  }
  return Array.fromAsync(readJsonLines(stream(), { maxBytes }));
}

function cut(bytes: Uint8Array, at: number[]): Uint8Array[] {
  const points = [0, ...at.map((each) => each % (bytes.length + 1)).sort((a, b) => a - b), bytes.length];
  return points.slice(1).map((end, i) => bytes.subarray(points[i], end));
}

describe('lines of JSON', () => {
  it('come out as they went in, wherever the stream is cut', async () => {
    const values = fc.array(fc.record({ name: fc.string({ unit: 'grapheme' }), size: fc.nat() }));
    await fc.assert(
      fc.asyncProperty(values, fc.array(fc.nat()), async (all, at) => {
        const bytes = Buffer.from(all.map((each) => `${JSON.stringify(each)}\n`).join(''));
        expect(await read(cut(bytes, at), 100_000)).toEqual(all);
      }),
    );
  });

  it.each([
    ['an end in the middle of a line', ['{"a":1}\n{"b"'], /middle of a line/],
    ['a line that is no JSON', ['<html>\n'], /no JSON/],
    ['a line that is too long', ['"', 'x'.repeat(1_001)], /longer than 1000 bytes/],
    ['a whole line that is too long', [`"${'x'.repeat(1_001)}"\n`], /longer than 1000 bytes/],
  ])('refuse %s', async (_, texts, says) => {
    await expect(read(texts.map((text) => Buffer.from(text)))).rejects.toThrow(says);
  });
});
