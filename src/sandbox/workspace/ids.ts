import { createHash, randomBytes } from 'node:crypto';

/** Length of the part after the letter in ids as Slack gives them out today (`U0BPQUNTA7K`). */
const ID_TAIL = 10;

/**
 * An id that looks like Slack's and is the same for the same words in every run, so that a seed names the same
 * person tomorrow. `prefix` is Slack's letter: U person, C public channel, G private, D direct, S usergroup, V view.
 */
export function slackId(prefix: string, words: string): string {
  const digest = createHash('sha256').update(`${prefix}:${words}`).digest();
  const letters = [...digest].map((byte) => (byte % 36).toString(36).toUpperCase()).join('');
  return `${prefix}0${letters.slice(0, ID_TAIL - 1)}`;
}

/** A fresh secret of `bytes` random bytes, in hex. */
export function secret(bytes: number): string {
  return randomBytes(bytes).toString('hex');
}

/** Gives message timestamps: seconds and six digits, unique and rising within a workspace, as Slack's are within a channel. */
export function createTimestamps(now: () => number): () => string {
  let lastMicroseconds = 0;
  return () => {
    lastMicroseconds = Math.max(lastMicroseconds + 1, Math.floor(now()) * 1000);
    const seconds = Math.floor(lastMicroseconds / 1_000_000);
    return `${seconds}.${String(lastMicroseconds % 1_000_000).padStart(6, '0')}`;
  };
}

/** Gives ids that have not been given before: a prefix and a rising number dressed as Slack's ids are. */
export function createIds(): (prefix: string) => string {
  let count = 0;
  return (prefix) => {
    count += 1;
    return slackId(prefix, `fresh ${count}`);
  };
}
