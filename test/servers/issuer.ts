import { exportJWK, generateKeyPair, SignJWT } from 'jose';
import { listen } from './listen.ts';

/** An issuer of identity tokens, as GitHub Actions has one. */
export interface Issuer extends AsyncDisposable {
  url: string;
  /** A token that is good for five minutes from now. */
  token(claims: Record<string, unknown>): Promise<string>;
}

/** Source: https://openid.net/specs/openid-connect-discovery-1_0.html */
export async function startIssuer(): Promise<Issuer> {
  const { privateKey, publicKey } = await generateKeyPair('RS256');
  const keys = [{ ...(await exportJWK(publicKey)), kid: 'one', alg: 'RS256', use: 'sig' }];
  const server = await listen(({ path, headers }) => {
    if (path === '/jwks') return { status: 200, body: { keys } };
    if (path !== '/.well-known/openid-configuration') return { status: 404, body: {} };
    const own = `http://${headers.host}`;
    return { status: 200, body: { issuer: own, jwks_uri: `${own}/jwks` } };
  });
  return {
    url: server.url,
    token: (claims) =>
      new SignJWT({ iss: server.url, ...claims })
        .setProtectedHeader({ alg: 'RS256', kid: 'one' })
        .setIssuedAt()
        .setExpirationTime('5m')
        .sign(privateKey),
    [Symbol.asyncDispose]: () => server[Symbol.asyncDispose](),
  };
}
