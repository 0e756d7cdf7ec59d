import {
  createPrivateKey,
  createPublicKey,
  generateKeyPairSync,
  hash,
  type KeyObject,
  sign,
  verify,
} from 'node:crypto';
import { TerminalError } from '../../errors.ts';

/** Signs segments with the installation's key, which is never in Git. */
export interface SegmentSigner {
  /** Names the key: the first 16 hexadecimal digits of the SHA-256 of its public half. */
  key: string;
  /** Ed25519 over the UTF-8 of the text, in base64. */
  sign(text: string): string;
}

/** Knows the public halves of every key the installation has had. */
export interface SegmentVerifier {
  /** False also for a key that is not known. */
  verify(signed: { text: string; key: string; signature: string }): boolean;
}

/** A signer from an Ed25519 private key in PEM (PKCS #8). Throws `TerminalError` for anything else; the key is not repeated. */
export function segmentSigner(pem: string): SegmentSigner {
  const key = ed25519(() => createPrivateKey(pem), 'private');
  return {
    key: keyName(createPublicKey(key)),
    sign: (text) => sign(null, Buffer.from(text), key).toString('base64'),
  };
}

/** A verifier from PEMs of public keys, or of private ones, whose public half is taken. Throws `TerminalError` for anything else. */
export function segmentVerifier(pems: readonly string[]): SegmentVerifier {
  const keys = new Map(
    pems.map((pem) => {
      const key = ed25519(() => createPublicKey(pem), 'public');
      return [keyName(key), key] as const;
    }),
  );
  return {
    verify({ text, key: name, signature }) {
      const key = keys.get(name);
      return key !== undefined && verify(null, Buffer.from(text), key, Buffer.from(signature, 'base64'));
    },
  };
}

/** A new private key in PEM, for an installation that has none yet. */
export function newSegmentKey(): string {
  return generateKeyPairSync('ed25519').privateKey.export({ type: 'pkcs8', format: 'pem' }).toString();
}

/** The public half of a private key, in PEM: to be handed to auditors. Throws `TerminalError` for anything else. */
export function publicSegmentKey(pem: string): string {
  return ed25519(() => createPublicKey(pem), 'private')
    .export({ type: 'spki', format: 'pem' })
    .toString();
}

function ed25519(read: () => KeyObject, half: 'private' | 'public'): KeyObject {
  let key: KeyObject;
  try {
    key = read();
  } catch {
    // The cause would carry the key's bytes into logs.
    throw new TerminalError(`The ledger's key is no ${half} key in PEM.`);
  }
  if (key.asymmetricKeyType !== 'ed25519') throw new TerminalError("The ledger's key is not an Ed25519 key.");
  return key;
}

/** Sixteen digits tell keys of one installation apart; they protect nothing. */
const KEY_NAME_DIGITS = 16;

function keyName(key: KeyObject): string {
  return hash('sha256', key.export({ type: 'spki', format: 'der' })).slice(0, KEY_NAME_DIGITS);
}
