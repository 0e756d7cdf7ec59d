import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { cutMrkdwn, cutPlain } from '../../../../src/adapters/slack/render/cut.ts';
import { code, codeBlock, join, link, mention, mrkdwn } from '../../../../src/domain/text/mrkdwn.ts';

const word = fc.string({ unit: 'grapheme', maxLength: 60 });
const piece = fc.oneof(
  word.map((w) => mrkdwn`${w}`),
  word.map(code),
  word.map(codeBlock),
  word.map((w) => link('https://a.example/b', w)),
  fc.constant(mention('slack:T1:U234')),
);

describe('cutting mrkdwn', () => {
  it('stays inside the limit and leaves no half token, whatever is cut', () => {
    fc.assert(
      fc.property(fc.array(piece, { maxLength: 20 }), fc.integer({ min: 16, max: 400 }), (pieces, max) => {
        const cut = cutMrkdwn(join(pieces, ' ').mrkdwn, max);
        expect(cut.length).toBeLessThanOrEqual(max);
        expect(cut.isWellFormed()).toBe(true);
        expect(cut.replace(/<[^<>]*>/g, '')).not.toMatch(/[<>]/);
        expect(cut.replace(/&(amp|lt|gt);/g, '')).not.toContain('&');
        expect((cut.split('```').length - 1) % 2).toBe(0);
        expect((cut.replace(/```[\s\S]*?```/g, '').split('`').length - 1) % 2).toBe(0);
      }),
      { numRuns: 2000 },
    );
  });

  it.each([
    ['a mention', `${'x'.repeat(20)}<@U123456789>`, 30, `${'x'.repeat(20)}…`],
    ['an escape', `${'x'.repeat(20)}&amp;&amp;`, 29, `${'x'.repeat(20)}…`],
    ['code', `${'x'.repeat(10)}\`${'y'.repeat(30)}\``, 30, `${'x'.repeat(10)}\`${'y'.repeat(14)}…\``],
    ['a fence', `\`\`\`\n${'y'.repeat(60)}\n\`\`\``, 30, `\`\`\`\n${'y'.repeat(21)}…\n\`\`\``],
  ])('cuts before or closes %s', (_, text, max, cut) => {
    expect(cutMrkdwn(text, max)).toBe(cut);
  });

  it('leaves alone what fits', () => {
    expect(cutMrkdwn('a `b` <@U1>', 16)).toBe('a `b` <@U1>');
  });
});

describe('cutting plain text', () => {
  it('never cuts a character in two', () => {
    fc.assert(
      fc.property(
        fc.string({ unit: 'grapheme', maxLength: 80 }),
        fc.integer({ min: 2, max: 60 }),
        (text, max) => {
          const cut = cutPlain(text, max);
          expect(cut.length).toBeLessThanOrEqual(max);
          expect(cut.isWellFormed() || !text.isWellFormed()).toBe(true);
        },
      ),
    );
  });
});
