import fc from 'fast-check';
import { describe, expect, it } from 'vitest';
import { REDACTED, redact } from '../../../src/domain/text/redact.ts';

const word = (alphabet: string, length: { minLength: number; maxLength: number }) =>
  fc.string({ unit: fc.constantFrom(...alphabet), ...length });
const LETTERS = 'ABCDEFGHIJKLMNOPQRSTUVWXYZabcdefghijklmnopqrstuvwxyz0123456789';
const BASE64 = `${LETTERS}+/`;
const BASE64URL = `${LETTERS}-_`;

/** The secret's own part, and the words in which it is met. Each is long enough not to be met by chance. */
const SECRETS: Record<string, fc.Arbitrary<{ secret: string; said: string }>> = {
  'Slack tokens': fc
    .tuple(
      fc.constantFrom('xoxb', 'xoxp', 'xoxa', 'xoxr', 'xoxs', 'xoxo', 'xapp'),
      word(`${LETTERS}-`, { minLength: 20, maxLength: 60 }),
    )
    .map(([type, rest]) => ({ secret: rest, said: `${type}-${rest}` })),
  'GitHub tokens': fc
    .tuple(
      fc.constantFrom('ghp_', 'gho_', 'ghs_', 'github_pat_'),
      word(LETTERS, { minLength: 20, maxLength: 60 }),
    )
    .map(([type, rest]) => ({ secret: rest, said: type + rest })),
  'tokens of ours': word(BASE64URL, { minLength: 43, maxLength: 43 }).map((secret) => ({
    secret,
    said: `signalbox_0123456789abcdef_${secret}`,
  })),
  'JSON Web Tokens': fc
    .tuple(
      word(BASE64URL, { minLength: 20, maxLength: 40 }),
      word(BASE64URL, { minLength: 20, maxLength: 40 }),
    )
    .map(([body, signature]) => ({ secret: signature, said: `eyJhbGciOiJFUzI1NiJ9.${body}.${signature}` })),
  'PEM blocks': fc
    .tuple(word(BASE64, { minLength: 40, maxLength: 80 }), fc.boolean())
    .map(([key, whole]) => ({
      secret: key,
      said: `-----BEGIN RSA PRIVATE KEY-----\n${key}\n${whole ? '-----END RSA PRIVATE KEY-----' : ''}`,
    })),
  'Authorization values': fc
    .tuple(
      fc.constantFrom('Authorization: Bearer ', 'authorization=Basic ', '"Authorization": "token '),
      word(BASE64, { minLength: 20, maxLength: 40 }),
    )
    .map(([header, value]) => ({ secret: value, said: header + value })),
  'passwords in URLs': fc
    .tuple(
      fc.constantFrom('https', 'redis', 'postgres'),
      word(`${LETTERS}:@%!$&`, { minLength: 20, maxLength: 40 }),
    )
    .map(([scheme, password]) => ({
      secret: password,
      said: `${scheme}://user:${password}@host.example.com/path`,
    })),
  'AWS keys': fc.oneof(
    word('ABCDEFGHIJKLMNOPQRSTUVWXYZ234567', { minLength: 16, maxLength: 16 }).map((id) => ({
      secret: id,
      said: `AKIA${id}`,
    })),
    word(BASE64, { minLength: 40, maxLength: 40 }).map((key) => ({
      secret: key,
      said: `aws_secret_access_key = ${key}`,
    })),
  ),
};

describe('redacting', () => {
  it.each(Object.keys(SECRETS))('leaves nothing of %s, wherever they stand', (kind) => {
    const secrets = SECRETS[kind] ?? fc.constant({ secret: '', said: '' });
    fc.assert(
      fc.property(fc.string(), secrets, fc.string(), (before, { secret, said }, after) => {
        const clean = redact(`${before} ${said}\n${after}`);
        return !clean.includes(secret) && clean.includes(REDACTED);
      }),
    );
  });

  it('changes nothing more when it is done again', () => {
    const anything = fc.array(
      fc.oneof(fc.string(), ...Object.values(SECRETS).map((one) => one.map(({ said }) => said))),
    );
    fc.assert(
      fc.property(anything, (parts) => {
        const once = redact(parts.join(' '));
        return redact(once) === once;
      }),
    );
  });

  it.each([
    'orders-api 5xx 3.1 % > 2 % at 25 %, see https://example.com/a@b?c=d',
    'checkout-2026-11-20.3 → prod, sha256:4f53cda18c2baa0c0354bb5f9a3ecbe5ed12ab4d8e11ba873c2f11161202b945',
    'ana@example.com asked: is the bearer of bad news here?',
  ])('leaves alone what is no secret: %s', (text) => {
    expect(redact(text)).toBe(text);
  });

  it('is quick on text made to be slow', () => {
    const slow = '-----BEGIN A-----'.repeat(20_000) + 'authorization: '.repeat(5_000) + 'a://'.repeat(20_000);
    const began = performance.now();
    redact(slow);
    expect(performance.now() - began).toBeLessThan(500);
  });
});
