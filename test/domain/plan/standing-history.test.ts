import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { type KnownContent, sameContent, versionOf } from '../../../src/domain/content.ts';
import { contentBefore, standingHistory } from '../../../src/domain/plan/standing-history.ts';
import { contentOf, knownAs } from './world.ts';

/** Trusted contents of one service, newest first, from versions in the order in which they came. */
function knownFrom(versions: readonly string[]): KnownContent[] {
  return versions.map((version, index) => knownAs(contentOf('a', version), index + 1)).toReversed();
}

function standing(...versions: string[]): string[] {
  return standingHistory(knownFrom(versions)).map((one) => versionOf(one.content));
}

describe('what one can go back to', () => {
  it.each([
    ['each content before the present one, newest first', ['1', '2', '3'], ['3', '2', '1']],
    ['a content once, however often it was proved', ['1', '1', '2'], ['2', '1']],
    ['not what was left by going back', ['1', '2', '1'], ['1']],
    ['what was before the one that was gone back to', ['0', '1', '2', '1'], ['1', '0']],
    ['what was released again after having been left', ['1', '2', '1', '2'], ['2', '1']],
  ])('%s', (_, came, stands) => {
    expect(standing(...came)).toEqual(stands);
  });

  it('never comes forward again: going back and back again leads on, or nowhere', () => {
    fc.assert(
      fc.property(
        fc.array(fc.constantFrom('1', '2', '3', '4'), { minLength: 1, maxLength: 12 }),
        (versions) => {
          const seen = new Set<string>();
          let came: string[] = versions;
          for (;;) {
            const present = came.at(-1) ?? '';
            if (seen.has(present)) return false;
            seen.add(present);
            const before = contentBefore(knownFrom(came), contentOf('a', present));
            if (before === undefined) return true;
            came = [...came, versionOf(before.content)];
          }
        },
      ),
    );
  });

  it('keeps the newest word on a content', () => {
    const known = [
      knownAs(contentOf('a', '1'), 2, 'prod/shop-2026-11-02.1'),
      knownAs(contentOf('a', '1'), 1),
    ];
    const [only, ...others] = standingHistory(known);
    expect(others).toEqual([]);
    expect(only?.standing).toBe('verified');
    expect(only && sameContent(only.content, contentOf('a', '1'))).toBe(true);
  });
});
