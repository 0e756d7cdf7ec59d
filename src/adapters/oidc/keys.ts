import type { JSONWebKeySet } from 'jose';
import { z } from 'zod';
import { UnavailableError } from '../../errors.ts';
import type { Clock } from '../../ports/clock.ts';
import { createHttp, unreachable } from '../http.ts';

/** Keys of an issuer, remembered for a while. */
export interface KeySource {
  /** `afresh`: asked for again, but not at the pace of whoever sends tokens. Throws `UnavailableError`. */
  get(options: { afresh: boolean }): Promise<JSONWebKeySet>;
}

/** A key that was withdrawn is believed for no longer. */
const GOOD_FOR_MS = 600_000;
/** Tokens with made-up keys do not make us ask more often. */
const AT_MOST_EVERY_MS = 30_000;
const MAX_BYTES = 256 * 1024;

/** Source: https://openid.net/specs/openid-connect-discovery-1_0.html#ProviderMetadata */
const Discovery = z.looseObject({ issuer: z.string(), jwks_uri: z.url() });
const Keys = z.looseObject({ keys: z.array(z.looseObject({ kty: z.string() })).max(100) });

export function keysOf(
  { issuer, jwksUrl }: { issuer: string; jwksUrl?: string | undefined },
  { clock, timeoutMs }: { clock: Clock; timeoutMs: number },
): KeySource {
  const http = createHttp({ timeoutMs, maxBytes: MAX_BYTES });
  let kept: { at: number; keys: JSONWebKeySet } | undefined;

  async function read<T extends z.ZodType>(url: string, shape: T): Promise<z.output<T>> {
    const answer = await http.get<string>(url, { headers: { accept: 'application/json' } }).catch((error) => {
      throw unreachable(`the issuer ${new URL(issuer).host}`, error);
    });
    const told = shape.safeParse(parsed(answer.data));
    if (answer.status === 200 && told.success) return told.data;
    throw new UnavailableError(
      `the issuer ${new URL(issuer).host} answers ${answer.status} without its keys`,
    );
  }

  async function whereKeysAre(): Promise<string> {
    if (jwksUrl !== undefined) return jwksUrl;
    const told = await read(`${issuer.replace(/\/$/, '')}/.well-known/openid-configuration`, Discovery);
    // Whoever could answer in the issuer's place must not lead us to keys of their own.
    if (told.issuer !== issuer || new URL(told.jwks_uri).origin !== new URL(issuer).origin)
      throw new UnavailableError(
        `the issuer ${new URL(issuer).host} has its keys elsewhere: name it as jwksUrl if that is right`,
      );
    return told.jwks_uri;
  }

  return {
    async get({ afresh }) {
      const age = kept === undefined ? Number.POSITIVE_INFINITY : clock.now() - kept.at;
      if (kept && age < (afresh ? AT_MOST_EVERY_MS : GOOD_FOR_MS)) return kept.keys;
      const keys = (await read(await whereKeysAre(), Keys)) as JSONWebKeySet;
      kept = { at: clock.now(), keys };
      return keys;
    },
  };
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
