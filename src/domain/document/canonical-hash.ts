import { hash } from 'node:crypto';
import canonicalize from 'canonicalize';

/**
 * SHA-256, in lower-case hexadecimal, over the canonical JSON (RFC 8785) of a value: the order of keys, comments and layout
 * make no difference, everything else does. Keys whose value is undefined count as absent. Throws for what JSON cannot hold
 * (NaN, infinity, half a surrogate pair): for what comes from outside there is `hashIfCanonical`.
 */
export function canonicalHash(value: unknown): string {
  const text = canonicalize(value);
  if (text === undefined) throw new TypeError('There is no canonical JSON of undefined.');
  return hash('sha256', text, 'hex');
}

/** The same for a value from outside: absent where it has no canonical JSON. YAML can say `.inf`, `.nan` and half a surrogate pair. */
export function hashIfCanonical(value: unknown): string | undefined {
  try {
    return canonicalHash(value);
  } catch {
    return undefined;
  }
}
