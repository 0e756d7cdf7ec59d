import fc from 'fast-check';
import type { Request } from '../../../../src/domain/request.ts';
import {
  code,
  codeBlock,
  join,
  link,
  type Mrkdwn,
  mention,
  mrkdwn,
} from '../../../../src/domain/text/mrkdwn.ts';
import type { Block, Button, Form, Input, Message } from '../../../../src/ports/message.ts';

const text = fc.oneof(
  fc.string({ maxLength: 40 }),
  fc.string({ unit: 'grapheme', maxLength: 4000 }),
  fc.constant(''),
);
const word = fc.string({ unit: 'grapheme', maxLength: 300 });

const markedPiece: fc.Arbitrary<Mrkdwn> = fc.oneof(
  word.map((w) => mrkdwn`${w}`),
  word.map(code),
  word.map(codeBlock),
  word.map((w) => link('https://git.example.com/a?b=c', w)),
  fc.constant(mention('slack:T1:U2')),
);
const marked = fc.array(markedPiece, { maxLength: 30 }).map((pieces) => join(pieces, ' '));

const request: fc.Arbitrary<Request> = fc.constantFrom(
  { kind: 'openHome' },
  { kind: 'confirmRestore' },
  { kind: 'help', command: 'release' },
);
const style = fc.constantFrom<'primary' | 'danger' | undefined>('primary', 'danger', undefined);
const confirm = fc.record({ title: text, text, yes: text, no: text });

const button: fc.Arbitrary<Button> = fc.oneof(
  fc.record({
    label: text,
    url: fc.constantFrom('https://git.example.com/x', `https://a.example/${'x'.repeat(4000)}`),
  }),
  fc
    .record({ label: text, does: request, style, confirm: fc.option(confirm, { nil: undefined }) })
    .map(({ label, does, style: s, confirm: c }) => ({
      label,
      does,
      ...(s ? { style: s } : {}),
      ...(c ? { confirm: c } : {}),
    })),
);

const block: fc.Arbitrary<Block> = fc.oneof(
  fc.record({ kind: fc.constant('header' as const), text }),
  fc
    .record({
      kind: fc.constant('section' as const),
      text: marked,
      button: fc.option(button, { nil: undefined }),
    })
    .map(({ kind, text: t, button: b }) => ({ kind, text: t, ...(b ? { button: b } : {}) })),
  fc.record({ kind: fc.constant('fields' as const), fields: fc.array(marked, { maxLength: 25 }) }),
  fc.record({ kind: fc.constant('context' as const), texts: fc.array(marked, { maxLength: 25 }) }),
  fc.record({ kind: fc.constant('buttons' as const), buttons: fc.array(button, { maxLength: 40 }) }),
  fc.record({
    kind: fc.constant('image' as const),
    url: fc.constant('https://charts.example.com/1.png'),
    alt: text,
  }),
  fc.constant({ kind: 'divider' as const }),
);

/** Any message at all, most of them too large for Slack. */
export const anyMessage: fc.Arbitrary<Message> = fc.record({
  text,
  blocks: fc.array(block, { maxLength: 70 }),
});

const options = fc.array(fc.record({ value: word, label: text, hint: word }), { maxLength: 130 });
const inputs: fc.Arbitrary<Input[]> = fc
  .array(
    fc.oneof(
      fc.record({
        kind: fc.constant('text' as const),
        label: text,
        initial: text,
        maxLength: fc.integer({ min: -5, max: 9000 }),
      }),
      fc.record({ kind: fc.constant('choose' as const), label: text, options, initial: word }),
      fc.record({ kind: fc.constant('tick' as const), label: text, options, initial: fc.array(word) }),
    ),
    { maxLength: 6 },
  )
  .map((made) => made.map((input, i) => ({ ...input, field: `field${i}` })));

/** Any form at all. */
export const anyForm: fc.Arbitrary<Form> = fc
  .record({
    title: text,
    message: anyMessage,
    inputs,
    submit: fc.option(fc.record({ label: text, does: request }), { nil: undefined }),
  })
  .map(({ title, message, inputs: i, submit }) => ({
    title,
    message,
    inputs: i,
    ...(submit ? { submit } : {}),
  }));
