import { readFile } from 'node:fs/promises';
import { fileURLToPath } from 'node:url';
import type { SourceDocument } from '../../../src/domain/document/fault.ts';
import { memoryYaml } from '../../simulation/ports/memory-yaml.ts';

/** A document from its text, as the guarded reader gives it. */
export async function documentOf(text: string, file = 'document.yaml'): Promise<SourceDocument> {
  const read = await memoryYaml().read(text);
  if (read.kind === 'refused') throw new Error(JSON.stringify(read.faults));
  return { file, value: read.value, locate: read.locate };
}

/** Text of a file under `manifests/samples`. */
export async function sample(path: string): Promise<string> {
  return readFile(fileURLToPath(new URL(`../../../manifests/samples/${path}`, import.meta.url)), 'utf8');
}
