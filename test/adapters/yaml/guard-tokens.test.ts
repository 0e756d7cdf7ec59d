import { describe, expect, it } from 'vitest';
import { guardTokens } from '../../../src/adapters/yaml/guard-tokens.ts';

describe('the guard before the parser', () => {
  it('stops in the middle of a megabyte of brackets', () => {
    const [fault, ...others] = guardTokens('['.repeat(1024 * 1024), 'document').faults;
    expect(fault).toEqual({ message: 'more than 32 levels of maps and lists', line: 1, column: 65 });
    expect(others).toEqual([]);
  });

  it('tells twenty faults and no more', () => {
    expect(guardTokens('- &a 1\n'.repeat(100), 'document').faults).toHaveLength(20);
  });

  it('lets people keep what documents may not have, but not without end', () => {
    const text = 'a: &x !!str 1\nb: *x\n---\n<<: {c: 1}\n';
    expect(guardTokens(text, 'document').faults.map(({ message }) => message.split(' ')[0])).toEqual([
      'anchors',
      'tags',
      'aliases',
      'one',
      'merge',
    ]);
    expect(guardTokens(text, 'kept').faults).toEqual([]);
    const [fault] = guardTokens(`a: &x 1\nb: [${'*x, '.repeat(101)}]`, 'kept').faults;
    expect(fault?.message).toBe('more than 100 aliases in one file');
  });
});
