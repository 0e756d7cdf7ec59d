import { readFile, writeFile } from 'node:fs/promises';
import type { z } from 'zod';
import { Config } from '../../config/schema.ts';
import { CatalogDocument } from '../../domain/catalog/catalog-schema.ts';
import { type Fault, faultLine } from '../../domain/document/fault.ts';
import { keyOrder } from '../../domain/document/key-order.ts';
import { printable } from '../../domain/document/shown.ts';
import { Manifest } from '../../domain/manifest/manifest.ts';
import type { Yaml, YamlFault } from '../../ports/yaml.ts';
import { annotations } from './annotations.ts';
import type { Answer, Form } from './answer.ts';
import { kindOf, unknownKind } from './document-kind.ts';

/** What became of a file. */
export type FormattedFile =
  /** `unchanged`: it was in order. `formatted`: it was written anew. `unformatted`: it was only looked at. */
  | { file: string; state: 'unchanged' | 'formatted' }
  | { file: string; state: 'unformatted' | 'refused'; faults: Fault[] };

const SCHEMAS: Readonly<Record<'config' | 'catalog' | 'manifest', z.ZodType>> = {
  config: Config,
  catalog: CatalogDocument,
  manifest: Manifest,
};

/**
 * Puts `signalbox.yaml`, catalogs and release documents into their one order and layout, told apart by their `kind`. `check`: writes
 * nothing. A file that cannot be formatted without changing what it says is left as it is. Throws what the file system throws when a
 * file that was read cannot be written.
 */
export async function formatFiles(
  files: readonly string[],
  { yaml, check }: { yaml: Pick<Yaml, 'read' | 'format'>; check: boolean },
): Promise<FormattedFile[]> {
  const done: FormattedFile[] = [];
  for (const file of files) done.push(await formatFile(file, { yaml, check }));
  return done;
}

/** What became of every file, a line each. Not fine when one is not in order, or cannot be. */
export function formatAnswer(done: readonly FormattedFile[], form: Form = 'text'): Answer {
  const faults = done.flatMap((one) => ('faults' in one ? one.faults : []));
  const isFine = faults.length === 0;
  const lines = form === 'github' ? annotations('error', faults) : faults.map(faultLine);
  const rest = done.flatMap(({ file, state }) => {
    if (state === 'formatted') return [`${file}: formatted`];
    return state === 'unchanged' ? [`${file}: in order`] : [];
  });
  return { isFine, text: [...lines, ...rest].join('\n'), json: { ok: isFine, files: done } };
}

async function formatFile(
  file: string,
  { yaml, check }: { yaml: Pick<Yaml, 'read' | 'format'>; check: boolean },
): Promise<FormattedFile> {
  const refused = (faults: Fault[]): FormattedFile => ({ file, state: 'refused', faults });
  const text = await readFile(file, 'utf8').catch(() => undefined);
  if (text === undefined)
    return refused([{ file, path: '', says: 'cannot be read: it is not there, or not allowed' }]);
  const read = await yaml.read(text);
  if (read.kind === 'refused') return refused(faultsIn(file, read.faults));
  const kind = kindOf({ file, ...read });
  if (kind === 'unknown') return refused([unknownKind({ file, ...read })]);
  const formatted = await yaml.format(text, keyOrder(SCHEMAS[kind]));
  if (formatted.kind === 'refused') return refused(faultsIn(file, formatted.faults));
  if (formatted.text === text) return { file, state: 'unchanged' };
  if (check) return { file, state: 'unformatted', faults: [firstDifference(file, text, formatted.text)] };
  await writeFile(file, formatted.text);
  return { file, state: 'formatted' };
}

function faultsIn(file: string, faults: readonly YamlFault[]): Fault[] {
  return faults.map(({ message: says, ...place }) => ({ file, path: '', says, place }));
}

/** How much of a line is shown. */
const MOST_OF_A_LINE = 80;

function firstDifference(file: string, text: string, wanted: string): Fault {
  const [lines, there] = [text.split('\n'), wanted.split('\n')];
  const at = Math.max(
    0,
    lines.findIndex((line, index) => line !== there[index]),
  );
  const line = printable(there[at]?.trim() ?? '', MOST_OF_A_LINE);
  const says = `is not in order; here comes ${line === '' ? 'an empty line' : line}. Run: signalbox fmt`;
  return { file, path: '', says, place: { line: at + 1, column: 1 } };
}
