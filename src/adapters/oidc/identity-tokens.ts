import { createLocalJWKSet, decodeJwt, errors, type JWTPayload, jwtVerify } from 'jose';
import type { PersonId } from '../../domain/ids.ts';
import type { Clock } from '../../ports/clock.ts';
import type { TokenHolder } from '../../ports/tokens.ts';
import { type KeySource, keysOf } from './keys.ts';

/** Programs of an issuer that act for somebody. */
export interface Issuer {
  /** As its tokens name it. */
  issuer: string;
  /** What its tokens must be meant for: us. */
  audience: string;
  /** Where its keys are; absent: as its discovery document says. */
  jwksUrl?: string | undefined;
  principals: readonly Principal[];
}

export interface Principal {
  /** Exactly this; no patterns, for what a pattern lets in nobody has looked at. */
  subject: string;
  /** More claims that must be exactly so; absent: none. */
  claims?: Readonly<Record<string, string>> | undefined;
  /** Slack's id of whoever vouches for it. */
  as: string;
}

/** Only signatures by a key of which the issuer keeps the other half. */
const ALGORITHMS = ['RS256', 'RS384', 'RS512', 'PS256', 'PS384', 'PS512', 'ES256', 'ES384', 'EdDSA'];
/** Clocks differ; GitHub's tokens are good for five minutes. */
const TOLERANCE_SECONDS = 30;
/** A token that says it is good for longer is not believed for longer. */
const LONGEST_SECONDS = 3600;

/** Identity tokens (OpenID Connect), such as GitHub Actions gives to a workflow. */
export interface IdentityTokens {
  /** For whom a token acts; absent when it is no such token, or acts for nobody. Throws `UnavailableError`. */
  holder(token: string): Promise<TokenHolder | undefined>;
}

export function createIdentityTokens(
  issuers: readonly Issuer[],
  parts: { clock: Clock; personOf(user: string): Promise<PersonId>; timeoutMs: number },
): IdentityTokens {
  const { clock, personOf, timeoutMs } = parts;
  const known = issuers.map((issuer) => ({ issuer, keys: keysOf(issuer, { clock, timeoutMs }) }));
  return {
    async holder(token) {
      const from = issuerOf(token);
      for (const { issuer, keys } of known) {
        if (issuer.issuer !== from) continue;
        const claims = await verified(token, { issuer, keys, now: clock.now() });
        const principal = claims && issuer.principals.find((each) => fits(each, claims));
        if (claims === undefined || principal === undefined) continue;
        return {
          id: `oidc:${issuer.issuer}:${claims.sub}`,
          person: await personOf(principal.as),
          expiresAt: (claims.exp ?? 0) * 1000,
        };
      }
      return undefined;
    },
  };
}

/** Whether a bearer token could be one of these: three parts. Ours have none. */
export function looksLikeIdentityToken(token: string): boolean {
  return /^[\w-]+\.[\w-]+\.[\w-]+$/.test(token);
}

/** Who says that they made it: nothing is believed yet. */
function issuerOf(token: string): string | undefined {
  try {
    return decodeJwt(token).iss;
  } catch {
    return undefined;
  }
}

async function verified(
  token: string,
  { issuer, keys, now }: { issuer: Issuer; keys: KeySource; now: number },
): Promise<JWTPayload | undefined> {
  const check = async (afresh: boolean) => {
    const { payload } = await jwtVerify(token, createLocalJWKSet(await keys.get({ afresh })), {
      issuer: issuer.issuer,
      audience: issuer.audience,
      algorithms: ALGORITHMS,
      requiredClaims: ['sub', 'exp', 'iat'],
      clockTolerance: TOLERANCE_SECONDS,
      maxTokenAge: LONGEST_SECONDS,
      currentDate: new Date(now),
    });
    return payload;
  };
  try {
    return await check(false).catch((error: unknown) => {
      // Issuers change their keys; whoever has a new one is not sent away.
      if (error instanceof errors.JWKSNoMatchingKey) return check(true);
      throw error;
    });
  } catch (error) {
    if (error instanceof errors.JOSEError) return undefined;
    throw error;
  }
}

function fits({ subject, claims = {} }: Principal, payload: JWTPayload): boolean {
  return (
    payload.sub === subject &&
    Object.entries(claims).every(([name, value]) => Object.hasOwn(payload, name) && payload[name] === value)
  );
}
