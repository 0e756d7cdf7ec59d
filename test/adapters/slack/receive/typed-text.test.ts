import { describe, expect, it } from 'vitest';
import {
  plainText,
  saidText,
  withoutMentions,
  wordsOf,
} from '../../../../src/adapters/slack/receive/typed-text.ts';

describe('what a phone makes of what is typed', () => {
  it.each([
    ['a dash from two hyphens', 'orders-api —to .2', 'orders-api --to .2'],
    ['an en dash from two hyphens', '–to .2', '--to .2'],
    ['an en dash inside a name', 'checkout–2026–11–20.3', 'checkout-2026-11-20.3'],
    ['a dash inside a name that has two hyphens', 'a—b', 'a--b'],
    ['a minus and a hyphen that are none', 'a−b‐c‑d', 'a-b-c-d'],
    ['curly quotes', '“the note” isn’t ‚it‘', `"the note" isn't 'it'`],
    ['spaces that are none', 'cut\u00a0dev\u2009web\u3000x', 'cut dev web x'],
    ['what cannot be seen', 'c\u200but\u202e de\ufeffv', 'cut dev'],
    ['an ellipsis', 'wait…', 'wait...'],
    ['an address Slack thinks it saw', '<mailto:orders-api@1.8.0|orders-api@1.8.0>', 'orders-api@1.8.0'],
    [
      'a link Slack thinks it saw',
      '<http://web.io|web.io> <https://a.example/x>',
      'web.io https://a.example/x',
    ],
    ['escapes', 'a &lt;b&gt; &amp;amp; c', 'a <b> &amp; c'],
    ['an accent in two parts', 'cafe\u0301', 'café'],
  ])('reads %s', (_, typed, read) => {
    expect(plainText(typed)).toBe(read);
  });

  it('leaves the case of words alone: a tag has one', () => {
    expect(wordsOf('  Cut\tdev\n web@1.0.0-RC1 ')).toEqual(['Cut', 'dev', 'web@1.0.0-RC1']);
    expect(wordsOf('   ')).toEqual([]);
  });

  it('takes quotes off a word that stands in them, and leaves an apostrophe', () => {
    expect(wordsOf("cut “dev” 'web@1.8.0' it’s")).toEqual(['cut', 'dev', 'web@1.8.0', "it's"]);
  });
});

describe('a message to the bot', () => {
  it('is read without the mentions it begins with', () => {
    expect(withoutMentions('<@U1> <@U2|bot>, release status <@U3>')).toBe('release status <@U3>');
  });
});

describe('what was said in a channel', () => {
  it('is kept as people see it', () => {
    expect(
      saidText('<@U1|ana> in <#C1|releases>: <!here> see <https://x.example|the graph> &amp; &lt;b&gt;'),
    ).toBe('@ana in #releases: @here see the graph & <b>');
    expect(saidText('<@U1> said')).toBe('<@U1> said');
  });
});
