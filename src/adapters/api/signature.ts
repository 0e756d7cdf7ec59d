import { createHmac, timingSafeEqual } from 'node:crypto';

/** Whether `signature` (hexadecimal) is the HMAC-SHA-256 of the parts. Takes as long for a wrong one as for a right one. */
export function isSignedBy(secret: string, signature: string, signed: readonly (string | Buffer)[]): boolean {
  const hmac = createHmac('sha256', secret);
  for (const part of signed) hmac.update(part);
  const expected = hmac.digest();
  if (!/^[0-9a-f]{64}$/i.test(signature)) return false;
  return timingSafeEqual(expected, Buffer.from(signature, 'hex'));
}
