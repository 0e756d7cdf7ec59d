import { hash } from 'node:crypto';
import { z } from 'zod';
import { lineOfFact } from './chain.ts';
import type { FactEnvelope } from './fact.ts';
import type { SegmentSigner, SegmentVerifier } from './segment-key.ts';

/** A segment as the next one points to it. */
export const SegmentPlace = z.strictObject({
  path: z.string().regex(/^ledger\/\d{4}\/\d{2}\/\d{2}\/[1-9]\d*\.jsonl$/),
  /** SHA-256 of the whole file. */
  sha256: z.string().regex(/^[0-9a-f]{64}$/),
  /** Sequence number of its last fact. */
  last: z.int().positive(),
});
export type SegmentPlace = z.infer<typeof SegmentPlace>;

/** First line of a segment. It is signed together with the facts, so a segment cannot be put in another's place. */
const Header = z.strictObject({
  segment: z.literal(1),
  installation: z.string(),
  first: z.int().positive(),
  last: z.int().positive(),
  /** The segment before it; null for the first of an installation. */
  previous: SegmentPlace.nullable(),
  /** Names the key that signed it. */
  key: z.string(),
});
export type SegmentHeader = z.infer<typeof Header>;

/** The one file that changes: it says which segment is the newest. Everything else under `ledger/` is written once. */
export const SEGMENT_HEAD_PATH = 'ledger/head.json';

export interface Segment {
  place: SegmentPlace;
  text: string;
}

/**
 * Writes facts as an immutable segment: a header, a line for each fact as it stands in the store, a signature over all lines
 * before it. `facts` are at least one, without a gap.
 */
export function writeSegment(
  facts: readonly FactEnvelope[],
  by: { installation: string; previous: SegmentPlace | null; signer: SegmentSigner },
): Segment {
  const [first] = facts;
  const last = facts.at(-1);
  if (first === undefined || last === undefined) throw new TypeError('A segment holds at least one fact.');
  const header: SegmentHeader = {
    segment: 1,
    installation: by.installation,
    first: first.seq,
    last: last.seq,
    previous: by.previous,
    key: by.signer.key,
  };
  const signed = `${[JSON.stringify(header), ...facts.map(lineOfFact)].join('\n')}\n`;
  const text = `${signed}${JSON.stringify({ signature: by.signer.sign(signed) })}\n`;
  return { place: { path: pathOf(first), sha256: hash('sha256', text), last: last.seq }, text };
}

/** The day is the one on which the first fact was recorded, so that the same facts always get the same path. */
function pathOf({ seq, recordedAt }: FactEnvelope): string {
  return `ledger/${recordedAt.slice(0, 10).replaceAll('-', '/')}/${seq}.jsonl`;
}

/** The contents of `ledger/head.json`. */
export function writeSegmentHead(place: SegmentPlace): string {
  return `${JSON.stringify(place, undefined, 2)}\n`;
}

export type ReadSegment =
  | { kind: 'segment'; header: SegmentHeader; lines: string[] }
  | { kind: 'refused'; says: string };

/** Reads the segment that `place` names, and refuses it unless every byte is what the installation signed. */
export function readSegment(
  text: string,
  expected: { installation: string; place: SegmentPlace; verifier: SegmentVerifier },
): ReadSegment {
  const { path, sha256, last } = expected.place;
  const refused = (says: string): ReadSegment => ({ kind: 'refused', says: `${path} ${says}` });
  if (hash('sha256', text) !== sha256) return refused('is not the file that was archived: its hash differs.');
  const lines = text.split('\n');
  if (lines.pop() !== '') return refused('is cut off.');
  const signature = Signature.safeParse(parsed(lines.pop()));
  const header = Header.safeParse(parsed(lines[0]));
  if (!signature.success) return refused('is not signed.');
  if (!header.success) return refused('has no header of a segment.');
  const signed = `${lines.join('\n')}\n`;
  const { key, installation } = header.data;
  if (!expected.verifier.verify({ text: signed, key, signature: signature.data.signature })) {
    return refused(`is not signed by a key of this installation (it names key ${key}).`);
  }
  if (installation !== expected.installation) return refused(`belongs to the installation ${installation}.`);
  if (header.data.last !== last) return refused(`ends with fact ${header.data.last}, not ${last}.`);
  return { kind: 'segment', header: header.data, lines: lines.slice(1) };
}

const Signature = z.strictObject({ signature: z.base64() });

/** Undefined for what is no JSON, which no schema here accepts. */
function parsed(line: string | undefined): unknown {
  try {
    return JSON.parse(line ?? '');
  } catch {
    return undefined;
  }
}

/** Reads `ledger/head.json`; absent when it is not one. */
export function readSegmentHead(text: string): SegmentPlace | undefined {
  return SegmentPlace.safeParse(parsed(text)).data;
}
