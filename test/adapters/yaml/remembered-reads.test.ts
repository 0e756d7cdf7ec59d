import { expect, it } from 'vitest';
import { rememberedReads } from '../../../src/adapters/yaml/remembered-reads.ts';
import type { YamlRead } from '../../../src/ports/yaml.ts';

/** Tells of each text that was really read. */
function counting() {
  const asked: string[] = [];
  const read = rememberedReads(async (text): Promise<YamlRead> => {
    asked.push(text);
    return text === ''
      ? { kind: 'refused', faults: [] }
      : { kind: 'read', value: { text }, locate: () => undefined };
  });
  return { asked, read };
}

it('reads a text once, and gives everybody the same', async () => {
  const { asked, read } = counting();
  expect(await read('a')).toBe(await read('a'));
  expect(asked).toEqual(['a']);
});

it('asks again about what was refused: a deadline may have been to blame', async () => {
  const { asked, read } = counting();
  await read('');
  await read('');
  expect(asked).toEqual(['', '']);
});

it('forgets what was not asked for longest', async () => {
  const { asked, read } = counting();
  for (const text of 'abcdefgh') await read(text);
  await read('a');
  await read('i');
  await read('a');
  await read('b');
  expect(asked.join('')).toBe('abcdefghib');
});
