import { readFile } from 'node:fs/promises';
import type { Fault, SourceDocument } from '../domain/document/fault.ts';
import type { Yaml } from '../ports/yaml.ts';

export type DocumentRead = { kind: 'read'; document: SourceDocument } | { kind: 'faulty'; faults: Fault[] };

/** Reads one YAML document from a file of this machine. `file` is what faults call it. */
export async function readDocument(file: string, yaml: Pick<Yaml, 'read'>): Promise<DocumentRead> {
  const text = await readText(file);
  if (text === undefined) {
    return {
      kind: 'faulty',
      faults: [{ file, path: '', says: 'cannot be read: it is not there, or not allowed' }],
    };
  }
  const read = await yaml.read(text);
  if (read.kind === 'read') return { kind: 'read', document: { file, ...read } };
  const faults = read.faults.map(({ message: says, ...place }) => ({ file, path: '', says, place }));
  return { kind: 'faulty', faults };
}

async function readText(file: string): Promise<string | undefined> {
  try {
    return await readFile(file, 'utf8');
  } catch {
    // Missing, a folder, no right: for whoever starts the program it is the same, and the line names the file.
    return undefined;
  }
}
