import { describe, expect, it } from 'vitest';
import { checkBlocks } from '../../../../src/sandbox/workspace/blocks/check-blocks.ts';
import { checkView } from '../../../../src/sandbox/workspace/blocks/view.ts';

const plain = (text: string) => ({ type: 'plain_text', text });
const mrkdwn = (text: string) => ({ type: 'mrkdwn', text });
const section = (text: string) => ({ type: 'section', text: mrkdwn(text) });
const button = (given: object = {}) => ({ type: 'button', text: plain('Go'), ...given });
const actions = (...elements: object[]) => ({ type: 'actions', elements });
const option = (value: string, text = value) => ({ text: plain(text), value });
const input = (element: object) => ({ type: 'input', label: plain('Label'), element });
const long = (length: number) => 'x'.repeat(length);
const many = <T>(count: number, make: (index: number) => T) =>
  Array.from({ length: count }, (_, i) => make(i));

/** What is allowed to the last character, and what is refused one beyond it, in Slack's words. */
const LIMITS: readonly [name: string, good: object, bad: object, words: string][] = [
  [
    'section text',
    section(long(3000)),
    section(long(3001)),
    'must be less than 3001 characters [/blocks/0/text/text]',
  ],
  ['empty text', section('x'), section(''), 'must be more than 0 characters [/blocks/0/text/text]'],
  [
    'section fields',
    { type: 'section', fields: many(10, () => mrkdwn(long(1000))) },
    { type: 'section', fields: many(11, () => mrkdwn('x')) },
    'no more than 10 items allowed [/blocks/0/fields]',
  ],
  [
    'length of a field',
    { type: 'section', fields: [mrkdwn(long(2000))] },
    { type: 'section', fields: [mrkdwn(long(2001))] },
    'must be less than 2001 characters [/blocks/0/fields/0/text]',
  ],
  [
    'header',
    { type: 'header', text: plain(long(150)) },
    { type: 'header', text: plain(long(151)) },
    'must be less than 151 characters [/blocks/0/text/text]',
  ],
  [
    'context',
    { type: 'context', elements: many(10, () => mrkdwn('x')) },
    { type: 'context', elements: many(11, () => mrkdwn('x')) },
    'no more than 10 items allowed [/blocks/0/elements]',
  ],
  [
    'actions',
    actions(...many(25, (i) => button({ action_id: `a${i}` }))),
    actions(...many(26, (i) => button({ action_id: `a${i}` }))),
    'no more than 25 items allowed [/blocks/0/elements]',
  ],
  [
    'button label',
    actions(button({ text: plain(long(75)) })),
    actions(button({ text: plain(long(76)) })),
    'must be less than 76 characters [/blocks/0/elements/0/text/text]',
  ],
  [
    'button value',
    actions(button({ value: long(2000) })),
    actions(button({ value: long(2001) })),
    'must be less than 2001 characters [/blocks/0/elements/0/value]',
  ],
  [
    'action id',
    actions(button({ action_id: long(255) })),
    actions(button({ action_id: long(256) })),
    'must be less than 256 characters [/blocks/0/elements/0/action_id]',
  ],
  [
    'block id',
    { type: 'divider', block_id: long(255) },
    { type: 'divider', block_id: long(256) },
    'must be less than 256 characters [/blocks/0/block_id]',
  ],
  [
    'select options',
    actions({ type: 'static_select', options: many(100, (i) => option(`o${i}`)) }),
    actions({ type: 'static_select', options: many(101, (i) => option(`o${i}`)) }),
    'no more than 100 items allowed [/blocks/0/elements/0/options]',
  ],
  [
    'overflow options',
    actions({ type: 'overflow', options: many(5, (i) => option(`o${i}`)) }),
    actions({ type: 'overflow', options: many(6, (i) => option(`o${i}`)) }),
    'no more than 5 items allowed [/blocks/0/elements/0/options]',
  ],
  [
    'radio buttons',
    actions({ type: 'radio_buttons', options: many(10, (i) => option(`o${i}`)) }),
    actions({ type: 'radio_buttons', options: many(11, (i) => option(`o${i}`)) }),
    'no more than 10 items allowed [/blocks/0/elements/0/options]',
  ],
  [
    'option text',
    actions({ type: 'static_select', options: [option('v', long(75))] }),
    actions({ type: 'static_select', options: [option('v', long(76))] }),
    'must be less than 76 characters [/blocks/0/elements/0/options/0/text/text]',
  ],
  [
    'confirm text',
    actions(button({ confirm: { text: plain(long(300)) } })),
    actions(button({ confirm: { text: plain(long(301)) } })),
    'must be less than 301 characters [/blocks/0/elements/0/confirm/text/text]',
  ],
  [
    'table rows',
    { type: 'table', rows: many(100, () => [{ type: 'raw_text', text: 'x' }]) },
    { type: 'table', rows: many(101, () => [{ type: 'raw_text', text: 'x' }]) },
    'no more than 100 items allowed [/blocks/0/rows]',
  ],
  [
    'table cells',
    { type: 'table', rows: [many(20, () => ({ type: 'raw_text', text: 'x' }))] },
    { type: 'table', rows: [many(21, () => ({ type: 'raw_text', text: 'x' }))] },
    'no more than 20 items allowed [/blocks/0/rows/0]',
  ],
  [
    'characters of a table',
    { type: 'table', rows: [[{ type: 'raw_text', text: long(10_000) }]] },
    { type: 'table', rows: [[{ type: 'raw_text', text: long(10_001) }]] },
    'must be less than 10001 characters over all cells [/blocks/0/rows]',
  ],
  [
    'markdown',
    { type: 'markdown', text: long(12_000) },
    { type: 'markdown', text: long(12_001) },
    'must be less than 12001 characters [/blocks/0/text]',
  ],
  [
    'image description',
    { type: 'image', image_url: 'https://example.com/a.png', alt_text: long(2000) },
    { type: 'image', image_url: 'https://example.com/a.png', alt_text: long(2001) },
    'must be less than 2001 characters [/blocks/0/alt_text]',
  ],
];

/** What Slack refuses for its shape, and in which words. */
const REFUSED: readonly [name: string, blocks: object[], words: string][] = [
  ['a block it does not have', [{ type: 'paragraph' }], 'unsupported type: paragraph [/blocks/0]'],
  ['a section that says nothing', [{ type: 'section' }], 'must define either `text` or `fields` [/blocks/0]'],
  [
    'a header in mrkdwn',
    [{ type: 'header', text: mrkdwn('x') }],
    'must be one of: plain_text [/blocks/0/text/type]',
  ],
  ['a text that is no object', [{ type: 'section', text: 'x' }], 'must be of type object [/blocks/0/text]'],
  [
    'a property it does not have',
    [{ type: 'divider', colour: 'red' }],
    'invalid additional property: colour [/blocks/0]',
  ],
  [
    'a button without a label',
    [actions({ type: 'button' })],
    'missing required field: text [/blocks/0/elements/0]',
  ],
  [
    'a text box among buttons',
    [actions({ type: 'plain_text_input' })],
    'unsupported type: plain_text_input [/blocks/0/elements/0]',
  ],
  ['a button as an input', [input(button())], 'unsupported type: button [/blocks/0/element]'],
  [
    'a green button',
    [actions(button({ style: 'green' }))],
    'must be one of: primary, danger [/blocks/0/elements/0/style]',
  ],
  [
    'the same block id twice',
    [
      { type: 'divider', block_id: 'a' },
      { type: 'divider', block_id: 'a' },
    ],
    '`block_id` "a" already exists [/blocks/1/block_id]',
  ],
  [
    'the same action id twice in a block',
    [{ type: 'divider' }, actions(button({ action_id: 'a' }), button({ action_id: 'a' }))],
    '`action_id` "a" already exists [/blocks/1/elements/1/action_id]',
  ],
  [
    'a choice that is not offered',
    [actions({ type: 'static_select', options: [option('a')], initial_option: option('b') })],
    'initial option "b" is not one of the options [/blocks/0/elements/0]',
  ],
  [
    'options and groups at once',
    [
      actions({
        type: 'static_select',
        options: [option('a')],
        option_groups: [{ label: plain('g'), options: [option('b')] }],
      }),
    ],
    'must define either `options` or `option_groups` [/blocks/0/elements/0]',
  ],
  [
    'a picture from two places',
    [{ type: 'image', alt_text: 'x', image_url: 'https://example.com/a.png', slack_file: { id: 'F1' } }],
    'must define either `image_url` or `slack_file` [/blocks/0]',
  ],
  ...[
    'http://127.0.0.1/a.png',
    'http://localhost:3000/a.png',
    'data:image/png;base64,AA==',
    'http://10.0.0.1/a.png',
  ].map((address): [string, object[], string] => [
    `a picture that Slack cannot fetch, ${address}`,
    [{ type: 'image', alt_text: 'x', image_url: address }],
    'downloading image failed [/blocks/0/image_url]',
  ]),
  [
    'two tables',
    many(2, () => ({ type: 'table', rows: [[{ type: 'raw_text', text: 'x' }]] })),
    'only_one_table_allowed [/blocks/1]',
  ],
  [
    'an empty table cell',
    [{ type: 'table', rows: [[{ type: 'raw_text', text: '' }]] }],
    'must be more than 0 characters [/blocks/0/rows/0/0/text]',
  ],
  ['51 blocks', many(51, () => ({ type: 'divider' })), 'no more than 50 items allowed [/blocks]'],
];

function wordsFor(blocks: unknown): string[] {
  const checked = checkBlocks(blocks, 'message');
  return checked.kind === 'invalid'
    ? checked.faults.map(({ reason, pointer }) => `${reason} [${pointer}]`)
    : [checked.kind];
}

describe('blocks of a message', () => {
  it.each(LIMITS)('hold %s to its limit', (_name, good, bad, words) => {
    expect(wordsFor([good])).toEqual(['valid']);
    expect(wordsFor([bad])).toEqual([words]);
  });

  it.each(REFUSED)('may not hold %s', (_name, blocks, words) => {
    expect(wordsFor(blocks)).toEqual([words]);
  });

  it('may hold the same action id in two blocks', () => {
    expect(wordsFor([actions(button({ action_id: 'a' })), actions(button({ action_id: 'a' }))])).toEqual([
      'valid',
    ]);
  });

  it('must be a list of objects', () => {
    for (const value of ['[]', {}, null, ['divider']]) expect(wordsFor(value)).toEqual(['malformed']);
  });

  it('fit into one message as far as was measured of Slack, and no further', () => {
    const markdown = (length: number) => [
      { type: 'markdown', text: long(length - 6000) },
      { type: 'markdown', text: long(6000) },
    ];
    const withDivider = (length: number) => [...markdown(length - 125), { type: 'divider' }];
    // Two markdown blocks, since one of them may hold no more than 12,000.
    expect(wordsFor(markdown(13_172))).toEqual(['valid']);
    expect(wordsFor(markdown(13_173))).toEqual(['too_long']);
    expect(wordsFor(withDivider(13_172))).toEqual(['valid']);
    expect(wordsFor(withDivider(13_173))).toEqual(['too_long']);
  });
});

describe('a view', () => {
  const modal = (given: object = {}) => ({
    type: 'modal',
    title: plain('Title'),
    blocks: [section('x')],
    ...given,
  });
  const faults = (view: unknown, surface: 'modal' | 'home' = 'modal') => {
    const checked = checkView(view, surface);
    return checked.kind === 'invalid'
      ? checked.faults.map(({ reason, pointer }) => `${reason} [${pointer}]`)
      : [checked.kind];
  };

  it.each([
    ['a title of 24 characters', { title: plain(long(24)) }],
    ['private metadata of 3000', { private_metadata: long(3000) }],
    ['100 blocks', { blocks: many(100, () => ({ type: 'divider' })) }],
    [
      'an input and a submit button',
      { blocks: [input({ type: 'plain_text_input' })], submit: plain('Send') },
    ],
  ])('may hold %s', (_name, given) => {
    expect(faults(modal(given))).toEqual(['valid']);
  });

  it.each([
    [
      'a title of 25 characters',
      { title: plain(long(25)) },
      'must be less than 25 characters [/view/title/text]',
    ],
    [
      'a callback id of 256',
      { callback_id: long(256) },
      'must be less than 256 characters [/view/callback_id]',
    ],
    [
      'an input without a submit button',
      { blocks: [input({ type: 'plain_text_input' })] },
      'missing required field: submit [/view]',
    ],
    [
      '101 blocks',
      { blocks: many(101, () => ({ type: 'divider' })) },
      'no more than 100 items allowed [/view/blocks]',
    ],
    [
      'a table',
      { blocks: [{ type: 'table', rows: [[{ type: 'raw_text', text: 'x' }]] }] },
      'unsupported type: table [/view/blocks/0]',
    ],
    ['no blocks', { blocks: undefined }, 'must be an array of blocks [/view/blocks]'],
  ])('may not hold %s', (_name, given, words) => {
    expect(faults(modal(given))).toEqual([words]);
  });

  it('of a home tab has no title', () => {
    expect(faults({ type: 'home', blocks: [section('x')] }, 'home')).toEqual(['valid']);
    expect(faults({ type: 'home', title: plain('x'), blocks: [] }, 'home')).toEqual([
      'invalid additional property: title [/view]',
    ]);
  });

  it('may weigh 250 kB', () => {
    const blocks = many(100, () => section(long(2900)));
    expect(faults(modal({ blocks }))).toEqual(['too_large']);
  });
});
