import { parseImageReference } from '../content/image-reference.ts';
import type { Digest } from '../ids.ts';

/** What an image of a manifest pins down. */
export type JudgedImage =
  /** Exactly these bytes. `tag` is present when one was written too: it is ignored, and said so. */
  | { kind: 'pinned'; repository: string; digest: Digest; tag?: string }
  /** A digest cut short as articles do: `sha256:2f3c...`. */
  | { kind: 'placeholder'; repository: string; written: string }
  /** A digest that is none. */
  | { kind: 'malformed'; repository: string; written: string; why: string }
  /** Whatever the tag means at the moment. `floating`: no tag, or one that is moved by custom. */
  | { kind: 'unpinned'; repository: string; tag?: string; floating: boolean };

/** Tags that are moved on purpose, so that two pulls give two programs. */
const MOVING_TAGS =
  /^(latest|stable|main|master|trunk|develop|dev|edge|nightly|canary|staging|prod|production)$/i;

/** Judges `repository[:tag][@digest]`. */
export function judgeImage(text: string): JudgedImage {
  const { repository, tag, digest } = parseImageReference(text);
  if (digest !== undefined) return { kind: 'pinned', repository, digest, ...(tag && { tag }) };
  const at = text.indexOf('@');
  if (at < 0) {
    const floating = tag === undefined || MOVING_TAGS.test(tag);
    return { kind: 'unpinned', repository, ...(tag && { tag }), floating };
  }
  const written = text.slice(at + 1);
  if (/\.\.|…/.test(written)) return { kind: 'placeholder', repository, written };
  return { kind: 'malformed', repository, written, why: whatIsWrong(written) };
}

function whatIsWrong(written: string): string {
  const [algorithm = '', hex = ''] = written.split(':', 2);
  if (algorithm !== 'sha256') return `${algorithm} is not accepted, only sha256`;
  if (/^[0-9a-f]{64}$/i.test(hex)) return 'it has capital letters; digests are written in lower case';
  const stray = /[^0-9a-f]/i.exec(hex)?.[0];
  if (stray !== undefined) return `${JSON.stringify(stray)} is no hexadecimal digit`;
  return `it has ${hex.length} digits instead of 64`;
}
