import { hash } from 'node:crypto';
import canonicalize from 'canonicalize';

/**
 * SHA-256, in lower-case hexadecimal, over the canonical JSON (RFC 8785) of a value: the order of keys, comments and layout
 * make no difference, everything else does. Keys whose value is undefined count as absent. Throws for what JSON cannot hold
 * (NaN, infinity, half a surrogate pair): whoever reads from outside asks `isCanonical` first.
 */
export function canonicalHash(value: unknown): string {
  const text = canonicalize(value);
  if (text === undefined) throw new TypeError('There is no canonical JSON of undefined.');
  return hash('sha256', text, 'hex');
}

/** Whether a value has a canonical JSON. YAML can say `.inf`, `.nan` and half a surrogate pair, which JSON cannot. */
export function isCanonical(value: unknown): boolean {
  try {
    return canonicalize(value) !== undefined;
  } catch {
    return false;
  }
}
