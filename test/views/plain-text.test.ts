import { describe, expect, it } from 'vitest';
import {
  channelLink,
  code,
  codeBlock,
  link,
  mention,
  mentionGroup,
  mrkdwn,
  when,
} from '../../src/domain/text/mrkdwn.ts';
import { plainMessage, plainMrkdwn } from '../../src/views/plain-text.ts';

const names = {
  person: (id: string) => (id === 'UANA' ? 'Ana' : id),
  channel: (id: string) => `channel ${id}`,
  group: (id: string) => `group ${id}`,
};
const plain = (text: ReturnType<typeof mrkdwn>) => plainMrkdwn(text, names);

describe('words without markup', () => {
  it.each([
    ['bold and italics', mrkdwn`*web* goes on. _rule ${code('x.y')}_`, 'web goes on. rule x.y'],
    ['bold around a name', mrkdwn`*${mention('slack:T1:UANA')}*`, 'Ana'],
    ['what people wrote', mrkdwn`${'a <b> & <@UANA> *'}`, 'a <b> & <@UANA> *'],
    [
      'stars in code',
      mrkdwn`${code('a * 2 * b')} ${codeBlock("git log --grep='^x .*$' -- *.yaml *.yml")}`,
      "a * 2 * b git log --grep='^x .*$' -- *.yaml *.yml",
    ],
    ['a name with underscores', mrkdwn`${'_a_b_ and snake_case_name'}`, '_a_b_ and snake_case_name'],
    ['a moment', when('2026-11-20T10:00:00Z'), '2026-11-20 10:00 UTC'],
    [
      'a link',
      link('https://git.test/c?a=1&b=2', 'commit & more'),
      'commit & more (https://git.test/c?a=1&b=2)',
    ],
    [
      'a channel and a group',
      mrkdwn`${channelLink('C0PROD')} ${mentionGroup('S0DEV')}`,
      'channel C0PROD group S0DEV',
    ],
  ])('shows %s', (_, text, words) => {
    expect(plain(text)).toBe(words);
  });

  it('leaves nothing that a terminal would obey, wherever it stands', () => {
    const evil = '\u001b[2Jgone\u202e\u0007';
    const message = {
      text: evil,
      blocks: [
        { kind: 'header' as const, text: evil },
        { kind: 'image' as const, alt: evil, url: 'https://a.test/x' },
        { kind: 'section' as const, text: { mrkdwn: evil } },
      ],
    };
    expect(plainMessage(message, names)).toBe('[2Jgone\n[2Jgone: https://a.test/x\n[2Jgone');
    expect(plainMessage({ text: evil, blocks: [] }, names)).toBe('[2Jgone');
  });
});
