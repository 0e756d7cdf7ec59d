import { createPrivateKey, type KeyObject } from 'node:crypto';
import type { AxiosInstance } from 'axios';
import { SignJWT } from 'jose';
import { z } from 'zod';
import { TerminalError, UnavailableError } from '../../errors.ts';
import type { Clock } from '../../ports/clock.ts';
import { unreachable } from '../http.ts';

/** Who we are at GitHub. */
export type GithubAccess =
  | { kind: 'token'; token: string }
  /** `key`: in PEM, in either of the forms that GitHub and OpenSSL write. */
  | { kind: 'app'; id: string; installation: number; key: string };

export interface Credentials {
  /** A token that is good now. Throws `TerminalError` when GitHub does not know the app, `UnavailableError` when it is away. */
  token(): Promise<string>;
}

/** GitHub takes tokens of at most ten minutes, and its clock may be behind ours. Source: https://docs.github.com/en/apps/creating-github-apps/authenticating-with-a-github-app/generating-a-json-web-token-jwt-for-a-github-app */
const JWT_BEFORE_SECONDS = 60;
const JWT_FOR_SECONDS = 540;

/** An installation's token is good for an hour; it is replaced before it could end on the way. */
const RENEW_BEFORE_MS = 120_000;

const Granted = z.object({ token: z.string().min(1), expires_at: z.iso.datetime({ offset: true }) });

/** A token as it is, or one of an app's installation, made anew before it ends. */
export function createCredentials(
  access: GithubAccess,
  { http, apiUrl, clock }: { http: AxiosInstance; apiUrl: string; clock: Clock },
): Credentials {
  if (access.kind === 'token') return { token: async () => access.token };
  const key = privateKey(access.key);
  let granted: { token: string; until: number } | undefined;
  let asking: Promise<string> | undefined;

  async function ask(): Promise<string> {
    const now = Math.floor(clock.now() / 1000);
    const jwt = await new SignJWT()
      .setProtectedHeader({ alg: 'RS256' })
      .setIssuedAt(now - JWT_BEFORE_SECONDS)
      .setExpirationTime(now + JWT_FOR_SECONDS)
      .setIssuer(access.kind === 'app' ? access.id : '')
      .sign(key);
    const installation = access.kind === 'app' ? access.installation : 0;
    const answer = await http
      .post<string>(`${apiUrl}/app/installations/${installation}/access_tokens`, undefined, {
        headers: { accept: 'application/vnd.github+json', authorization: `Bearer ${jwt}` },
      })
      .catch((error: unknown) => {
        throw unreachable('GitHub', error);
      });
    if (answer.status >= 500 || answer.status === 429)
      throw new UnavailableError(`GitHub answers ${answer.status} when it is asked for a token`);
    const told = Granted.safeParse(parsed(answer.data));
    if (answer.status !== 201 || !told.success)
      throw new TerminalError(
        `it gives no token for installation ${installation} of app ${access.kind === 'app' ? access.id : ''} (${answer.status}): look at github.app and its private key`,
      );
    granted = { token: told.data.token, until: Date.parse(told.data.expires_at) - RENEW_BEFORE_MS };
    return granted.token;
  }

  return {
    async token() {
      if (granted && clock.now() < granted.until) return granted.token;
      // Many ask at once at a cut: one of them fetches it for all.
      asking ??= ask().finally(() => {
        asking = undefined;
      });
      return asking;
    },
  };
}

function privateKey(pem: string): KeyObject {
  try {
    return createPrivateKey(pem);
  } catch {
    // What OpenSSL says of it could hold some of it.
    throw new TerminalError('The private key of the GitHub App is no key in PEM.');
  }
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return undefined;
  }
}
