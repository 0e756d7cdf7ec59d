import { hash } from 'node:crypto';
import canonicalize from 'canonicalize';
import type { FactEnvelope } from './fact.ts';

/** Head of a stream that does not exist: what its first fact names as the hash before it. */
export const NO_HEAD = '0'.repeat(64);

/** A fact before the store gave it a place in the installation's sequence. */
export type UnplacedFact = Omit<FactEnvelope, 'seq'>;

/** A fact ready to be stored: the canonical JSON of everything but `hash` and `seq`, and the SHA-256 of exactly those bytes. */
export interface SealedFact {
  fact: UnplacedFact;
  body: string;
}

/** SHA-256 of a fact's body, in lower-case hexadecimal. */
export function hashOf(body: string): string {
  return hash('sha256', body);
}

/** Seals a fact: its canonical JSON (RFC 8785) and the hash of it. Throws for what JSON cannot hold, such as NaN. */
export function sealFact(fact: Omit<UnplacedFact, 'hash'>): SealedFact {
  const body = canonicalize(fact);
  if (body === undefined) throw new TypeError('A fact has no canonical JSON.');
  return { fact: { ...fact, hash: hashOf(body) }, body };
}

/**
 * The one written form of a fact, in Redis and in Git: a line of JSON that begins with `hash` and `seq` and goes on with the
 * canonical body. So a reader parses it once, and checks it by hashing what stands there, without writing it anew.
 */
export function lineOf(sealed: { hash: string; body: string }, seq: number): string {
  return `{"hash":"${sealed.hash}","seq":${seq},${sealed.body.slice(1)}`;
}

/** The line of a fact that was read, byte for byte as it was stored when nothing in it was changed. */
export function lineOfFact({ hash, seq, ...rest }: FactEnvelope): string {
  const body = canonicalize(rest);
  if (body === undefined) throw new TypeError('A fact has no canonical JSON.');
  return lineOf({ hash, body }, seq);
}

const BEGINNING = /^\{"hash":"([0-9a-f]{64})","seq":(\d{1,16}),/;

/** Where a chain is: how many facts of the stream came before, and the hash of the last of them. */
export interface ChainPlace {
  version: number;
  head: string;
}

export type ChainLink =
  | { kind: 'sound'; fact: FactEnvelope }
  /** Not what was written: altered, out of order, or no fact at all. `says` names what is wrong. */
  | { kind: 'broken'; says: string };

/** Reads a stored line and checks that it is the fact that follows `place`. */
export function nextLink(line: string, place: ChainPlace): ChainLink {
  const beginning = BEGINNING.exec(line);
  if (beginning === null) return { kind: 'broken', says: `fact ${place.version + 1} is not one of ours` };
  const body = `{${line.slice(beginning[0].length)}`;
  if (hashOf(body) !== beginning[1]) return { kind: 'broken', says: `fact ${place.version + 1} was altered` };
  // What hashes to the hash that it carries was written by a program that knew envelopes.
  const fact = JSON.parse(line) as FactEnvelope;
  if (fact.version !== place.version + 1) {
    return { kind: 'broken', says: `fact ${place.version + 1} is numbered ${fact.version}` };
  }
  if (fact.prevHash !== place.head) {
    return { kind: 'broken', says: `fact ${fact.version} does not follow the one before it` };
  }
  return { kind: 'sound', fact };
}
