import { parseAllDocuments } from 'yaml';

/** Values of a YAML file, or why it cannot be read. */
export type YamlDocuments =
  | { kind: 'documents'; documents: unknown[] }
  | { kind: 'failure'; message: string };

/** Aliases expanded at most, so that a small file cannot become a large object. */
const MOST_ALIASES = 50;

/** Reads all documents of a YAML or JSON text; empty ones are left out. */
export function readYaml(path: string, text: string): YamlDocuments {
  const documents: unknown[] = [];
  for (const document of parseAllDocuments(text, { logLevel: 'silent' })) {
    const [error] = document.errors;
    if (error !== undefined) return { kind: 'failure', message: `${path}: ${error.message}` };
    try {
      const value: unknown = document.toJS({ maxAliasCount: MOST_ALIASES });
      if (value !== null && value !== undefined) documents.push(value);
    } catch (cause) {
      return { kind: 'failure', message: `${path}: ${String(cause)}` };
    }
  }
  return { kind: 'documents', documents };
}
