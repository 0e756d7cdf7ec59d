import { describe, expect, it } from 'vitest';
import type { KnownContent } from '../../../src/domain/content.ts';
import { findInEnvironment, namedBy } from '../../../src/domain/history/find-content.ts';
import { contentOf, digestOf, imageOf, knownAs } from '../plan/world.ts';

const REVISION = 'a1b2c3d4e5f60718293a4b5c6d7e8f9001122334';
const image = {
  ...imageOf('cart', '1.8.0'),
  platforms: { 'linux/amd64': digestOf('amd64') },
  revision: REVISION,
};

describe('a word that may mean an image', () => {
  it.each([
    ['1.8.0', 'version'],
    ['V1.8.0', 'version'],
    [image.digest, 'digest'],
    [image.digest.slice(0, 'sha256:'.length + 12), 'digest'],
    [image.digest.slice('sha256:'.length, 'sha256:'.length + 7), 'digest'],
    [digestOf('amd64'), 'digest'],
    [REVISION, 'commit'],
    [REVISION.slice(0, 7).toUpperCase(), 'commit'],
    ['1.8', undefined],
    [REVISION.slice(0, 6), undefined],
    [`sha256:${REVISION}`, undefined],
    ['', undefined],
    ['constructor', undefined],
  ])('%s is %s', (word, by) => {
    expect(namedBy(word, image)).toBe(by);
  });
});

describe('where an environment ran it', () => {
  const at = (version: string, day: number, release?: string): KnownContent =>
    knownAs(contentOf('cart', version), day, release);
  const find = (known: KnownContent[], word: string) =>
    findInEnvironment({ name: 'prod', known: { cart: known } }, { word });

  it('is since its first proof without anything else in between', () => {
    const known = [at('2', 6, 'prod/b-2026-11-06.1'), at('2', 5, 'prod/b-2026-11-05.1'), at('1', 1)];
    expect(find(known, '2')).toMatchObject([{ since: known[1]?.at, release: 'prod/b-2026-11-05.1' }]);
    expect(find(known, '2')[0]?.until).toBeUndefined();
    expect(find(known, '1')).toMatchObject([
      { since: known[2]?.at, until: known[1]?.at, standing: 'adopted' },
    ]);
  });

  it('is each of its stays, when it went and came back', () => {
    const known = [at('1', 7, 'prod/c-2026-11-07.1'), at('2', 6, 'prod/b-2026-11-06.1'), at('1', 1)];
    expect(find(known, '1').map(({ since, until }) => [since, until])).toEqual([
      [known[0]?.at, undefined],
      [known[2]?.at, known[1]?.at],
    ]);
  });

  it('is only of the service that is named, where one is', () => {
    const known = { cart: [at('1', 1)], web: [knownAs(contentOf('web', '1'), 1)] };
    expect(findInEnvironment({ name: 'prod', known }, { word: '1', service: 'web' })).toHaveLength(1);
    expect(findInEnvironment({ name: 'prod', known }, { word: '1' })).toHaveLength(2);
  });
});
