/** How many characters of a value a message shows: enough to find it again in the file. */
const MOST_SHOWN = 60;

/** Characters that a terminal or a browser acts on instead of showing: controls, direction marks, what is invisible or half. */
const UNSEEN = /[\p{Cc}\p{Cf}\p{Co}\p{Cs}\p{Zl}\p{Zp}]/gu;

/** A value of somebody's document in a message about it: short, on one line, with everything that hides or turns text written out. */
export function shown(value: unknown): string {
  if (typeof value === 'string') return shownText(value);
  if (Array.isArray(value)) return `a list of ${value.length}`;
  if (typeof value === 'object' && value !== null) return `a map of ${Object.keys(value).length}`;
  return String(value);
}

/** A text with everything written out that would not be seen, cut after so many characters. */
export function printable(text: string, most: number): string {
  // Cut before it is taken apart: the text may have a million characters.
  const start = [...text.slice(0, 2 * most)].slice(0, most).join('');
  const seen = start.replace(UNSEEN, (one) => `\\u{${(one.codePointAt(0) ?? 0).toString(16)}}`);
  return start.length < text.length ? `${seen}…` : seen;
}

function shownText(text: string): string {
  const quoted = `"${printable(text, MOST_SHOWN).replaceAll('"', '\\"')}"`;
  return text.length > MOST_SHOWN ? `${quoted} (${text.length} characters)` : quoted;
}
