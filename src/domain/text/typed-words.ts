/**
 * What a person typed, as the grammar reads it. Phones and documents turn `--` into a dash and straight quotes into curly ones, and
 * put in spaces that are none.
 */
export function plainTyped(typed: string): string {
  return typed
    .normalize('NFC')
    .replace(/[\p{Cf}]/gu, '')
    .replace(/\p{Zs}/gu, ' ')
    .replace(/[‘’‚‛′]/g, "'")
    .replace(/[“”„‟″«»]/g, '"')
    .replace(/(^|\s)[–—―](?=\S)/g, '$1--')
    .replace(/—/g, '--')
    .replace(/[‐‑‒–―−]/g, '-')
    .replace(/…/g, '...');
}

/** The words of what was typed, each without quotes around it; letters keep their case, for a tag's count and a name's do not. */
export function wordsOf(typed: string): string[] {
  return plainTyped(typed)
    .split(/\s+/)
    .map((word) => word.replace(/^(["'])(.*)\1$/, '$2'))
    .filter(Boolean);
}
