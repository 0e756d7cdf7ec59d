/** A value that a release may own. */
export type OwnedValue = string | number | boolean | null;

/** How a scalar stands in the file, so that its replacement stands the same way. */
export type ScalarStyle = 'plain' | 'single' | 'double';

/** Words that a YAML 1.1 reader, such as the one in Helm and kustomize, takes for something else than a string. Source: https://yaml.org/type/bool.html and https://yaml.org/type/null.html */
const WORDS = new Set(['y', 'n', 'yes', 'no', 'on', 'off', 'true', 'false', 'null']);

/** Digests, image references, names and paths: nothing that any version of YAML could read as more than a string. */
const NAME = /^[A-Za-z/_][A-Za-z0-9._/@+-]*(:[A-Za-z0-9._/@+-]+)*$/;

/** At least two dots, so never a number: `1.42.0`, `2025.12.25.1`, `1.8.0-rc.1`. */
const VERSION = /^\d+(\.\d+){2,}([-+][A-Za-z0-9.-]+)*$/;

/** What JSON leaves as it is and YAML counts as a line break or as not printable. Source: https://yaml.org/spec/1.2.2/#51-character-set */
const UNPRINTABLE = /[\u007f-\u009f\u2028\u2029\ufeff]/g;

/** Writes a value in the style that was there, or in double quotes where plain text could be read as something else. */
export function scalarText(value: OwnedValue, style: ScalarStyle = 'plain'): string {
  if (typeof value !== 'string') return String(value);
  if (style === 'plain' && isPlain(value)) return value;
  if (style === 'single' && isPrintable(value)) return `'${value.replaceAll("'", "''")}'`;
  return JSON.stringify(value).replaceAll(UNPRINTABLE, escapeCharacter);
}

function isPlain(text: string): boolean {
  return (NAME.test(text) && !WORDS.has(text.toLowerCase())) || VERSION.test(text);
}

function isPrintable(text: string): boolean {
  return !/[\p{Cc}\p{Zl}\p{Zp}]/u.test(text);
}

function escapeCharacter(character: string): string {
  return `\\u${character.charCodeAt(0).toString(16).padStart(4, '0')}`;
}
