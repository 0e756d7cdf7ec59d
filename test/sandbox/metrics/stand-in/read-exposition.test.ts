import { describe, expect, it } from 'vitest';
import { readExposition } from '../../../../src/sandbox/metrics/stand-in/read-exposition.ts';

describe('an exposition', () => {
  it('gives names, labels, numbers and times', () => {
    const text = [
      '# HELP a Something with "quotes" and {braces}.',
      '# TYPE a counter',
      '',
      'a 1',
      'b{x="1",y="two words"} 2.5e3',
      'c { x = "}" , } -1 1700000000000',
      'd{x="\\"a\\"\\\\\\n",empty=""} NaN',
      'e +Inf',
      'f -Inf',
    ].join('\n');
    expect(readExposition(text)).toEqual([
      { labels: { __name__: 'a' }, value: 1 },
      { labels: { __name__: 'b', x: '1', y: 'two words' }, value: 2500 },
      { labels: { __name__: 'c', x: '}' }, value: -1, at: 1_700_000_000_000 },
      { labels: { __name__: 'd', x: '"a"\\\n' }, value: Number.NaN },
      { labels: { __name__: 'e' }, value: Number.POSITIVE_INFINITY },
      { labels: { __name__: 'f' }, value: Number.NEGATIVE_INFINITY },
    ]);
  });

  it.each(['a', 'a b', 'a{x=1} 1', 'a{x="1" 1', '<html>', 'a{x="1"} 1 2 3', 'a 0x10', '1a 1'])(
    'with the line %s is none',
    (line) => {
      expect(readExposition(`ok 1\n${line}\n`)).toBeUndefined();
    },
  );
});
