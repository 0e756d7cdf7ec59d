import { readFileSync } from 'node:fs';
import { fileURLToPath } from 'node:url';

const IMPORT = /^(?:import|export)\s(?!type\b)[^'"]*?\bfrom\s+'([^']+)'|^import\s+'([^']+)'/gm;

/** Every package that a file imports at once, itself or through files of ours, as it is written there. Types are no imports. */
export function vendorPackages(entry: URL): string[] {
  const seen = new Set<string>();
  const packages = new Set<string>();
  const visit = (file: URL) => {
    if (seen.has(file.href)) return;
    seen.add(file.href);
    for (const [, from, bare] of readFileSync(fileURLToPath(file), 'utf8').matchAll(IMPORT)) {
      const specifier = from ?? bare ?? '';
      if (specifier.startsWith('.')) visit(new URL(specifier, file));
      else if (!specifier.startsWith('node:')) packages.add(specifier);
    }
  };
  visit(entry);
  return [...packages].sort();
}
