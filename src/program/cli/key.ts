import { newSegmentKey, publicSegmentKey } from '../../domain/ledger/segment-key.ts';
import { TerminalError } from '../../errors.ts';
import type { Answer } from './answer.ts';

/** A new key for the record. It is shown once and kept nowhere. */
export function newKeyAnswer(): Answer {
  const key = newSegmentKey();
  return { isFine: true, text: key.trimEnd(), json: { privateKey: key } };
}

/** The public half of the key in use, for auditors and for `ledger.formerKeys`. Throws `TerminalError` without a key. */
export function publicKeyAnswer(key: string | undefined): Answer {
  if (key === undefined)
    throw new TerminalError('SIGNALBOX_LEDGER_KEY is not set: there is no key to show the public half of.');
  const publicKey = publicSegmentKey(key);
  return { isFine: true, text: publicKey.trimEnd(), json: { publicKey } };
}
