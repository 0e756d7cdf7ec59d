import { describe, expect, it } from 'vitest';
import type { NewFact } from '../../../src/domain/ledger/fact.ts';
import { sealFacts } from '../../../src/domain/ledger/write-facts.ts';
import { ENVIRONMENT, RELEASE, resumed, seal, taken } from './facts.ts';

describe('sealing facts', () => {
  it('states when it was recorded, by which incarnation, and under which epochs', () => {
    const [sealed] = sealFacts({
      stream: RELEASE,
      version: 4,
      head: 'a'.repeat(64),
      facts: [{ ...resumed('x'), cause: 'request-1' }],
      now: Date.parse('2026-11-20T10:00:01Z'),
      incarnation: 3,
      epochs: { 'prod/cart': 2, 'prod/untouched': 0 },
      correlation: 'prod/checkout-2026-11-20.1',
      id: () => 'f1',
    });
    expect(sealed?.fact).toMatchObject({
      id: 'f1',
      version: 5,
      recordedAt: '2026-11-20T10:00:01.000Z',
      incarnation: 3,
      epochs: { 'prod/cart': 2 },
      cause: 'request-1',
      prevHash: 'a'.repeat(64),
    });
  });

  it('fills in what a schema adds by default', () => {
    const proofs = { kind: 'recovery.reached', data: { stage: 'clean', proofs: [] } };
    const [sealed] = seal(RELEASE, [{ ...resumed('x'), ...proofs } as unknown as NewFact]);
    expect(sealed?.fact.data).toEqual({ stage: 'clean', proofs: [], keysLeftAlone: [] });
  });

  it.each([
    ['of a kind that its stream does not hold', ENVIRONMENT, resumed('x')],
    ['of no kind', RELEASE, { ...resumed('x'), kind: 'toString' }],
    [
      'with something beside its data, such as a text',
      RELEASE,
      { ...resumed('x'), data: { moments: [], text: 'hello' } },
    ],
    ['by nobody', RELEASE, { ...resumed('x'), actor: undefined }],
    ['with an epoch of 0', ENVIRONMENT, taken('cart', 0)],
  ])('refuses a fact %s', (_what, stream, fact) => {
    expect(() => seal(stream, [fact as unknown as NewFact])).toThrow();
  });

  it('takes secrets out of what people and programs said, and half characters too', () => {
    const [sealed] = seal(RELEASE, [resumed('token is xoxb-123-abc \ud800')]);
    expect(sealed?.fact.data).toEqual({ moments: [], reason: 'token is [redacted] \ufffd' });
  });
});
