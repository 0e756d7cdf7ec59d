import { z } from 'zod';

/** What a version in a tag looks like: three numbers, and what belongs to a pre-release. */
const VERSION = String.raw`(\d+\.\d+\.\d+(?:-[0-9A-Za-z.-]{1,60})?)`;

/** A tag with `{version}` in it, such as `orders-api-v{version}`. */
export const TagTemplate = z.string().regex(/^[\w./-]{0,100}\{version\}[\w./-]{0,50}$/, {
  error: 'must be a tag with {version} in it, such as orders-api-{version}',
});

/** The version that a tag names by a template; absent when it is no such tag. */
export function versionOfTag(template: string, tag: string): string | undefined {
  const [before = '', after = ''] = template.split('{version}');
  const pattern = new RegExp(`^${escaped(before)}${VERSION}${escaped(after)}$`);
  return pattern.exec(tag)?.[1];
}

function escaped(text: string): string {
  return text.replaceAll(/[.\\/-]/g, String.raw`\$&`);
}
