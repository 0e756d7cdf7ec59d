import { exportJWK, generateKeyPair, type JWTPayload, SignJWT } from 'jose';
import { describe, expect, it } from 'vitest';
import {
  createIdentityTokens,
  type Issuer,
  looksLikeIdentityToken,
} from '../../../src/adapters/oidc/identity-tokens.ts';
import { UnavailableError } from '../../../src/errors.ts';
import { listen } from '../../servers/listen.ts';

const NOW = Date.parse('2026-11-20T10:00:00Z') / 1000;
const SUBJECT = 'repo:acme/shop:ref:refs/heads/main';

const first = await generateKeyPair('RS256');
const second = await generateKeyPair('RS256');

type Key = typeof first.privateKey;

/** What GitHub Actions puts into one, as far as it matters here. Source: https://docs.github.com/en/actions/reference/security/oidc */
function claimsOf(issuer: string, more: Record<string, unknown> = {}): JWTPayload {
  return {
    iss: issuer,
    aud: 'signalbox',
    sub: SUBJECT,
    repository: 'acme/shop',
    iat: NOW,
    exp: NOW + 300,
    ...more,
  };
}

function signed(
  claims: JWTPayload,
  { key = first.privateKey, kid = 'one' }: { key?: Key; kid?: string } = {},
) {
  return new SignJWT(claims).setProtectedHeader({ alg: 'RS256', kid }).sign(key);
}

/** An issuer with its keys, and whom it lets in. */
async function world(over: Partial<Issuer> = {}) {
  const keys = [{ ...(await exportJWK(first.publicKey)), kid: 'one', alg: 'RS256' }];
  const served = { keys, issuer: '', jwksUri: '' };
  const server = await listen(({ path }) =>
    path === '/.well-known/openid-configuration'
      ? { status: 200, body: { issuer: served.issuer, jwks_uri: served.jwksUri } }
      : { status: 200, body: { keys: served.keys } },
  );
  served.issuer = server.url;
  served.jwksUri = `${server.url}/jwks`;
  const time = { now: NOW * 1000 };
  const issuer: Issuer = {
    issuer: server.url,
    audience: 'signalbox',
    principals: [{ subject: SUBJECT, claims: { repository: 'acme/shop' }, as: 'U0ANA' }],
    ...over,
  };
  const tokens = createIdentityTokens([issuer], {
    clock: { now: () => time.now },
    timeoutMs: 1000,
    personOf: async (user) => `slack:T1:${user}`,
  });
  return { server, served, time, tokens, [Symbol.asyncDispose]: () => server[Symbol.asyncDispose]() };
}

describe('an identity token', () => {
  it('acts for whoever vouches for its subject, and its keys are fetched once', async () => {
    await using at = await world();
    const token = await signed(claimsOf(at.server.url));
    expect(looksLikeIdentityToken(token)).toBe(true);
    expect(await at.tokens.holder(token)).toEqual({
      id: `oidc:${at.server.url}:${SUBJECT}`,
      person: 'slack:T1:U0ANA',
      expiresAt: (NOW + 300) * 1000,
    });
    await at.tokens.holder(token);
    expect(at.server.received.map(({ path }) => path)).toEqual([
      '/.well-known/openid-configuration',
      '/jwks',
    ]);
  });

  it.each<[string, Record<string, unknown>]>([
    ['another audience', { aud: 'somebody-else' }],
    ['another subject', { sub: `${SUBJECT}x` }],
    ['another claim', { repository: 'mallory/shop' }],
    ['no such claim', { repository: undefined }],
    ['an end that has passed', { iat: NOW - 700, exp: NOW - 60 }],
    ['no end', { exp: undefined }],
    ['a beginning in the future', { nbf: NOW + 120 }],
    ['an end in a year', { iat: NOW - 7200, exp: NOW + 31_536_000 }],
  ])('with %s opens nothing', async (_, more) => {
    await using at = await world();
    expect(await at.tokens.holder(await signed(claimsOf(at.server.url, more)))).toBeUndefined();
  });

  it('opens nothing that somebody else signed, that nobody signed, or that is none', async () => {
    await using at = await world();
    const claims = claimsOf(at.server.url);
    const encoded = (part: object) => Buffer.from(JSON.stringify(part)).toString('base64url');
    expect(await at.tokens.holder(await signed(claims, { key: second.privateKey }))).toBeUndefined();
    expect(await at.tokens.holder(`${encoded({ alg: 'none' })}.${encoded(claims)}.x`)).toBeUndefined();
    // The public key is no secret: who signs with it as if it were one has signed nothing.
    const hmac = await new SignJWT(claims)
      .setProtectedHeader({ alg: 'HS256', kid: 'one' })
      .sign(new TextEncoder().encode(JSON.stringify(at.served.keys[0])));
    expect(await at.tokens.holder(hmac)).toBeUndefined();
    expect(await at.tokens.holder('a.b.c')).toBeUndefined();
    expect(await at.tokens.holder(await signed(claimsOf('https://other.example')))).toBeUndefined();
  });

  it('with a new key is believed once the issuer shows it, which is asked seldom', async () => {
    await using at = await world();
    const token = await signed(claimsOf(at.server.url), { key: second.privateKey, kid: 'two' });
    expect(await at.tokens.holder(token)).toBeUndefined();
    at.served.keys.push({ ...(await exportJWK(second.publicKey)), kid: 'two', alg: 'RS256' });
    const before = at.server.received.length;
    expect(await at.tokens.holder(token)).toBeUndefined();
    expect(at.server.received).toHaveLength(before);
    at.time.now += 31_000;
    expect(await at.tokens.holder(token)).toMatchObject({ person: 'slack:T1:U0ANA' });
  });

  it('is not believed by keys that the issuer has elsewhere, unless that is named', async () => {
    await using at = await world();
    at.served.jwksUri = 'http://keys.example/jwks';
    const token = await signed(claimsOf(at.server.url));
    await expect(at.tokens.holder(token)).rejects.toThrow(UnavailableError);
  });

  it('cannot be judged while the issuer is away', async () => {
    await using at = await world();
    const token = await signed(claimsOf(at.server.url));
    await at.server[Symbol.asyncDispose]();
    await expect(at.tokens.holder(token)).rejects.toThrow(UnavailableError);
  });
});
